import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fingerprint } from '../approval/statement.ts';
import { BregmaError } from '../errors.ts';
import { ownFolder, writeWhole } from '../storage.ts';
import type { Service } from './service.ts';

/** The key with which a service signs. */
export interface OwnKey {
  privateKey: KeyObject;
  /** DER (SPKI), base64: what workspaces keep. */
  publicKey: string;
  fingerprint: string;
}

/** Opens the folder of a service and makes it when it is not there. Throws `not-allowed` when others than its user can enter it. */
export function serviceFolder(service: Service, folder: string): string {
  const own = path.resolve(folder);
  mkdirSync(path.dirname(own), { recursive: true });
  ownFolder(own, 0o700);
  refuseOpen(service, own);
  return own;
}

/** The service's own key, made at the first start. It is not encrypted: the service starts without a person, and its folder is closed. */
export function ownKey(service: Service, folder: string): OwnKey {
  const file = path.join(folder, 'key.pem');
  if (!existsSync(file)) {
    const { privateKey } = generateKeyPairSync('ed25519');
    writeWhole(file, String(privateKey.export({ type: 'pkcs8', format: 'pem' })), 0o600);
  }
  refuseOpen(service, file);
  const privateKey = createPrivateKey(readFileSync(file, 'utf8'));
  const publicKey = createPublicKey(privateKey);
  return {
    privateKey,
    publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    fingerprint: fingerprint(publicKey),
  };
}

/** Throws `not-allowed` when another user owns it or can look into it. */
function refuseOpen({ name }: Service, place: string): void {
  if (process.platform === 'win32') return;
  const { uid, mode } = lstatSync(place);
  if (uid === process.getuid?.() && (mode & 0o077) === 0) return;
  throw new BregmaError('not-allowed', `${place} is open to other users: a ${name} keeps nothing there.`, {
    next: `Run it as a user of its own, in a folder of mode 700: chmod -R go= ${place}`,
  });
}
