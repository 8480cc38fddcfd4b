import { createPublicKey, type KeyObject } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { sha256 } from '../canonical.ts';
import { BregmaError } from '../errors.ts';
import { settingsFolder } from '../reading-policy.ts';
import { demoPublicKey, isDemoKey } from './demo-key.ts';
import { fingerprint } from './statement.ts';

/** A person's public key that is accepted in a workspace. */
export interface TrustedKey {
  name: string;
  publicKey: KeyObject;
  fingerprint: string;
  /** A demonstration key: everything done under it says so. */
  demo: boolean;
  /** The workspace in which it is accepted: see `workspaceName`. */
  workspace: string;
}

/** What a workspace is called in what a person signs: the digest of the real path of its folder, so that a copy is another one. */
export function workspaceName(bregma: string): string {
  const folder = path.dirname(path.resolve(bregma));
  return sha256(existsSync(folder) ? realpathSync(folder) : folder);
}

/** The name of a person in one line. Throws `bad-input` for what cannot be one. */
export function personName(name: string): string {
  const clean = name.replace(/\s+/g, ' ').trim();
  if (/^[\p{L}\p{N}][\p{L}\p{N} ._@-]{0,79}$/u.test(clean)) return clean;
  throw new BregmaError('bad-input', `'${name.slice(0, 80)}' cannot name a key.`, {
    next: 'Use 1 to 80 letters, digits, spaces, dots, dashes.',
  });
}

/**
 * Where the public keys lie that a person accepts in a workspace, one `NAME.pem` each: in the person's own settings, outside every
 * workspace, under the workspace's name. A folder that somebody brings, and a copy of one's own, trusts nobody. bregma: its `.bregma`.
 */
export function trustedFolder(bregma: string): string {
  return path.join(settingsFolder(), 'trusted', workspaceName(bregma).slice(0, 32));
}

/** What a workspace accepts: the keys that a person trusts in it, and the demonstration key, with which no subject is touched. Throws as `readTrustedKeys`. */
export function acceptedKeys(bregma: string): TrustedKey[] {
  const demonstration = { name: 'demonstration', publicKey: demoPublicKey, fingerprint: fingerprint(demoPublicKey) };
  return [...readTrustedKeys(bregma), { ...demonstration, demo: true, workspace: workspaceName(bregma) }];
}

/**
 * All keys that a person trusts in the workspace. Throws `corrupt` when a file there is no Ed25519 public key, `not-allowed` for one
 * that another user owns or can write.
 */
export function readTrustedKeys(bregma: string): TrustedKey[] {
  return readKeys(trustedFolder(bregma), workspaceName(bregma));
}

/** All public keys in a folder, one `NAME.pem` each, as accepted in a workspace. Throws as `readTrustedKeys`. */
export function readKeys(folder: string, workspace: string): TrustedKey[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.pem'))
    .sort()
    .map((file) => ({ ...readTrustedKey(path.join(folder, file)), workspace }));
}

function readTrustedKey(file: string): Omit<TrustedKey, 'workspace'> {
  refuseForeign(file);
  const text = readFileSync(file, 'utf8');
  try {
    const publicKey = createPublicKey(text.slice(text.indexOf('-----BEGIN')));
    if (publicKey.asymmetricKeyType !== 'ed25519')
      throw new Error(`it is a key of type ${publicKey.asymmetricKeyType}`);
    const digest = fingerprint(publicKey);
    return {
      name: /^# name: (.+)$/m.exec(text)?.[1] ?? path.basename(file, '.pem'),
      publicKey,
      fingerprint: digest,
      demo: /^# demo: true$/m.test(text) || isDemoKey(digest),
    };
  } catch (error) {
    throw new BregmaError(
      'corrupt',
      `${file} is no Ed25519 public key: ${error instanceof Error ? error.message : error}.`,
      { next: 'Remove the file, then trust the key again with `bregma trust`.' },
    );
  }
}

/** Throws `not-allowed` when somebody else than this user could have written the file. */
function refuseForeign(file: string): void {
  if (process.platform === 'win32') return;
  const found = lstatSync(file);
  const foreign = found.uid !== process.getuid?.() && found.uid !== 0;
  if (found.isFile() && !foreign && (found.mode & 0o022) === 0) return;
  const why = foreign
    ? 'belongs to another user'
    : found.isFile()
      ? 'can be written by others'
      : 'is no file of its own';
  throw new BregmaError('not-allowed', `${file} ${why}: nobody's key is accepted here.`, {
    next: `If it is what you wrote: chmod 600 ${file}. Otherwise remove it.`,
  });
}
