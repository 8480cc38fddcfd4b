import path from 'node:path';
import { McpServer, type ServerContext } from '@modelcontextprotocol/server';
import type { SkillCatalog } from '@modelcontextprotocol/server/ext/skills';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import { plain, plainJson, plainValue } from '../contracts/plain-text.ts';
import { BregmaError } from '../errors.ts';
import { recordUnheard } from '../ledger/look.ts';
import { memberOf } from '../members.ts';
import type { ObjectStore } from '../objects/objects.ts';
import { codeVersion } from '../version.ts';
import { appUri, registerApps } from './apps.ts';
import { callTool } from './call.ts';
import { clientName } from './client-name.ts';
import type { RunningTransport } from './http.ts';
import { listPages, type Page } from './listed-pages.ts';
import { type ListedTool, listTools, type ToolEntry } from './listed-tools.ts';
import { Opening } from './opening.ts';
import { type CallResult, type Host, serverSays } from './record-call.ts';
import { type ReadCard, registerResources } from './resources.ts';
import { Runs } from './runs.ts';
import { advertise, advertisedOutput } from './schema.ts';
import { type AutonomyClass, annotationsOf, autonomyClasses, type Progress, type Tool } from './tool.ts';
import { UnheardCalls } from './unheard-calls.ts';
import { longestLine, WholeLines } from './whole-lines.ts';

/** What makes a server: its name, what it says of itself, its tools and skills. */
export interface ServerDefinition {
  /** bregma-atlas, bregma-twin, bregma-lab. */
  name: string;
  title: string;
  /** What an agent should know before its first call; under 400 characters. */
  instructions: string;
  tools: ToolEntry[];
  /** Skills to serve over MCP (SEP-2640). Loaded when the server starts. */
  skills?: () => Promise<SkillCatalog | undefined>;
  /** Texts to read, each under its `bregma://` address. Loaded when one is read. */
  pages?: () => Promise<Page[]>;
  /** JSON about an added data set that this server alone can tell, by the noun of its address `bregma://NOUN/ID`. Loaded when one is read. */
  cards?: Record<string, () => Promise<ReadCard>>;
  /** Adds what the SDK offers beyond tools and resources, to every server that the factory makes. Used by the conformance fixture. */
  extend?: (server: McpServer) => void;
}

/** Where a server keeps its records, how it is reached and what it may do. */
export interface ServeOptions {
  workspace: string;
  /** Serve Streamable HTTP on this port of 127.0.0.1 instead of stdio; 0 picks a free one. */
  httpPort?: number;
  autonomy?: AutonomyClass;
  handOverAfterMs?: number;
}

/** A running server. `closed` resolves when it has ended and everything is recorded. */
export interface Served {
  url?: string;
  token?: string;
  closed: Promise<void>;
  close(): Promise<void>;
}

/** Serves the tools over stdio or HTTP, to clients of both protocol eras, from one factory. */
export async function serve(definition: ServerDefinition, options: ServeOptions): Promise<Served> {
  const opening = new Opening(options.workspace);
  const runs = new Runs(opening);
  const host: Host = {
    server: definition.name,
    get workspace() {
      return opening.workspace;
    },
    ready: () => opening.ready(),
    runs,
    autonomy: options.autonomy ?? autonomyFromEnvironment(),
    handOverAfterMs: options.handOverAfterMs ?? Number(process.env.BREGMA_HANDOVER_MS ?? 30_000),
  };
  const shown: Shown = {
    tools: await listTools(definition.name, definition.tools),
    skills: await definition.skills?.(),
    pages: definition.pages ? await listPages(definition.name, definition.pages) : [],
  };
  const factory = () => createServerFor(definition, host, shown);

  let end: () => void = () => {};
  const closed = new Promise<void>((resolve) => {
    end = resolve;
  });
  let closing = false;
  const transport =
    options.httpPort === undefined
      ? serveOverStdio(factory, host, () => void close())
      : await (await import('./http.ts')).serveOverHttp(
          factory,
          options.httpPort,
          path.join(opening.folder, '.bregma'),
        );
  async function close(): Promise<void> {
    if (closing) return closed;
    closing = true;
    await runs.close();
    await transport.close();
    opening.close();
    end();
  }
  return { url: transport.url, token: transport.token, closed, close };
}

function autonomyFromEnvironment(): AutonomyClass {
  const wanted = process.env.BREGMA_AUTONOMY ?? 'A3';
  const found = autonomyClasses.find((name) => name === wanted);
  if (found) return found;
  throw new BregmaError('bad-input', `BREGMA_AUTONOMY is '${wanted}'.`, {
    next: `Set it to one of ${autonomyClasses.join(', ')}.`,
  });
}

/** What every connection is shown, made once. */
interface Shown {
  tools: ListedTool[];
  skills?: SkillCatalog;
  pages: Page[];
}

