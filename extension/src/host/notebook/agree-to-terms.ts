import { noteAgreement } from '@bregma/core/agreements';
import { brief } from '@bregma/core/contracts/plain-text';
import { BregmaError } from '@bregma/core/errors';
import * as vscode from 'vscode';

/**
 * Makes a call that adds data. Where they have terms that nobody agreed to yet, the person is shown them, and the call is made again if
 * they agree, which is noted in their own settings as `bregma agree` does. source: what is added.
 */
export async function askingForTerms<Answer>(source: unknown, call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call();
  } catch (error) {
    const { terms, licenceUrl } = error instanceof BregmaError ? error.fields : {};
    if (typeof terms !== 'string' || typeof source !== 'string') throw error;
    const [id] = source.split('@');
    if (!(await agrees(id, terms, licenceUrl))) throw error;
    noteAgreement(id, terms);
    return call();
  }
}

async function agrees(id: string, terms: string, licence?: string): Promise<boolean> {
  const [agree, open] = ['I Agree', 'Open Licence'];
  const address = licence?.startsWith('https:') ? licence : undefined;
  const detail = [
    brief(terms, 2000),
    ...(address ? [address] : []),
    'That you agree is noted in your own settings, outside every workspace, and in the record of the data.',
  ].join('\n\n');
  for (;;) {
    const chosen = await vscode.window.showWarningMessage(
      `Do you agree to the terms of ${brief(id, 100)}?`,
      { modal: true, detail },
      ...(address ? [agree, open] : [agree]),
    );
    if (chosen !== open || !address) return chosen === agree;
    await vscode.env.openExternal(vscode.Uri.parse(address));
  }
}
