import type { SigningKey } from '@bregma/core/approval/keys';
import { codeOf } from '@bregma/core/storage';
import * as vscode from 'vscode';
import type { Command } from '../app.ts';
import { mustBeTrusted } from '../lab/guards.ts';
import { say } from '../say.ts';

/** Takes over a key that `bregma approve` or another editor has made. */
export const importSigningKey: Command = {
  async run(app) {
    const { askName, keepKey, keptKey } = await import('../lab/signing-key.ts');
    const { askPassphrase } = await import('../lab/passphrase.ts');
    mustBeTrusted('Importing a key');
    const kept = await keptKey(app).catch(() => undefined);
    if (kept) {
      const replace = await vscode.window.showWarningMessage(
        `Replace the signing key of ${kept.name}?`,
        {
          modal: true,
          detail: `This editor forgets key ${kept.key.fingerprint.slice(0, 16)}…. Export it first if you still need it. What it signed stays valid.`,
        },
        'Replace',
      );
      if (!replace) return undefined;
    }
    const [file] =
      (await vscode.window.showOpenDialog({ title: 'Import Signing Key', filters: { 'PEM key': ['pem'] } })) ?? [];
    if (!file) return undefined;
    const { loadKey, readKeyFile } = await import('@bregma/core/approval/keys');
    readKeyFile(file.fsPath);
    let key: SigningKey | undefined;
    for (let says = `It opens ${file.fsPath}`; !key; says = `That passphrase does not open ${file.fsPath}. Try again`) {
      const passphrase = await askPassphrase('Passphrase', says);
      if (passphrase === undefined) return undefined;
      try {
        key = loadKey(file.fsPath, passphrase);
      } catch (error) {
        if (codeOf(error) !== 'not-allowed') throw error;
      }
    }
    const name = await askName();
    if (name === undefined) return undefined;
    await keepKey(app, { name: name.trim(), key });
    return say(`You sign as ${name.trim()} with key ${key.fingerprint.slice(0, 16)}….`);
  },
};
