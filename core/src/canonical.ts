import { createHash } from 'node:crypto';

/**
 * Canonical JSON: keys in code-unit order, no white space, `undefined` members left out, NaN and infinities as null
 * ("not measured"). Same value, same bytes (after RFC 8785). Throws on bigint: 64-bit ids must already be strings.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'number') return Number.isFinite(value) ? JSON.stringify(value) : 'null';
  if (typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value);
  if (typeof value === 'bigint')
    throw new TypeError(`A 64-bit integer (${value}) reached a record as a number: pass it as a string.`);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (ArrayBuffer.isView(value))
    throw new TypeError('An array of numbers reached a record: store it as an object and pass the reference.');
  if (typeof value === 'object') {
    const members: string[] = [];
    for (const key of Object.keys(value).sort()) {
      // SAFETY: `key` comes from the keys of `value`.
      const member = (value as Record<string, unknown>)[key];
      if (member !== undefined) members.push(`${JSON.stringify(key)}:${canonicalJson(member)}`);
    }
    return `{${members.join(',')}}`;
  }
  throw new TypeError(`A ${typeof value} cannot be recorded.`);
}

/** sha256 in hex. */
export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** Digest of a value's canonical JSON. */
export function digestOf(value: unknown): string {
  return sha256(canonicalJson(value));
}
