import { type McpServer, ResourceTemplate } from '@modelcontextprotocol/server';
import { BregmaError } from '../errors.ts';
import { findDataset, findTwin } from '../ledger/catalogue.ts';
import { keysOf } from '../members.ts';
import type { Workspace } from '../workspace.ts';

const patterns = {
  activity: /^(act|rec|tst|apr|exp|stp)-[0-9a-f]{16}$/,
  object: /^[0-9a-f]{64}$/,
  dataset: /^[a-z0-9][a-z0-9._-]{0,79}(@[A-Za-z0-9][A-Za-z0-9._-]{0,79})?$/,
  twin: /^twin-[0-9a-f]{16}$/,
  hypothesis: /^hyp-[0-9a-f]{16}$/,
} as const;

/** Largest object that is read whole over MCP, bytes. */
const readLimit = 1_000_000;

/** Offers `bregma://activity|object|dataset|twin|hypothesis/{id}`. Every id is held to its pattern before it is used. */
export function registerResources(server: McpServer, workspace: Workspace): void {
  for (const noun of keysOf(patterns)) {
    server.registerResource(
      noun,
      new ResourceTemplate(`bregma://${noun}/{id}`, { list: undefined }),
      { title: `${noun} by id`, mimeType: noun === 'object' ? 'application/octet-stream' : 'application/json' },
      async (uri, variables) => {
        const id = decodeURIComponent(String(variables.id));
        if (!patterns[noun].test(id)) throw new BregmaError('bad-input', `'${id.slice(0, 80)}' is no ${noun} id.`);
        return { contents: [{ uri: uri.href, ...readNoun(noun, id, workspace) }] };
      },
    );
  }
}

function readNoun(
  noun: keyof typeof patterns,
  id: string,
  { ledger, objects }: Workspace,
): { mimeType: string; text: string } | { mimeType: string; blob: string } {
  if (noun === 'object') {
    const bytes = objects.get(id);
    if (bytes.byteLength > readLimit) {
      throw new BregmaError(
        'too-large',
        `Object ${id} has ${bytes.byteLength} bytes; resources carry ${readLimit} at most.`,
        { next: `Read the file ${objects.pathOf(id)}.` },
      );
    }
    const text = bytes.toString('utf8');
    const first = text.trimStart()[0];
    return first === '{' || first === '['
      ? { mimeType: 'application/json', text }
      : { mimeType: 'application/octet-stream', blob: bytes.toString('base64') };
  }
  const json = (value: unknown) => ({ mimeType: 'application/json', text: JSON.stringify(value) });
  if (noun === 'dataset') return json(findDataset(ledger, id));
  if (noun === 'twin') return json(findTwin(ledger, id));
  const record = noun === 'activity' ? ledger.byId(id) : ledger.latest(noun, id);
  if (!record) throw new BregmaError('unknown-name', `No ${noun} '${id}' in this workspace.`);
  return json(record);
}
