import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { BregmaError } from '../errors.ts';
import { fingerprint } from './statement.ts';
import { readTrustedKeys, type TrustedKey, trustedFolder } from './trusted.ts';

/** A person's key pair, unlocked. */
export interface SigningKey {
  privateKey: KeyObject;
  publicKey: KeyObject;
  fingerprint: string;
  demo: boolean;
}

/** Fewest characters of a passphrase. */
export const shortestPassphrase = 8;
const demoLine = '# bregma demo key: no person stands behind it';

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
      next: 'Make one with `bregma approve --new-key`.',
    });
  const text = readFileSync(file, 'utf8');
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) return text;
  throw new BregmaError('bad-input', `${file} is no private key.`, {
    next: 'Choose the PEM file that `bregma approve --new-key` or “Bregma: Export Signing Key” wrote.',
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
  return signingKey(privateKey, text.startsWith(demoLine));
}

/** The pair that belongs to a private key. */
function signingKey(privateKey: KeyObject, demo: boolean): SigningKey {
  const publicKey = createPublicKey(privateKey);
  return { privateKey, publicKey, fingerprint: fingerprint(publicKey), demo };
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

/** The entry under which the workspace accepts this key, or undefined. */
export function findTrusted(bregma: string, key: { fingerprint: string }): TrustedKey | undefined {
  return readTrustedKeys(bregma).find((trusted) => trusted.fingerprint === key.fingerprint);
}

/**
 * Accepts a person's public key in this workspace from now on. For the command line and the extension, after asking the
 * person; no server calls this. Trusting the same key again changes nothing.
 */
export function trustKey(bregma: string, key: { publicKey: KeyObject; demo: boolean }, name: string): TrustedKey {
  const clean = name.replace(/\s+/g, ' ').trim();
  if (!/^[\p{L}\p{N}][\p{L}\p{N} ._@-]{0,79}$/u.test(clean))
    throw new BregmaError('bad-input', `'${name.slice(0, 80)}' cannot name a key.`, {
      next: 'Use 1 to 80 letters, digits, spaces, dots, dashes.',
    });
  const digest = fingerprint(key.publicKey);
  const known = findTrusted(bregma, { fingerprint: digest });
  if (known) return known;
  const folder = trustedFolder(bregma);
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${clean.replace(/[^A-Za-z0-9.-]+/g, '-')}-${digest.slice(0, 8)}.pem`);
  const pem = key.publicKey.export({ type: 'spki', format: 'pem' });
  writeFileSync(file, `# name: ${clean}\n${key.demo ? '# demo: true\n' : ''}${pem}`, { flag: 'wx' });
  return { name: clean, publicKey: key.publicKey, fingerprint: digest, demo: key.demo };
}
