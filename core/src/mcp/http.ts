import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { localhostHostValidation, localhostOriginValidation, toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, type McpServer } from '@modelcontextprotocol/server';
import { BregmaError } from '../errors.ts';
import { bearerToken, isAuthorised } from './bearer.ts';

/** A transport that accepts calls until it is closed. */
export interface RunningTransport {
  url?: string;
  token?: string;
  close(): Promise<void>;
}

/** A request, its head and its body, must be there within these times, and is looked after that often. */
const limits = {
  headersTimeout: 5_000,
  requestTimeout: 8_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 500,
  maxHeaderSize: 16_384,
};

/** What Streamable HTTP has. */
const methods = ['GET', 'POST', 'DELETE'];

/** Streamable HTTP on 127.0.0.1, behind checks of Host, Origin and a bearer token. folder: where the token is kept. */
export async function serveOverHttp(factory: () => McpServer, port: number, folder: string): Promise<RunningTransport> {
  const token = bearerToken(folder);
  const handler = createMcpHandler(factory);
  const answer = toNodeHandler(handler);
  const hostIsLocal = localhostHostValidation();
  const originIsLocal = localhostOriginValidation();
  const http = createServer(limits, (request, response) => {
    void guarded(request, response, async () => {
      if (isAmbiguous(request)) throw new Error('one of these heads is enough');
      if (/[@/\\?#]/.test(request.headers.host ?? '')) throw new Error('more than a host and its port');
      if (!hostIsLocal(request, response) || !originIsLocal(request, response)) return;
      if (!isAuthorised(request.headers.authorization, token)) return refuse(response);
      if (!/^\/mcp(\?|$)/.test(request.url ?? '')) {
        response.writeHead(404, { 'content-type': 'text/plain' }).end('The MCP endpoint is /mcp.\n');
        return;
      }
      if (!methods.includes(request.method ?? '')) {
        response.writeHead(405, { allow: methods.join(', '), connection: 'close' }).end();
        return;
      }
      await answer(request, response);
    });
  });
  // What is no HTTP, or comes too slowly: an answer without words, and the end of the connection.
  http.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n');
    setTimeout(() => socket.destroy(), 200).unref();
  });
  await new Promise<void>((resolve, reject) => {
    http.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new BregmaError('conflict', `Port ${port} is taken.`, {
              next: 'Choose another with --http PORT, or --http 0 for a free one.',
            })
          : error,
      );
    });
    http.listen(port, '127.0.0.1', resolve);
  });
  const address = http.address();
  const bound = typeof address === 'object' && address ? address.port : port;
  return {
    url: `http://127.0.0.1:${bound}/mcp`,
    token,
    async close() {
      await handler.close();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

/** Whatever goes wrong with one request ends that request, never the server. */
async function guarded(request: IncomingMessage, response: ServerResponse, answer: () => Promise<void>): Promise<void> {
  request.on('error', () => {});
  response.on('error', () => {});
  try {
    await answer();
  } catch {
    if (response.headersSent) response.destroy();
    else response.writeHead(400, { connection: 'close' }).end();
  }
}

/** Says no more than what is missing: who has no token learns nothing of this machine. */
function refuse(response: ServerResponse): void {
  response.writeHead(401, { 'content-type': 'application/json', 'www-authenticate': 'Bearer', connection: 'close' });
  response.end(
    JSON.stringify({
      error: 'Send "Authorization: Bearer TOKEN"; the token is in .bregma/http-token of the workspace.',
    }),
  );
}

/** Heads of which each guard reads one: whoever stands between could read the other. */
const readOnce = new Set(['host', 'origin', 'authorization', 'content-type', 'mcp-session-id']);

/** True where a head that guards read stands twice. */
function isAmbiguous({ rawHeaders }: IncomingMessage): boolean {
  const names = rawHeaders.filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase());
  return names.some((name, i) => readOnce.has(name) && names.indexOf(name) !== i);
}
