import { shortestPassphrase } from '@bregma/core/approval/keys';
import * as vscode from 'vscode';

/** Asks for a passphrase without showing it. twice: a new one, typed again. Undefined: the person gave up. */
export async function askPassphrase(
  title: string,
  prompt: string,
  options: { twice?: boolean } = {},
): Promise<string | undefined> {
  const first = await vscode.window.showInputBox({
    title,
    prompt,
    password: true,
    ignoreFocusOut: true,
    validateInput: (text) =>
      options.twice && text.length < shortestPassphrase ? `At least ${shortestPassphrase} characters.` : undefined,
  });
  if (first === undefined || !options.twice) return first;
  return vscode.window.showInputBox({
    title: `${title}, Again`,
    prompt: 'Type it once more',
    password: true,
    ignoreFocusOut: true,
    validateInput: (text) => (text === first ? undefined : 'It differs from the first.'),
  });
}
