import path from 'node:path';
import type { CallOptions, ServerConnection, ToolAnswer } from '@bregma/core/mcp/client';

export const serverNames = ['atlas', 'twin', 'lab'] as const;
export type ServerName = (typeof serverNames)[number];

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
}

/** How a server is started with the editor's own Node. */
export function serverLaunch(server: ServerName, places: ServerPlaces) {
  const env: Record<string, string> = { ELECTRON_RUN_AS_NODE: '1' };
  if (places.nativeModules) env.BREGMA_NATIVE_MODULES = places.nativeModules;
  if (places.mirror) env.BREGMA_MIRROR = places.mirror;
  return {
    command: process.execPath,
    args: [
      '--disable-warning=ExperimentalWarning',
      path.join(places.extension, 'servers', `${server}.mjs`),
      '--workspace',
      places.workspace,
    ],
    env,
  };
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
    return (await this.connection(server)).call(tool, args, options);
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
    const { command, args, env } = serverLaunch(server, this.places());
    return connectServer({
      server,
      command,
      args,
      // SAFETY: process.env has no undefined members once it is read.
      env: { ...(process.env as Record<string, string>), ...env },
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
