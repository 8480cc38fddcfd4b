import { brief } from '@bregma/core/contracts/plain-text';
import { BregmaError, saidBy, unknownName } from '@bregma/core/errors';
import { DraftForm, type DraftModel } from '@bregma/webviews/draft/model';
import * as vscode from 'vscode';
import * as z from 'zod';
import { emptyForm, formOf, recordArguments } from '../../hypotheses/draft.ts';
import type { App } from '../app.ts';
import { freeze } from './freeze.ts';
import { mustBeTrusted, openFolder } from './guards.ts';

const titles = { new: 'New Hypothesis', edit: 'Edit Draft', supersede: 'New Version' };
const Save = z.object({ form: DraftForm, freeze: z.boolean() });

/** Opens the form in which a draft is written. of: the draft that is edited, or the frozen hypothesis that gets a new version. */
export async function openDraft(app: App, mode: DraftModel['mode'], of?: string): Promise<void> {
  mustBeTrusted('Writing hypotheses');
  const { store } = openFolder(app);
  const sources = store.seq() > 0 ? await store.ask.draftSources(of) : { twins: [] };
  const { content, state } = sources;
  if (of !== undefined && !content) throw unknownName('hypothesis', of, [], undefined, 'in this folder');
  if (mode === 'edit' && state !== 'draft')
    throw new BregmaError('conflict', `${of} is ${state}: it is not edited.`, {
      next: 'Write a new version that supersedes it.',
    });
  let model: DraftModel = {
    mode,
    of,
    form: content ? formOf(content) : emptyForm(),
    twins: sources.twins,
    trusted: vscode.workspace.isTrusted,
    saving: false,
  };
  app.show({
    view: 'draft',
    key: `draft ${mode} ${of ?? ''}`,
    title: content ? `${titles[mode]}: ${brief(content.claim, 30)}` : titles[mode],
    model,
    intents: {
      async save(payload, shown) {
        const wanted = Save.parse(payload);
        const draw = (change: Partial<DraftModel>) => {
          model = { ...model, problem: undefined, ...change };
          shown.update(model);
        };
        draw({ saving: true });
        const id = await record(app, model, wanted.form, content?.supersedes).catch((error) => {
          const { message, next } = saidBy(error);
          draw({
            saving: false,
            problem: [message.replace(/^lab record_hypothesis: /, ''), next].filter(Boolean).join(' '),
          });
        });
        if (id === undefined) return;
        shown.panel.dispose();
        // By its command: a hypothesis opens drafts, and so does not have to be known here.
        await vscode.commands.executeCommand('bregma.openHypothesis', id);
        if (wanted.freeze) await freeze(app, id);
      },
    },
  });
}

async function record(app: App, model: DraftModel, form: DraftForm, supersedes?: string): Promise<string> {
  mustBeTrusted('Writing hypotheses');
  const args = recordArguments(form, { ...model, supersedes: model.mode === 'edit' ? supersedes : undefined });
  const { value } = await app.servers.call('lab', 'record_hypothesis', args);
  return z.object({ hypothesis: z.string() }).parse(value).hypothesis;
}
