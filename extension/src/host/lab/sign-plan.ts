import type { Meaning } from '@bregma/core/contracts/experiment';
import { brief } from '@bregma/core/contracts/plain-text';
import { BregmaError, unknownName } from '@bregma/core/errors';
import type { PlanModel, SignRequest } from '@bregma/webviews/approval/model';
import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { mustBeTrusted, openFolder } from './guards.ts';
import { readyKey } from './signing-key.ts';

const verbs: Record<Meaning, string> = { approve: 'Approve', review: 'Mark as Reviewed', reject: 'Reject' };

/**
 * Signs a plan for the person at this editor. What the view sends is a wish: the signature needs the start of the plan's hash,
 * typed into an input of the editor itself, which no view and no agent can fill in.
 */
export async function signPlan(app: App, id: string, wish: SignRequest): Promise<void> {
  mustBeTrusted('Signing');
  const { store, folder } = openFolder(app);
  const plan = await store.ask.planCard(id);
  if (!plan) throw unknownName('plan', id, [], undefined, 'in this folder');
  if (wish.meaning === 'approve' && !(await acceptFailures(plan))) return;
  const key = await readyKey(app);
  if (!key) return;
  if (!(await confirmed(plan, wish, key.name))) return;
  const [{ openWorkspace }, { approvePlan }, { findPlan }] = await Promise.all([
    import('@bregma/core/workspace'),
    import('@bregma/core/approval/sign'),
    import('@bregma/core/approval/check'),
  ]);
  const workspace = openWorkspace(folder.fsPath);
  try {
    if (findPlan(workspace.ledger, id).hash !== plan.hash)
      throw new BregmaError('conflict', `${id} is not the plan that you read.`, { next: 'Read it again.' });
    const { body } = approvePlan(workspace, id, key.key, {
      by: key.name,
      meaning: wish.meaning,
      hash: plan.hash,
      comment: wish.comment?.trim() || undefined,
      expiresInHours: wish.hours,
    });
    const { expires } = body.statement;
    void vscode.window.showInformationMessage(
      {
        approve: `Approved: ${id} may run once, until ${new Date(expires).toLocaleString()}.`,
        review: `Noted that ${key.name} reviewed ${id}. It still may not run.`,
        reject: `Rejected: ${id} may not run.`,
      }[wish.meaning],
    );
  } finally {
    workspace.close();
  }
}

/** A plan that fails a check is approved only by somebody who says so once more. */
async function acceptFailures({ dryRun }: PlanModel): Promise<boolean> {
  const failed = dryRun.checks.filter(({ ok }) => !ok).map(({ says }) => `• ${brief(says, 300)}`);
  if (dryRun.problem) failed.push(`• ${brief(dryRun.problem, 300)}`);
  if (failed.length === 0) return true;
  const answer = await vscode.window.showWarningMessage(
    failed.length === 1 ? 'A check of this plan fails' : `${failed.length} checks of this plan fail`,
    { modal: true, detail: `${failed.join('\n')}\n\nThe driver may refuse it when it is run.` },
    'Go On',
  );
  return answer !== undefined;
}

async function confirmed(plan: PlanModel, wish: SignRequest, name: string): Promise<boolean> {
  const wanted = plan.hash.slice(0, 6);
  const consequence = {
    approve: `one run of ${plan.design.trials} trials on ${brief(plan.subject.id, 80)} within ${wish.hours} h`,
    review: 'permits no run; it says that you looked',
    reject: 'no run; earlier approvals are withdrawn',
  }[wish.meaning];
  const typed = await vscode.window.showInputBox({
    title: `${verbs[wish.meaning]} ${plan.id} as ${brief(name, 80)}`,
    prompt: `Type ${wanted} to sign (${consequence}).`,
    placeHolder: 'First six characters of the plan’s hash',
    ignoreFocusOut: true,
    validateInput: (text) =>
      text === '' || text === wanted ? undefined : `Nothing is signed until it reads ${wanted}.`,
  });
  return typed === wanted;
}
