import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { KeyTrust } from '../contracts/experiment.ts';
import { BregmaError } from '../errors.ts';
import type { Workspace } from '../workspace.ts';
import { isDemoKey } from './demo-key.ts';
import { fingerprint } from './statement.ts';
import { acceptedKeys, personName, type TrustedKey, trustedFolder, workspaceName } from './trusted.ts';

/** A person's key pair, unlocked. */
export interface SigningKey {
  privateKey: KeyObject;
  publicKey: KeyObject;
  fingerprint: string;
  demo: boolean;
}

/** Fewest characters of a passphrase. */
export const shortestPassphrase = 8;
/** The passphrase of the demonstration keys of earlier builds: a key that it opens is one, whatever its file says. */
export const demoPassphrase = 'demonstration';
const demoLine = '# bregma demo key: no person stands behind it';

/** PKCS #8 of an Ed25519 key before its 32 bytes: https://www.rfc-editor.org/rfc/rfc8410#section-7 */
const beforeSeed = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The one demonstration key. Everybody has it, so nobody stands behind what it signs; `demo-key.ts` knows its public half. */
export function demoKey(): SigningKey {
  const seed = createHash('sha256').update('bregma demonstration key: no person stands behind it').digest();
  const key = Buffer.concat([beforeSeed, seed]);
  return signingKey(createPrivateKey({ key, format: 'der', type: 'pkcs8' }), true);
}

/** A new Ed25519 key pair. demo: marks it for good as one without a person behind it. */
export function makeKey(options: { demo?: boolean } = {}): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return { privateKey, publicKey, fingerprint: fingerprint(publicKey), demo: options.demo ?? false };
}

/** A new key pair, its private key written to `file`. Throws as `writeKey`. */
export function createKey(file: string, passphrase: string, options: { demo?: boolean } = {}): SigningKey {
  const key = makeKey(options);
  writeKey(file, key, passphrase);
  return key;
}

/**
 * Writes a private key to `file`, encrypted (PKCS #8, AES-256) and readable by its owner alone. Throws `bad-input` on a short
 * passphrase and `conflict` when the file exists.
 */
export function writeKey(file: string, key: SigningKey, passphrase: string): void {
  if (passphrase.length < shortestPassphrase)
    throw new BregmaError('bad-input', `The passphrase has ${passphrase.length} characters.`, {
      next: `Choose one of at least ${shortestPassphrase}.`,
    });
  if (existsSync(file))
    throw new BregmaError('conflict', `${file} exists already; a key is never overwritten.`, {
      next: 'Use that key, or choose another file.',
    });
  const pem = key.privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase });
  mkdirSync(path.dirname(path.resolve(file)), { recursive: true, mode: 0o700 });
  writeFileSync(file, key.demo ? `${demoLine}\n${pem}` : pem, { mode: 0o600, flag: 'wx' });
}

/** The text of a private key's file. Throws `missing`, and `bad-input` when it is none. */
export function readKeyFile(file: string): string {
  if (!existsSync(file))
    throw new BregmaError('missing', `There is no key at ${file}.`, {
      next: 'Make one with `bregma trust`.',
    });
  const text = readFileSync(file, 'utf8');
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) return text;
  throw new BregmaError('bad-input', `${file} is no private key.`, {
    next: 'Choose the PEM file that `bregma trust` or “Bregma: Export Signing Key” wrote.',
  });
}

/** Unlocks a key file. Throws as `readKeyFile`, and `not-allowed` when the passphrase does not open it. */
export function loadKey(file: string, passphrase: string): SigningKey {
  const text = readKeyFile(file);
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey({ key: text.slice(text.indexOf('-----BEGIN')), passphrase });
  } catch {
    throw new BregmaError('not-allowed', `The passphrase does not open ${file}.`, {
      next: 'Try the passphrase again.',
    });
  }
  if (privateKey.asymmetricKeyType !== 'ed25519')
    throw new BregmaError('bad-input', `${file} holds a key of type ${privateKey.asymmetricKeyType}, not Ed25519.`);
  return signingKey(privateKey, text.startsWith(demoLine) || passphrase === demoPassphrase);
}

/** The pair that belongs to a private key. */
function signingKey(privateKey: KeyObject, demo: boolean): SigningKey {
  const publicKey = createPublicKey(privateKey);
  const digest = fingerprint(publicKey);
  return { privateKey, publicKey, fingerprint: digest, demo: demo || isDemoKey(digest) };
}

/** A key as text for a place that encrypts what it keeps, such as the editor's SecretStorage. Never for a file. */
export function keyToSecret(key: SigningKey): string {
  const pem = key.privateKey.export({ type: 'pkcs8', format: 'pem' });
  return key.demo ? `${demoLine}\n${pem}` : String(pem);
}

/** Reads what `keyToSecret` wrote. Throws `corrupt`. */
export function keyFromSecret(secret: string): SigningKey {
  try {
    const privateKey = createPrivateKey(secret.slice(secret.indexOf('-----BEGIN')));
    if (privateKey.asymmetricKeyType === 'ed25519') return signingKey(privateKey, secret.startsWith(demoLine));
  } catch {
    // said below
  }
  throw new BregmaError('corrupt', 'The signing key that was kept is no Ed25519 key.', {
    next: 'Import your key again, or make a new one.',
  });
}

/** The entry under which this key is accepted in the workspace, or undefined. */
export function findTrusted(bregma: string, key: { fingerprint: string }): TrustedKey | undefined {
  return acceptedKeys(bregma).find((trusted) => trusted.fingerprint === key.fingerprint);
}

/**
 * Accepts a person's public key in this workspace from now on: noted in the person's settings, and put on record. For the command line
 * and the extension, after asking the person; no server calls this. Trusting the same key again changes nothing. Throws `bad-input`
 * for a name that is none.
 */
export function trustKey(
  { bregma, ledger }: Pick<Workspace, 'bregma' | 'ledger'>,
  key: { publicKey: KeyObject; demo: boolean },
  name: string,
): TrustedKey {
  const clean = personName(name);
  const digest = fingerprint(key.publicKey);
  const known = findTrusted(bregma, { fingerprint: digest });
  if (known) return known;
  const body: KeyTrust = { key: digest, name: clean, demo: key.demo, workspace: workspaceName(bregma) };
  // On record first: what is trusted without a record would be worse than a record of what is not trusted yet.
  ledger.append([{ kind: 'trust', subject: digest, body }], { durable: true });
  const folder = trustedFolder(bregma);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = path.join(folder, `${clean.replace(/[^A-Za-z0-9.-]+/g, '-')}-${digest.slice(0, 8)}.pem`);
  const pem = key.publicKey.export({ type: 'spki', format: 'pem' });
  writeFileSync(file, `# name: ${clean}\n${key.demo ? '# demo: true\n' : ''}${pem}`, { flag: 'wx', mode: 0o600 });
  return { name: clean, publicKey: key.publicKey, fingerprint: digest, demo: key.demo, workspace: body.workspace };
}
