import path from 'node:path';
import type { ServerName } from '@bregma/core/contracts/server-name';
import { BregmaError } from '@bregma/core/errors';
import type { CallOptions, ServerConnection, ToolAnswer } from '@bregma/core/mcp/client';
import { longName } from '@bregma/core/server-names';

/** Where things are that a server needs. */
export interface ServerPlaces {
  /** Folder of the installed extension: `servers/` lies in it. */
  extension: string;
  /** The user's folder. */
  workspace: string;
  /** `node_modules` with DuckDB and ONNX Runtime, or undefined to look beside the servers. */
  nativeModules?: string;
  /** Mirror of the data, or undefined. */
  mirror?: string;
  /** Folders that are open in the editor: a person allowed them to be read by opening them. */
  open?: string[];
}

/** What the programs of Bregma need to know of this editor: that its program is to be Node, and where modules and data are. */
function ownEnvironment({ nativeModules, mirror, open = [] }: ServerPlaces): Record<string, string> {
  return {
    ELECTRON_RUN_AS_NODE: '1',
    ...(nativeModules ? { BREGMA_NATIVE_MODULES: nativeModules } : {}),
    ...(mirror ? { BREGMA_MIRROR: mirror } : {}),
    ...(open.length > 0
      ? { BREGMA_ALLOW: [...open, process.env.BREGMA_ALLOW].filter(Boolean).join(path.delimiter) }
      : {}),
  };
}

/** The whole environment of a program that the editor itself starts. */
export function childEnvironment(places: ServerPlaces): Record<string, string> {
  // SAFETY: process.env has no undefined members once it is read.
  return { ...(process.env as Record<string, string>), ...ownEnvironment(places) };
}

/** How a server is started with the editor's own Node. env: what it needs beyond the editor's own environment. */
export function serverLaunch(server: ServerName, places: ServerPlaces) {
  return {
    command: process.execPath,
    args: [
      '--disable-warning=ExperimentalWarning',
      path.join(places.extension, 'servers', `${server}.mjs`),
      '--workspace',
      places.workspace,
    ],
    env: ownEnvironment(places),
  };
}

/** Whether this error says that the server had ended before it was asked, or did while it was. */
function endOf(error: unknown): 'before' | 'during' | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'NOT_CONNECTED') return 'before';
  return code === 'CONNECTION_CLOSED' ? 'during' : undefined;
}

/** The three servers as the editor itself uses them: started when first called, closed together. */
export class Servers {
  private readonly places: () => ServerPlaces;
  private readonly open = new Map<ServerName, Promise<ServerConnection>>();

  constructor(places: () => ServerPlaces) {
    this.places = places;
  }

  /** Calls a tool and waits for its end, also of a long job. Throws `failed` with the server's words. */
  async call(
    server: ServerName,
    tool: string,
    args: Record<string, unknown>,
    options?: CallOptions,
  ): Promise<ToolAnswer> {
    return this.alive(server, `${tool} was running and is lost`, (connection) => connection.call(tool, args, options));
  }

  /** Names of a server's tools, as the running server lists them. */
  async tools(server: ServerName): Promise<string[]> {
    return this.alive(server, 'it could not list its tools', (connection) => connection.tools());
  }

  /**
   * Asks a server. One that died since the last call is started again, as nothing was sent to it; of a call that was on its way
   * nobody knows how far it came, so it is not sent twice. Throws `failed` with what was lost.
   */
  private async alive<Value>(
    server: ServerName,
    lost: string,
    ask: (connection: ServerConnection) => Promise<Value>,
  ): Promise<Value> {
    for (let tries = 0; ; tries++) {
      const opened = this.connection(server);
      const connection = await opened;
      try {
        return await ask(connection);
      } catch (error) {
        const ended = endOf(error);
        if (!ended) throw error;
        if (this.open.get(server) === opened) this.open.delete(server);
        await connection.close().catch(() => {});
        if (ended === 'before' && tries === 0) continue;
        throw new BregmaError('failed', `The server ${longName(server)} has ended: ${lost}.`, {
          next: 'Call it again: it is started anew. Bregma: Verify says whether the record of the lost call is whole.',
          fields: { server },
        });
      }
    }
  }

  private connection(server: ServerName): Promise<ServerConnection> {
    let connection = this.open.get(server);
    if (!connection) {
      connection = this.start(server);
      connection.catch(() => this.open.delete(server));
      this.open.set(server, connection);
    }
    return connection;
  }

  /** The SDK's client is loaded here and not before: a window that calls no tool does not pay for it. */
  private async start(server: ServerName): Promise<ServerConnection> {
    const { connectServer } = await import('@bregma/core/mcp/client');
    const places = this.places();
    const { command, args } = serverLaunch(server, places);
    return connectServer({
      server,
      command,
      args,
      env: childEnvironment(places),
      client: 'bregma-editor',
      stderr: 'ignore',
    });
  }

  /** Ends the servers, so that the next call starts them with new settings. */
  async restart(): Promise<void> {
    const all = [...this.open.values()];
    this.open.clear();
    await Promise.allSettled(all.map(async (connection) => (await connection).close()));
  }

  dispose(): void {
    void this.restart();
  }
}
