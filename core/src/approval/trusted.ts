import { createPublicKey, type KeyObject } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { BregmaError } from '../errors.ts';
import { fingerprint } from './statement.ts';

/** A person's public key that this workspace accepts. */
export interface TrustedKey {
  name: string;
  publicKey: KeyObject;
  fingerprint: string;
  /** A demonstration key: everything done under it says so. */
  demo: boolean;
}

/** Where a workspace keeps the public keys that it accepts: one `NAME.pem` a person. bregma: the workspace's `.bregma`. */
export function trustedFolder(bregma: string): string {
  return path.join(bregma, 'keys', 'trusted');
}

/** All keys that the workspace accepts. Throws `corrupt` when a file there is not an Ed25519 public key. */
export function readTrustedKeys(bregma: string): TrustedKey[] {
  const folder = trustedFolder(bregma);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.pem'))
    .sort()
    .map((file) => readTrustedKey(path.join(folder, file)));
}

function readTrustedKey(file: string): TrustedKey {
  const text = readFileSync(file, 'utf8');
  try {
    const publicKey = createPublicKey(text.slice(text.indexOf('-----BEGIN')));
    if (publicKey.asymmetricKeyType !== 'ed25519')
      throw new Error(`it is a key of type ${publicKey.asymmetricKeyType}`);
    return {
      name: /^# name: (.+)$/m.exec(text)?.[1] ?? path.basename(file, '.pem'),
      publicKey,
      fingerprint: fingerprint(publicKey),
      demo: /^# demo: true$/m.test(text),
    };
  } catch (error) {
    throw new BregmaError(
      'corrupt',
      `${file} is no Ed25519 public key: ${error instanceof Error ? error.message : error}.`,
      { next: 'Remove the file, then trust the key again with `bregma approve`.' },
    );
  }
}
