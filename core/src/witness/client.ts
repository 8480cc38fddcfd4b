import { request } from 'node:http';
import { type AnswerTo, type CallOf, WitnessAnswers, type WitnessCall } from '../contracts/witness-call.ts';
import { BregmaError, type ErrorCode, isErrorCode } from '../errors.ts';
import { memberOf } from '../members.ts';
import type { WitnessPlace } from './place.ts';

/** A witness that does not answer within this time is not there, ms. */
const patienceMs = 10_000;
/** Largest answer that is read, bytes. */
const largestAnswer = 20_000_000;

/**
 * Asks a witness. Throws `failed` when it cannot be reached or its answer is none, and what it refuses as what it is. A call whose answer was
 * lost on the way is sent once more: those that spend carry a nonce, by which the witness knows them again.
 */
export async function askWitness<Name extends WitnessCall>(
  place: WitnessPlace,
  name: Name,
  call: CallOf<Name>,
): Promise<AnswerTo<Name>> {
  const body = Buffer.from(JSON.stringify(call));
  const text = await send(place, name, body)
    .catch(() => send(place, name, body))
    .catch((error: unknown) => {
      throw new BregmaError(
        'failed',
        `The witness at ${place.address} does not answer: ${error instanceof Error ? error.message : error}.`,
        {
          next: 'Nothing was spent here. Start it (`bregma witness serve`), or see `bregma witness status`.',
        },
      );
    });
  const answer = jsonOf(text, place);
  const refused = memberOf(answer, 'error');
  if (refused) throw asError(refused);
  const parsed = WitnessAnswers[name].safeParse(answer);
  // SAFETY: the answer was just held to the form of this call's answers.
  if (parsed.success) return parsed.data as AnswerTo<Name>;
  throw new BregmaError('failed', `The witness at ${place.address} gave an answer that this Bregma does not know.`, {
    next: 'Update the older of the two.',
  });
}

function jsonOf(text: string, place: WitnessPlace): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new BregmaError('failed', `What answers at ${place.address} is no witness.`, {
      next: 'Look at the address: `bregma witness status`.',
    });
  }
}

function asError(refused: unknown): BregmaError {
  const code = memberOf(refused, 'code');
  const next = memberOf(refused, 'next');
  return new BregmaError(
    isErrorCode(code) ? code : ('failed' satisfies ErrorCode),
    `The witness refuses: ${memberOf(refused, 'message')}`,
    {
      next: typeof next === 'string' ? next : undefined,
    },
  );
}

function send({ address, token }: WitnessPlace, name: string, body: Buffer): Promise<string> {
  const socketPath = /^unix:(.+)$/.exec(address)?.[1];
  const target = new URL(`/${name}`, socketPath ? 'http://witness' : address);
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'content-length': body.length,
  };
  return new Promise((resolve, reject) => {
    const sent = request(
      target,
      { method: 'POST', headers, timeout: patienceMs, ...(socketPath ? { socketPath } : {}) },
      (response) => {
        const parts: Buffer[] = [];
        let size = 0;
        response.on('data', (part: Buffer) => {
          size += part.length;
          if (size > largestAnswer) sent.destroy(new Error('its answer is too long'));
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
