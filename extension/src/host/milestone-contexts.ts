import * as vscode from 'vscode';

/** How far a person is: what the walkthrough ticks off, and what empty trees look at. */
type Milestone = 'folderOpen' | 'healthy' | 'agentConnected' | 'hasData' | 'hasVerdict';

const reached = new Map<Milestone, boolean>();
const tell = (name: Milestone, value: boolean) => vscode.commands.executeCommand('setContext', `bregma.${name}`, value);

/** Tells the walkthrough that a step is done or undone, when that is new. */
export function sayMilestone(name: Milestone, value: boolean): void {
  if (reached.get(name) === value) return;
  reached.set(name, value);
  void tell(name, value);
}

/** Opens the walkthrough. Its steps see a milestone only when it is reached before their eyes: those that were are told again. */
export async function openWalkthroughAnew(id: string): Promise<void> {
  const known = [...reached].filter(([, value]) => value).map(([name]) => name);
  await Promise.all(known.map((name) => tell(name, false)));
  await vscode.commands.executeCommand('workbench.action.openWalkthrough', id, false);
  await Promise.all(known.map((name) => tell(name, true)));
}
