import { rmSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Command } from '../app.ts';
import { mustBeTrusted } from '../lab/guards.ts';
import { say } from '../say.ts';

/** Writes the person's key to a file, encrypted, for `bregma approve --key FILE`. */
export const exportSigningKey: Command = {
  async run(app) {
    const { keptKey } = await import('../lab/signing-key.ts');
    const { askPassphrase } = await import('../lab/passphrase.ts');
    mustBeTrusted('Exporting a key');
    const kept = await keptKey(app);
    if (!kept) return say('There is no signing key yet: one is made when you first sign a plan, or imported.');
    const passphrase = await askPassphrase('New Passphrase', 'It encrypts the exported key', { twice: true });
    if (passphrase === undefined) return undefined;
    const file = await vscode.window.showSaveDialog({
      title: 'Export Signing Key',
      defaultUri: vscode.Uri.file(path.join(homedir(), 'bregma-key.pem')),
      filters: { 'PEM key': ['pem'] },
    });
    if (!file) return undefined;
    const { writeKey } = await import('@bregma/core/approval/keys');
    // The dialog has asked whether to replace an existing file.
    rmSync(file.fsPath, { force: true });
    writeKey(file.fsPath, kept.key, passphrase);
    return say(`Exported. Sign in a terminal with: bregma approve PLAN --key ${file.fsPath}`);
  },
};
