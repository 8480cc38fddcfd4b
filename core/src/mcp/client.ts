import { ToolForm } from '../contracts/tool-form.ts';
import { BregmaError } from '../errors.ts';
import { codeVersion } from '../version.ts';
import { Client, ServerProcess } from './client-sdk.ts';
import type { CallError } from './record-call.ts';

/** What a tool answers: structured, as it came over the wire. */
export type ToolAnswer = Record<string, unknown> & { value: unknown; activity: string };

/** How a call over MCP is followed, repeated and cancelled. */
export interface CallOptions {
  onProgress?(progress: { progress: number; total?: number; message?: string }): void;
  /** The activity that this call repeats. */
  replayOf?: string;
  signal?: AbortSignal;
}

/** A server as its client sees it: one child process or one session over HTTP. */
export interface ServerConnection {
  /** Calls a tool and waits for its end, also when it becomes a long job. Throws `failed` with the server's words when it says isError. */
  call(tool: string, args: Record<string, unknown>, options?: CallOptions): Promise<ToolAnswer>;
  /** As `call`, but gives an error back as an answer. */
  tryCall(
    tool: string,
    args: Record<string, unknown>,
    options?: CallOptions,
  ): Promise<{ isError: boolean; answer: ToolAnswer }>;
  tools(): Promise<string[]>;
  /** What the server advertises of each tool. */
  forms(): Promise<ToolForm[]>;
  close(): Promise<void>;
}

/** How to start a server over stdio. */
export interface ServerLaunch {
  /** atlas, twin, lab: named in errors. */
  server: string;
  command: string;
  args: string[];
  env: Record<string, string>;
  /** Name under which the ledger keeps the calls. */
  client: string;
  /** `inherit`: the server's own messages go to stderr. `ignore`: nobody reads them. */
  stderr?: 'inherit' | 'ignore';
}

/** Starts a server and connects a real MCP client to it. */
export async function connectServer(launch: ServerLaunch): Promise<ServerConnection> {
  const { server, command, args, env, stderr = 'inherit' } = launch;
  const transport = new ServerProcess({ command, args, env, stderr });
  const client = new Client({ name: launch.client, version: codeVersion }, { versionNegotiation: { mode: 'auto' } });
  await client.connect(transport);

  async function once(tool: string, args: Record<string, unknown>, options: CallOptions) {
    const result = await client.callTool(
      { name: tool, arguments: args, ...(options.replayOf ? { _meta: { 'bregma/replay-of': options.replayOf } } : {}) },
      { timeout: 120_000, resetTimeoutOnProgress: true, onprogress: options.onProgress, signal: options.signal },
    );
    const text = Array.isArray(result.content) && result.content[0]?.type === 'text' ? result.content[0].text : '';
    // SAFETY: this project's servers answer in this form; an error has no value, and callers ask `isError` before they read one.
    const answer = (result.structuredContent ?? { error: { code: 'failed', message: text } }) as ToolAnswer;
    return { isError: result.isError === true, answer };
  }

  async function tryCall(tool: string, args: Record<string, unknown>, options: CallOptions = {}) {
    const first = await once(tool, args, options);
    // SAFETY: both members are optional and are looked at before the second call; other answers have other members or none.
    const handedOver = first.answer.value as { run_id?: string; state?: string } | undefined;
    if (first.isError || tool === 'get_run' || handedOver?.state !== 'running' || !handedOver.run_id) return first;
    return follow(handedOver.run_id, options);
  }

  /** Waits for the end of a long job. A cancelled wait cancels the job too. */
  async function follow(runId: string, options: CallOptions): Promise<{ isError: boolean; answer: ToolAnswer }> {
    const cancel = () => void once('get_run', { run_id: runId, cancel: true, wait_s: 0 }, {}).catch(() => {});
    options.signal?.addEventListener('abort', cancel, { once: true });
    try {
      return await ended(runId, options);
    } finally {
      options.signal?.removeEventListener('abort', cancel);
    }
  }

  async function ended(runId: string, options: CallOptions): Promise<{ isError: boolean; answer: ToolAnswer }> {
    for (;;) {
      const asked = await once('get_run', { run_id: runId, wait_s: 5 }, { signal: options.signal });
      if (asked.isError) return asked;
      // SAFETY: no error, so an answer of get_run: its output form has `state`, and the rest is optional here.
      const status = asked.answer.value as {
        state: string;
        progress?: { done: number; total?: number; message?: string };
        answer?: object;
        activity?: string;
        error?: object;
      };
      if (status.state === 'running') {
        if (status.progress) options.onProgress?.({ ...status.progress, progress: status.progress.done });
        continue;
      }
      const answer =
        status.state === 'finished'
          ? { ...status.answer, activity: status.activity }
          : { error: status.error ?? status, activity: status.activity };
      // SAFETY: a finished run keeps the whole answer, to which its activity was added; a failed one is marked as an error.
      return { isError: status.state !== 'finished', answer: answer as unknown as ToolAnswer };
    }
  }

  return {
    tryCall,
    async call(tool, args, options) {
      const { isError, answer } = await tryCall(tool, args, options);
      if (!isError) return answer;
      // SAFETY: an error is what the server's own `CallError` says; its members are optional here, and handed on.
      const { code: _, message, next, ...fields } = (answer.error ?? {}) as Partial<CallError>;
      throw new BregmaError('failed', `${server} ${tool}: ${message ?? 'failed'}`, { next, fields });
    },
    async tools() {
      return (await client.listTools()).tools.map((tool) => tool.name);
    },
    async forms() {
      return (await client.listTools()).tools.map(({ name, description = '', inputSchema, annotations }) =>
        ToolForm.parse({
          server,
          name,
          question: description,
          acts: annotations?.destructiveHint === true,
          input: inputSchema,
        }),
      );
    },
    close: () => client.close(),
  };
}
