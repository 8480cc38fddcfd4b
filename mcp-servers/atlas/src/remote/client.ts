import { lookup } from 'node:dns';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { BregmaError, throwIfCancelled } from '@bregma/core/errors';
import { mayRead } from './address.ts';
import { isPrivateAddress } from './private-address.ts';

/** Silence after which a connection is given up, and how often a request is tried again after which waits, in milliseconds. */
const idleMs = 30_000;
const waitsMs = [200, 1000, 4000];
const mostRedirects = 5;

/** An answer whose body is still to be read. url: where it came from in the end. */
export interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  body: IncomingMessage;
  url: URL;
}

/** What went wrong in a way that may be over when it is tried again. */
export class Passing extends Error {}

/**
 * Asks for an address as anybody. Every address on the way is looked at before it is connected to: host, redirects, and what the name
 * resolves to. Throws `not-allowed`, `cancelled`, `Passing`.
 */
export async function ask(url: URL, headers: Record<string, string>, signal: AbortSignal): Promise<Answer> {
  let at = url;
  for (let hops = 0; hops <= mostRedirects; hops++) {
    const answer = await askOnce(at, headers, signal);
    const to = answer.headers.location;
    if (![301, 302, 303, 307, 308].includes(answer.status) || to === undefined) return answer;
    answer.body.destroy();
    if (!URL.canParse(to, at.href)) throw new BregmaError('corrupt', `${at.origin} leads to what is no address.`);
    at = new URL(to, at);
    if (at.protocol === 'http:' && url.protocol === 'https:')
      throw new BregmaError('not-allowed', `${url.origin} leads to ${at.origin}, which is not encrypted.`);
  }
  throw new BregmaError('missing', `${url.href} leads on more than ${mostRedirects} times.`);
}

function askOnce(url: URL, headers: Record<string, string>, signal: AbortSignal): Promise<Answer> {
  const { mayBePrivate } = mayRead(url);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) && !mayBePrivate && isPrivateAddress(host)) throw privateHost(url);
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const fail = (error: Error) =>
      reject(
        signal.aborted
          ? new BregmaError('cancelled', 'The reading was cancelled.')
          : error instanceof BregmaError
            ? error
            : new Passing(error.message),
      );
    const asked = request(
      url.href,
      {
        headers: { 'accept-encoding': 'identity', ...headers },
        agent: false,
        signal,
        lookup: publicOnly(url, mayBePrivate),
        timeout: idleMs,
      },
      (body) => resolve({ status: body.statusCode ?? 0, headers: body.headers, body, url }),
    );
    asked.on('timeout', () => asked.destroy(new Passing(`${url.host} is silent`)));
    asked.on('error', fail);
    asked.end();
  });
}

/** Resolves a name, and refuses it when it leads into a network of one's own: the address that was looked at is the one that is connected to. */
function publicOnly(url: URL, mayBePrivate: boolean): LookupFunction {
  return (host, options, done) => {
    lookup(host, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, '', 0);
      const wrong = mayBePrivate ? undefined : addresses.find(({ address }) => isPrivateAddress(address));
      if (wrong || addresses.length === 0) return done(privateHost(url), '', 0);
      if (options.all) return done(null, addresses);
      done(null, addresses[0].address, addresses[0].family);
    });
  };
}

const privateHost = (url: URL) =>
  new BregmaError('not-allowed', `${url.hostname} is an address of a private network, which is not read.`, {
    next: `A person can allow that very address: bregma allow ${url.origin}.`,
  });

/** Does something again while it fails in passing; what still fails is `missing`. what: as the error names it. */
export async function again<Result>(what: string, signal: AbortSignal, run: () => Promise<Result>): Promise<Result> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      throwIfCancelled(signal);
      if (!(error instanceof Passing)) throw error;
      if (attempt >= waitsMs.length)
        throw new BregmaError('missing', `${what} could not be read: ${error.message}.`, {
          next: 'Try again later: what arrived is kept.',
        });
      await new Promise((resolve) => setTimeout(resolve, waitsMs[attempt]));
    }
  }
}

/** Throws for an answer that is none: `Passing` when the server may come round, `missing` otherwise. */
export function mustBe(answer: Answer, statuses: number[]): void {
  if (statuses.includes(answer.status)) return;
  answer.body.destroy();
  const { status, url } = answer;
  if (status >= 500 || status === 429 || status === 408) throw new Passing(`${url.host} answered ${status}`);
  throw new BregmaError('missing', `${url.origin}${url.pathname} answered ${status}.`, {
    next:
      status === 401 || status === 403
        ? 'It is not open to anybody: download it, and add the file.'
        : 'Check the address.',
  });
}

/** The whole body, of `most` bytes at most. Throws `Passing` when it breaks off, `corrupt` when it is longer. */
export async function bodyOf({ body, url }: Answer, most: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const part of body) {
      parts.push(part);
      length += part.length;
      if (length > most)
        throw new BregmaError('corrupt', `${url.host} sends more than the ${most} bytes that were asked for.`);
    }
  } catch (error) {
    throw error instanceof BregmaError ? error : new Passing(error instanceof Error ? error.message : String(error));
  } finally {
    body.destroy();
  }
  return Buffer.concat(parts);
}
