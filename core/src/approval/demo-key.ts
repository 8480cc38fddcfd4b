import { createPublicKey } from 'node:crypto';
import { fingerprint } from './statement.ts';

/** The public half of the one demonstration key: whatever a file says of it, nobody stands behind what it signs. */
export const demoPublicKey = createPublicKey({
  key: Buffer.from('MCowBQYDK2VwAyEAYFNobfqOU8droWxMpt3Q3+Sup9ZjlYjtSByXWR8H8II=', 'base64'),
  format: 'der',
  type: 'spki',
});

const demoFingerprint = fingerprint(demoPublicKey);

/** True for the demonstration key, by its fingerprint. */
export const isDemoKey = (digest: string): boolean => digest === demoFingerprint;
