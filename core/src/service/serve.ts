import { chmodSync, lstatSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import path from 'node:path';
import type * as z from 'zod';
import { BregmaError } from '../errors.ts';
import { whyUnreadable } from '../ledger/unreadable.ts';
import type { Service } from './service.ts';

/** Where a service listens: a socket of the file system, or a port. */
export type Place = { socket: string } | { host: string; port: number };

/** A service that answers until it is closed. */
export interface Served {
  /** As a client names it: `unix:PATH` or `http://HOST:PORT`. */
  address: string;
  close(): Promise<void>;
}

/** Who asks, as the token says, and from where: undefined over a socket of the file system. */
export interface Asker<Who> {
  who: Who;
  remote?: string;
}

/** What a service answers. */
export interface Answering<Who> {
  service: Service;
  /** One form a call. */
  calls: Record<string, z.ZodType>;
  /** Largest body of a call, bytes. */
  largestBody: number;
  /** Who sends this Authorization header; undefined: nobody whom it knows. */
  authorise(header: string | undefined): Who | undefined;
  /** Answers a call whose form was checked. Throws BregmaErrors, which go back to who asked. */
  answer(name: string, call: unknown, asker: Asker<Who>): unknown;
}

/** The head of a request must be there within these times. */
const limits = {
  headersTimeout: 5_000,
  keepAliveTimeout: 1_000,
  connectionsCheckingInterval: 500,
  maxHeaderSize: 16_384,
};
/** A request must be whole within this time, ms; of a large one within as long as 1 MB/s takes. */
const requestTimeout = (largestBody: number) => Math.max(8_000, largestBody / 1000);

/** Answers `POST /CALL` with JSON, to whoever `authorise` knows. Another user of the system reaches a socket; the token lets them in. */
export async function serveCalls<Who>(answering: Answering<Who>, place: Place): Promise<Served> {
  const given = { ...limits, requestTimeout: requestTimeout(answering.largestBody) };
  const server = createServer(given, (request, response) => {
    void answer(request, response, answering);
  });
  server.on('clientError', (_error, socket) => {
    socket.destroy();
  });
  if ('socket' in place) leaveSocket(place.socket);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    if ('socket' in place) server.listen(place.socket, resolve);
    else server.listen(place.port, place.host, resolve);
  });
  if ('socket' in place) chmodSync(place.socket, 0o666);
  return {
    address: addressOf(place, server.address()),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A socket that an earlier service left is removed; anything else in its place is not. */
function leaveSocket(socket: string): void {
  const found = lstatSync(socket, { throwIfNoEntry: false });
  if (!found) return;
  if (!found.isSocket())
    throw new BregmaError('conflict', `${socket} is there, and no socket.`, {
      next: 'Choose another with --socket PATH.',
    });
  rmSync(socket);
}

function addressOf(place: Place, bound: ReturnType<ReturnType<typeof createServer>['address']>): string {
  if ('socket' in place) return `unix:${path.resolve(place.socket)}`;
  const port = typeof bound === 'object' && bound ? bound.port : place.port;
  return `http://${place.host.includes(':') ? `[${place.host}]` : place.host}:${port}`;
}

/** Whatever goes wrong with one request ends that request, never the service. */
async function answer<Who>(
  request: IncomingMessage,
  response: ServerResponse,
  { service, calls, largestBody, authorise, answer }: Answering<Who>,
): Promise<void> {
  request.on('error', () => {});
  response.on('error', () => {});
  const reply = (status: number, body: unknown) => {
    if (response.headersSent) response.destroy();
    else
      response.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end(JSON.stringify(body));
  };
  try {
    const who = authorise(request.headers.authorization);
    if (who === undefined)
      return reply(401, { error: { code: 'not-allowed', message: `Send the token of the ${service.name}.` } });
    const name = /^\/([a-z]+)$/.exec(request.url ?? '')?.[1] ?? '';
    if (request.method !== 'POST' || !Object.hasOwn(calls, name))
      return reply(404, {
        error: {
          code: 'unknown-name',
          message: `A ${service.name} answers POST to ${Object.keys(calls)
            .map((one) => `/${one}`)
            .join(', ')}.`,
        },
      });
    const body = await bodyOf(request, largestBody);
    const parsed = calls[name].safeParse(body);
    if (!parsed.success)
      throw new BregmaError('bad-input', `That is no '${name}': ${whyUnreadable(parsed.error, body)}.`);
    reply(200, await answer(name, parsed.data, { who, remote: request.socket.remoteAddress }));
  } catch (error) {
    const known =
      error instanceof BregmaError ? error : new BregmaError('failed', `The ${service.name} could not answer that.`);
    reply(400, { error: { code: known.code, message: known.message, next: known.next, ...known.fields } });
  }
}

async function bodyOf(request: IncomingMessage, largest: number): Promise<unknown> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size > largest) throw new BregmaError('bad-input', `A call has at most ${largest} bytes.`);
    parts.push(part);
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch {
    throw new BregmaError('bad-input', 'The body of a call is JSON.');
  }
}
