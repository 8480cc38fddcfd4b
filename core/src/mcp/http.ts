import { createServer } from 'node:http';
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

/** Streamable HTTP on 127.0.0.1, behind checks of Host, Origin and a bearer token. folder: where the token is kept. */
export async function serveOverHttp(factory: () => McpServer, port: number, folder: string): Promise<RunningTransport> {
  const token = bearerToken(folder);
  const handler = createMcpHandler(factory);
  const answer = toNodeHandler(handler);
  const hostIsLocal = localhostHostValidation();
  const originIsLocal = localhostOriginValidation();
  const http = createServer((request, response) => {
    if (!hostIsLocal(request, response) || !originIsLocal(request, response)) return;
    if (new URL(request.url ?? '/', 'http://localhost').pathname !== '/mcp') {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('The MCP endpoint is /mcp.\n');
      return;
    }
    if (!isAuthorised(request.headers.authorization, token)) {
      response.writeHead(401, { 'content-type': 'application/json', 'www-authenticate': 'Bearer' });
      response.end(
        JSON.stringify({ error: `Send "Authorization: Bearer TOKEN"; the token is in ${folder}/http-token.` }),
      );
      return;
    }
    void answer(request, response);
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
