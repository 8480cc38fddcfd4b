import { type McpServer, ResourceTemplate } from '@modelcontextprotocol/server';
import type { DatasetRelease } from '../contracts/dataset.ts';
import { plain, plainJson, plainJsonText } from '../contracts/plain-text.ts';
import { BregmaError, unknownName } from '../errors.ts';
import { unspentInWords, unspentNumbers } from '../experiment/unspent.ts';
import { datasetRef, findDataset, findTwin } from '../ledger/catalogue.ts';
import { recordLook } from '../ledger/look.ts';
import { keysOf } from '../members.ts';
import { croissantOf } from '../provenance/croissant.ts';
import type { Workspace } from '../workspace.ts';
import { clientName } from './client-name.ts';
import { describe, type Host } from './record-call.ts';
import type { UnheardCalls } from './unheard-calls.ts';

const patterns = {
  activity: /^(act|rec|tst|apr|exp|stp)-[0-9a-f]{16}$/,
  object: /^[0-9a-f]{12,64}$/,
  dataset: /^[a-z0-9][a-z0-9._-]{0,79}(@[A-Za-z0-9][A-Za-z0-9._-]{0,79})?$/,
  croissant: /^[a-z0-9][a-z0-9._-]{0,79}(@[A-Za-z0-9][A-Za-z0-9._-]{0,79})?$/,
  twin: /^twin-[0-9a-f]{16}$/,
  hypothesis: /^hyp-[0-9a-f]{16}$/,
} as const;

type Noun = keyof typeof patterns;

/** Largest object that is read whole over MCP, bytes. */
const readLimit = 1_000_000;

/** What a resource answers with, and what of the workspace was shown by it. */
interface Shown {
  content: { mimeType: string; text: string } | { mimeType: string; blob: string };
  inputs: string[];
}

/**
 * Offers `bregma://activity|object|dataset|croissant|twin|hypothesis/{id}`, and what the server itself tells of a data set (`cards`). Every id is held to its pattern before it is used, and every
 * reading, refused ones too, is on record before it is answered.
 */
export function registerResources(
  server: McpServer,
  host: Host,
  unheard: UnheardCalls,
  cards: Record<string, () => Promise<ReadCard>> = {},
): void {
  const register = (
    noun: string,
    mimeType: string,
    read: (id: string, signal: AbortSignal) => Shown | Promise<Shown>,
  ) =>
    server.registerResource(
      noun,
      new ResourceTemplate(`bregma://${noun}/{id}`, { list: undefined }),
      { title: `${noun} by id`, mimeType },
      async (uri, variables, { mcpReq }) => {
        unheard.heard(mcpReq.id);
        const content = await look(uri.href, host, clientName(server, mcpReq.envelope), () =>
          read(String(variables.id), mcpReq.signal),
        );
        return { contents: [{ uri: uri.href, ...content }] };
      },
    );
  for (const noun of keysOf(patterns))
    register(noun, noun === 'object' ? 'application/octet-stream' : 'application/json', (id) =>
      readNoun(noun, id, host.workspace),
    );
  for (const [noun, load] of Object.entries(cards))
    register(noun, 'application/json', async (encoded, signal) => {
      const id = idOf(encoded, 'dataset');
      const release = findDataset(host.workspace.ledger, id);
      const card = await (await load())(release, host.workspace, signal);
      return jsonOf({ dataset: datasetRef(release), [noun]: card }, [datasetRef(release)]);
    });
}

/** What a server tells of an added release, as JSON under `bregma://NOUN/ID`. It shows no measurement. */
export type ReadCard = (release: DatasetRelease, workspace: Workspace, signal: AbortSignal) => Promise<unknown>;

const jsonOf = (value: unknown, inputs: string[]): Shown => ({
  content: { mimeType: 'application/json', text: plainJson(value) },
  inputs,
});

/** An id as it came, percent-encoded. Throws `bad-input` for what cannot be one. */
function idOf(encoded: string, noun: Noun): string {
  const id = decoded(encoded);
  if (!patterns[noun].test(id)) throw new BregmaError('bad-input', `'${id.slice(0, 80)}' is no ${noun} id.`);
  return id;
}

/** Reads, and records that it was read. Throws what `read` throws, made plain, once that is on record too. */
async function look(
  uri: string,
  host: Host,
  client: string,
  read: () => Shown | Promise<Shown>,
): Promise<Shown['content']> {
  const about = { server: host.server, client, startedAt: new Date(), given: { uri } };
  try {
    await host.ready();
    await host.workspace.ledger.readable();
    const { content, ...seen } = await read();
    await recordLook(
      'read_resource',
      { ...about, ...seen, shown: 'text' in content ? content.text : content.blob },
      host.workspace,
    );
    return content;
  } catch (error) {
    const { code, message, next } = describe(error);
    await recordLook('read_resource', { ...about, inputs: [], error: { code, message, next } }, host.workspace);
    throw new BregmaError(code, plain([message, next].filter(Boolean).join(' ')));
  }
}

function readNoun(noun: Noun, encoded: string, { ledger, objects }: Workspace): Shown {
  const id = idOf(encoded, noun);
  if (noun === 'object') return readObject(objects.beginningWith(id), { ledger, objects });
  if (noun === 'dataset') {
    const release = findDataset(ledger, id);
    return jsonOf(release, [datasetRef(release)]); // its card: no number of it
  }
  if (noun === 'croissant') {
    const release = findDataset(ledger, id);
    const addedAt = ledger.latest('dataset', datasetRef(release))?.at ?? '';
    return jsonOf(croissantOf(release, addedAt), [datasetRef(release)]);
  }
  if (noun === 'twin') return jsonOf(findTwin(ledger, id), [id]);
  const record = noun === 'activity' ? ledger.byId(id) : ledger.latest(noun, id);
  if (!record) throw unknownName(noun, id, [], undefined, 'in this workspace');
  return jsonOf(record, [id]);
}

function readObject(id: string, { ledger, objects }: Pick<Workspace, 'ledger' | 'objects'>): Shown {
  const experiment = unspentNumbers(ledger).get(id);
  if (experiment !== undefined) {
    const closed = {
      object: id,
      bytes: objects.size(id),
      closed: unspentInWords(experiment),
      next: 'Call test_hypothesis first.',
    };
    return { content: { mimeType: 'application/json', text: plainJson(closed) }, inputs: [] };
  }
  const bytes = objects.get(id);
  if (bytes.byteLength > readLimit)
    throw new BregmaError(
      'too-large',
      `Object ${id} has ${bytes.byteLength} bytes; resources carry ${readLimit} at most.`,
      { next: `Read the file ${objects.pathOf(id)}.` },
    );
  const text = bytes.toString('utf8');
  const first = text.trimStart()[0];
  const content =
    first === '{' || first === '['
      ? { mimeType: 'application/json', text: plainJsonText(text) }
      : { mimeType: 'application/octet-stream', blob: bytes.toString('base64') };
  return { content, inputs: [id] };
}

/** What a percent-encoded id says; a broken one as it came, to be refused by its pattern. */
function decoded(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}
