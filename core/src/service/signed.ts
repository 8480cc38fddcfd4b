import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { fingerprint } from '../approval/statement.ts';
import { canonicalJson } from '../canonical.ts';

/** The bytes that a service signs: a line that says what this is, then the canonical JSON of the statement. */
const signedBytes = (heading: string, statement: object) =>
  Buffer.from(`bregma ${heading} 1\n${canonicalJson(statement)}`);

/** Signature of a statement: Ed25519, base64. heading: what it is, so that no statement passes for one of another kind. */
export const signatureOf = (heading: string, statement: object, privateKey: KeyObject): string =>
  sign(null, signedBytes(heading, statement), privateKey).toString('base64');

/** The public key of a service as a workspace keeps it: DER (SPKI), base64. Throws when it is none. */
export const publicKeyOf = (text: string): KeyObject =>
  createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });

/** True when the service of this key and fingerprint signed the statement. */
export function isSigned(
  heading: string,
  { statement, signature }: { statement: object; signature: string },
  { key, by }: { key: string; by: string },
): boolean {
  try {
    const publicKey = publicKeyOf(key);
    if (publicKey.asymmetricKeyType !== 'ed25519' || by !== fingerprint(publicKey)) return false;
    return verify(null, signedBytes(heading, statement), publicKey, Buffer.from(signature, 'base64'));
  } catch {
    return false;
  }
}