function createServerFor(definition: ServerDefinition, host: Host, { tools, skills, pages }: Shown): McpServer {
  const server = new McpServer(
    { name: definition.name, title: definition.title, version: codeVersion },
    { capabilities: { tools: {}, resources: {} }, instructions: definition.instructions },
  );
  const unheard = new UnheardCalls(host);
  unheard.watch(server);
  for (const tool of tools) {
    const resourceUri = appUri(tool);
    server.registerTool(
      tool.name,
      {
        description: tool.question,
        inputSchema: advertise(tool.input),
        outputSchema: advertisedOutput,
        annotations: annotationsOf(tool.effect),
        ...(resourceUri ? { _meta: { ui: { resourceUri } } } : {}),
      },
      async (args, context) => {
        unheard.heard(context.mcpReq.id);
        return answerCall(await tool.load(), args, host, server, context);
      },
    );
  }
  registerResources(server, host, unheard, definition.cards);
  registerApps(server, tools);
  for (const { uri, title, text } of pages)
    server.registerResource(uri.slice('bregma://'.length), uri, { title, mimeType: 'text/markdown' }, async () => ({
      contents: [{ uri, mimeType: 'text/markdown', text: await text() }],
    }));
  skills?.attach(server);
  definition.extend?.(server);
  return server;
}

async function answerCall(tool: Tool, args: unknown, host: Host, server: McpServer, context: ServerContext) {
  const reporter = progressReporter(context);
  try {
    const replayOf = memberOf(context.mcpReq._meta, 'bregma/replay-of');
    const result = await callTool(tool, args, host, {
      client: clientName(server, context.mcpReq.envelope),
      signal: context.mcpReq.signal,
      progress: reporter.report,
      replayOf: typeof replayOf === 'string' && /^act-[0-9a-f]{16}$/.test(replayOf) ? replayOf : undefined,
    });
    return toResult(result, host.workspace.objects);
  } finally {
    reporter.stop();
  }
}

/** Largest picture that travels in an answer, bytes; a larger one is an object alone. */
const largestImage = 1_000_000;

function toResult(result: CallResult, objects: ObjectStore) {
  if ('error' in result) {
    const { message, next, activity } = result.error;
    const text = plain([message, next, activity && `(activity ${activity})`].filter(Boolean).join(' '), 8000);
    return {
      isError: true,
      content: [{ type: 'text' as const, text }],
      structuredContent: { error: plainValue(result.error) },
    };
  }
  const structured =
    'answer' in result
      ? result.answer
      : {
          value: result.handedOver,
          kind: 'derived',
          activity: '',
          next: `Still running. Call get_run with run_id ${result.handedOver.run_id}.`,
        };
  const pictures = ('images' in result ? (result.images ?? []) : [])
    .map((digest) => objects.get(digest))
    .filter(({ byteLength }) => byteLength <= largestImage)
    .map((png) => ({ type: 'image' as const, data: Buffer.from(png).toString('base64'), mimeType: 'image/png' }));
  return {
    // The text is the exact value, written with escapes; clients show the structured one as it is, where such a character would act.
    content: [{ type: 'text' as const, text: plainJson(structured) }, ...pictures],
    // SAFETY: an answer and the literal above are objects with named members; the SDK asks for an index besides.
    structuredContent: plainValue(structured) as Record<string, unknown>,
  };
}

/** Sends progress to a client that asked for it: at most ten times a second, and at least once a second while there is news to repeat. */
function progressReporter(context: ServerContext): { report(step: Progress): void; stop(): void } {
  const token = context.mcpReq._meta?.progressToken;
  if (token === undefined) return { report: () => {}, stop: () => {} };
  let last: Progress = { done: 0 };
  let value = 0;
  let sentAt = 0;
  const send = () => {
    sentAt = Date.now();
    value = Math.max(value + 1e-6, last.done); // the protocol wants every notification to be larger than the one before
    void context.mcpReq
      .notify({
        method: 'notifications/progress',
        params: {
          progressToken: token,
          progress: value,
          total: last.total,
          message: last.message && plain(last.message, 300),
        },
      })
      .catch(() => {});
  };
  const beat = setInterval(() => Date.now() - sentAt >= 950 && send(), 1000);
  beat.unref();
  return {
    report(step) {
      last = step;
      if (Date.now() - sentAt >= 100) send();
    },
    stop: () => clearInterval(beat),
  };
}

function serveOverStdio(factory: () => McpServer, host: Host, ended: () => void): RunningTransport {
  const lines = new WholeLines(longestLine, ({ bytes, id }) => {
    const message = `A message of ${bytes} bytes; ${longestLine} are read. Put large arguments into a file or an object.`;
    const about = { server: host.server, client: 'unknown', startedAt: new Date(), given: { bytes }, inputs: [] };
    const recorded = host
      .ready()
      .then(() => recordUnheard('message', { ...about, error: { code: 'too-large', message } }, host.workspace));
    recorded.catch((error) => serverSays(`That is not on record: ${error.message}`));
    if (id === undefined) serverSays(message);
    else process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32_600, message } })}\n`);
  });
  process.stdin.on('error', ended);
  const transport = new StdioServerTransport(process.stdin.pipe(lines), process.stdout);
  const handle = serveStdio(factory, { transport, onerror: (error) => serverSays(error.message) });
  process.stdin.once('end', ended);
  process.stdin.once('close', ended);
  process.stdout.on('error', ended);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, ended);
  return { close: () => handle.close() };
}
