import type { HypothesisState } from '@bregma/core/contracts/hypothesis';
import { brief } from '@bregma/core/contracts/plain-text';
import * as vscode from 'vscode';
import { planIcons } from '../../experiments/plan-state.ts';
import { stateIcons } from '../../hypotheses/life-cycle.ts';
import type { App } from '../app.ts';
import { idOf, openFolder } from './guards.ts';

/** The hypothesis that a command is about: given, or chosen from those in a fitting state. */
export async function pickHypothesis(
  app: App,
  given: unknown,
  fits: (state: HypothesisState) => boolean = () => true,
): Promise<string | undefined> {
  const id = idOf(given);
  if (id !== undefined) return id;
  const { columns } = await openFolder(app).store.ask.hypothesisBoard(vscode.workspace.isTrusted);
  const items = columns
    .filter(({ state }) => fits(state))
    .flatMap(({ state, cards }) =>
      cards.map((card) => ({
        label: `$(${stateIcons[state]}) ${brief(card.claim, 100)}`,
        description: `${state} · ${card.id}`,
        id: card.id,
      })),
    );
  return choose(items, 'Which hypothesis?', 'There is no such hypothesis in this folder.');
}

/** The plan that a command is about. */
export async function pickPlan(app: App, given: unknown): Promise<string | undefined> {
  const id = idOf(given);
  if (id !== undefined) return id;
  const { plans } = await openFolder(app).store.ask.experimentList();
  const items = plans.map(({ id: plan, about, state }) => ({
    label: `$(${planIcons[state]}) ${brief(about, 100)}`,
    description: `${state} · ${plan}`,
    id: plan,
  }));
  return choose(items, 'Which plan?', 'There is no plan in this folder. An agent makes one with plan_experiment.');
}

async function choose(
  items: (vscode.QuickPickItem & { id: string })[],
  title: string,
  none: string,
): Promise<string | undefined> {
  if (items.length > 0) return (await vscode.window.showQuickPick(items, { title, matchOnDescription: true }))?.id;
  void vscode.window.showInformationMessage(none);
  return undefined;
}
