import { BregmaError } from '@bregma/core/errors';

/** What a JSON file of BIDS says, by name. */
export type Sidecar = Record<string, unknown>;

/** Parses a file of BIDS' metadata. Throws `corrupt` when it is no JSON object. */
export function sidecarOf(bytes: Buffer, name: string): Sidecar {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8').replace(/^\ufeff/, ''));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // told below
  }
  throw new BregmaError('corrupt', `${name} is no JSON object.`, { next: 'Correct it, as the BIDS validator says.' });
}
