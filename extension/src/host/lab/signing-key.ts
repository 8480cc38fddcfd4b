import { userInfo } from 'node:os';
import path from 'node:path';
import type { SigningKey } from '@bregma/core/approval/keys';
import * as vscode from 'vscode';
import * as z from 'zod';
import type { App } from '../app.ts';
import { openFolder } from './guards.ts';

/** Where SecretStorage keeps the key of the person at this editor. */
const place = 'bregma.signingKey';
const Kept = z.object({ name: z.string(), key: z.string() });

interface PersonsKey {
  /** The person, as approvals name them. */
  name: string;
  key: SigningKey;
}

/** The key of the person at this editor, or undefined when there is none yet. Throws `corrupt`. */
export async function keptKey({ context }: App): Promise<PersonsKey | undefined> {
  const secret = await context.secrets.get(place);
  if (secret === undefined) return undefined;
  const { keyFromSecret } = await import('@bregma/core/approval/keys');
  const { name, key } = Kept.parse(JSON.parse(secret));
  return { name, key: keyFromSecret(key) };
}

/** Keeps a key as the one of the person at this editor. */
export async function keepKey({ context }: App, { name, key }: PersonsKey): Promise<void> {
  const { keyToSecret } = await import('@bregma/core/approval/keys');
  await context.secrets.store(place, JSON.stringify({ name, key: keyToSecret(key) }));
}

/** The person's key, made on first use and accepted by this folder, each after an explanation. Undefined: they said no. */
export async function readyKey(app: App): Promise<PersonsKey | undefined> {
  const kept = await keptKey(app);
  if (!kept) return makeKeyFor(app);
  const { findTrusted } = await import('@bregma/core/approval/keys');
  if (findTrusted(bregmaOf(app), kept.key)) return kept;
  const agreed = await vscode.window.showInformationMessage(
    `Let this folder accept the signature of ${kept.name}?`,
    {
      modal: true,
      detail: `Your key (${kept.key.fingerprint.slice(0, 16)}…) has not been used in this folder before. Its public half is noted in your own Bregma settings, for this folder and no copy of it; approvals that it signs then count here, also those made with \`bregma approve\`.`,
    },
    'Accept My Key',
  );
  if (!agreed) return undefined;
  await trust(app, kept);
  return kept;
}

async function makeKeyFor(app: App): Promise<PersonsKey | undefined> {
  const agreed = await vscode.window.showInformationMessage(
    'Make your signing key?',
    {
      modal: true,
      detail: [
        'An approval is signed with a key that stands for you (Ed25519). It is made now and kept in the secret storage of this editor: not in the folder, not where an agent can read it, and it is never sent anywhere.',
        'This folder then accepts what it signs: the public half goes into your own Bregma settings, for this folder and no copy of it.',
        'Whoever uses this editor as you can sign with it. “Bregma: Export Signing Key” gives it to `bregma approve`, encrypted with a passphrase.',
      ].join('\n\n'),
    },
    'Make Key',
  );
  if (!agreed) return undefined;
  const name = await askName();
  if (name === undefined) return undefined;
  const { makeKey } = await import('@bregma/core/approval/keys');
  const made = { name, key: makeKey() };
  await trust(app, made);
  await keepKey(app, made);
  return made;
}

/** Asks for the name under which a person signs. */
export function askName(): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: 'Your Name',
    prompt: 'As it will stand on every approval that you sign',
    value: userInfo().username,
    ignoreFocusOut: true,
    validateInput: (text) =>
      /^[\p{L}\p{N}][\p{L}\p{N} ._@-]{0,79}$/u.test(text.trim())
        ? undefined
        : 'Use 1 to 80 letters, digits, spaces, dots, dashes.',
  });
}

async function trust(app: App, { name, key }: PersonsKey): Promise<void> {
  const [{ trustKey }, { openWorkspace }] = await Promise.all([
    import('@bregma/core/approval/keys'),
    import('@bregma/core/workspace'),
  ]);
  const workspace = openWorkspace(openFolder(app).folder.fsPath);
  try {
    trustKey(workspace, key, name);
  } finally {
    workspace.close();
  }
}

function bregmaOf(app: App): string {
  return path.join(openFolder(app).folder.fsPath, '.bregma');
}
