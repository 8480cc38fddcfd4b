import { chmodSync, lstatSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import path from 'node:path';
import { type AnswerTo, type CallOf, type WitnessCall, WitnessCalls } from '../contracts/witness-call.ts';
import { BregmaError } from '../errors.ts';
import { whyUnreadable } from '../ledger/unreadable.ts';
import { bearerToken, isAuthorised } from '../mcp/bearer.ts';
import { Witness } from './answers.ts';
import { WitnessBook } from './book.ts';

/** Where a witness listens: a socket of the file system, or a port. */
export type Place = { socket: string } | { host: string; port: number };

/** A witness that answers until it is closed. */
export interface ServedWitness {
  /** As a client names it: `unix:PATH` or `http://HOST:PORT`. */
  address: string;
  token: string;
  close(): Promise<void>;
}

/** A request must be there within these times. */
const limits = {
  headersTimeout: 5_000,
  requestTimeout: 8_000,
  keepAliveTimeout: 1_000,
  connectionsCheckingInterval: 500,
  maxHeaderSize: 16_384,
};
/** Largest body, bytes: a plan of a million stimuli. */
const largestBody = 16_000_000;

/**
 * Answers `POST /CALL` with JSON, to whoever has the token of the folder (`http-token`, or `BREGMA_TOKEN`). Another user of the system
 * reaches the socket; what they may do is what the token permits, and approving needs a person's signature besides.
 */
export async function serveWitness(folder: string, place: Place): Promise<ServedWitness> {
  const book = new WitnessBook(folder);
  const token = bearerToken(book.folder);
  const witness = new Witness(book);
  const server = createServer(limits, (request, response) => {
    void answer(request, response, witness, token);
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
    token,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      book.close();
    },
  };
}

/** A socket that an earlier witness left is removed; anything else in its place is not. */
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

/** Whatever goes wrong with one request ends that request, never the witness. */
async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  witness: Witness,
  token: string,
): Promise<void> {
  request.on('error', () => {});
  response.on('error', () => {});
  const reply = (status: number, body: unknown) => {
    if (response.headersSent) response.destroy();
    else
      response.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end(JSON.stringify(body));
  };
  try {
    if (!isAuthorised(request.headers.authorization, token))
      return reply(401, { error: { code: 'not-allowed', message: 'Send the token of the witness.' } });
    const name = /^\/([a-z]+)$/.exec(request.url ?? '')?.[1] ?? '';
    if (request.method !== 'POST' || !isCall(name))
      return reply(404, {
        error: {
          code: 'unknown-name',
          message: `A witness answers POST to ${Object.keys(WitnessCalls)
            .map((one) => `/${one}`)
            .join(', ')}.`,
        },
      });
    reply(200, call(name, await bodyOf(request), witness));
  } catch (error) {
    const known =
      error instanceof BregmaError ? error : new BregmaError('failed', 'The witness could not answer that.');
    reply(400, { error: { code: known.code, message: known.message, next: known.next, ...known.fields } });
  }
}

const isCall = (name: string): name is WitnessCall => Object.hasOwn(WitnessCalls, name);

function call<Name extends WitnessCall>(name: Name, body: unknown, witness: Witness): AnswerTo<Name> {
  const parsed = WitnessCalls[name].safeParse(body);
  if (!parsed.success)
    throw new BregmaError('bad-input', `That is no '${name}': ${whyUnreadable(parsed.error, body)}.`);
  // SAFETY: the body was just held to the form of this call.
  return witness.answer(name, parsed.data as CallOf<Name>, new Date());
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size > largestBody) throw new BregmaError('bad-input', `A call has at most ${largestBody} bytes.`);
    parts.push(part);
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch {
    throw new BregmaError('bad-input', 'The body of a call is JSON.');
  }
}
