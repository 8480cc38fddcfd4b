import { BregmaError } from '@bregma/core/errors';
import * as vscode from 'vscode';
import type { Command } from '../app.ts';
import { openNew } from '../notebook/new-notebook.ts';
import { toolForms } from '../notebook/tool-forms.ts';

/** Makes a notebook of what an agent did: a cell a call. given: name of the client whose newest session is meant. */
export const sessionToNotebook: Command = {
  async run(app, given) {
    if (!app.store) throw new BregmaError('missing', 'Open a folder first: its records are kept in it.');
    const sessions = await app.store.ask.notebookSessions();
    if (sessions.length === 0) throw new BregmaError('missing', 'No agent has called a tool in this folder yet.');
    const time = (at: string) => new Date(at).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
    const items = sessions.map((session) => ({
      label: session.client.slice(0, 80),
      description: `${time(session.from)}, ${session.calls} call${session.calls === 1 ? '' : 's'}`,
      detail: session.tools.slice(0, 6).join(' · '),
      session,
    }));
    const chosen =
      items.find(({ session }) => session.client === given) ??
      (await vscode.window.showQuickPick(items, {
        title: 'Turn Agent Session into a Notebook',
        placeHolder: 'A session is what one client did without a pause of half an hour',
        matchOnDetail: true,
      }));
    if (!chosen) return undefined;
    const { client, first, last, from } = chosen.session;
    const calls = await app.store.ask.notebookSessionCalls(client, first, last);
    const { sessionNotebook } = await import('@bregma/notebooks/session');
    const { serialize } = await import('@bregma/notebooks/serialize');
    const notebook = sessionNotebook(calls, await toolForms(app), { client });
    return openNew(app, `session-${from.slice(0, 16).replace(/[T:]/g, '-')}`, serialize(notebook));
  },
};
