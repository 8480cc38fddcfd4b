import { request } from 'node:http';
import type * as z from 'zod';
import { BregmaError, type ErrorCode, isErrorCode } from '../errors.ts';
import { memberOf } from '../members.ts';
import type { ServicePlace } from './place.ts';
import type { Service } from './service.ts';

/** How an answer is waited for. */
export interface Patience {
  /** A service that says nothing within this time is not there, ms. */
  ms: number;
  /** Largest answer that is read, bytes. */
  largestAnswer: number;
}

const patienceOfMost: Patience = { ms: 10_000, largestAnswer: 20_000_000 };

/**
 * Asks a service, and holds its answer to a form. Throws `failed` when it cannot be reached or its answer is none, and what it refuses as
 * what it is. A call whose answer was lost on the way is sent once more: those that spend carry a nonce, by which they are known again.
 */
export async function askService<Form extends z.ZodType>(
  service: Service,
  place: ServicePlace,
  name: string,
  call: unknown,
  form: Form,
  patience: Patience = patienceOfMost,
): Promise<z.output<Form>> {
  const body = Buffer.from(JSON.stringify(call));
  const text = await send(service, place, name, body, patience)
    .catch(() => send(service, place, name, body, patience))
    .catch((error: unknown) => {
      throw new BregmaError(
        'failed',
        `The ${service.name} at ${place.address} does not answer: ${error instanceof Error ? error.message : error}.`,
        {
          next: `Nothing was spent here. Start it (\`bregma ${service.name} serve\`), or look at the address (\`${service.join}\`).`,
        },
      );
    });
  const answer = jsonOf(text, service, place);
  const refused = memberOf(answer, 'error');
  if (refused) throw asError(service, refused);
  const parsed = form.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new BregmaError(
    'failed',
    `The ${service.name} at ${place.address} gave an answer that this Bregma does not know.`,
    { next: 'Update the older of the two.' },
  );
}

function jsonOf(text: string, service: Service, place: ServicePlace): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new BregmaError('failed', `What answers at ${place.address} is no ${service.name}.`, {
      next: `Look at the address: \`${service.join}\` says where it is.`,
    });
  }
}

function asError(service: Service, refused: unknown): BregmaError {
  const code = memberOf(refused, 'code');
  const next = memberOf(refused, 'next');
  return new BregmaError(
    isErrorCode(code) ? code : ('failed' satisfies ErrorCode),
    `The ${service.name} refuses: ${memberOf(refused, 'message')}`,
    {
      next: typeof next === 'string' ? next : undefined,
    },
  );
}

function send(
  service: Service,
  { address, token }: ServicePlace,
  name: string,
  body: Buffer,
  patience: Patience,
): Promise<string> {
  const socketPath = /^unix:(.+)$/.exec(address)?.[1];
  const target = new URL(`/${name}`, socketPath ? `http://${service.name}` : address);
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'content-length': body.length,
  };
  return new Promise((resolve, reject) => {
    const sent = request(
      target,
      { method: 'POST', headers, timeout: patience.ms, ...(socketPath ? { socketPath } : {}) },
      (response) => {
        const parts: Buffer[] = [];
        let size = 0;
        response.on('data', (part: Buffer) => {
          size += part.length;
          if (size > patience.largestAnswer) sent.destroy(new Error('its answer is too long'));
          else parts.push(part);
        });
        response.on('error', reject);
        response.on('end', () => resolve(Buffer.concat(parts).toString('utf8')));
      },
    );
    sent.on('timeout', () => sent.destroy(new Error('it took too long')));
    sent.on('error', reject);
    sent.end(body);
  });
}
