import { brief } from '@bregma/core/contracts/plain-text';
import type { ExperimentRow, ExperimentsModel, PlanRow } from '@bregma/core/contracts/views/plan';
import * as vscode from 'vscode';
import { planIcons, planMeanings } from '../../experiments/plan-state.ts';
import type { LabWatch } from './lab-watch.ts';

interface Group {
  title: string;
  icon: string;
  rows: (PlanRow | ExperimentRow)[];
}
type Node = Group | PlanRow | ExperimentRow;

const isGroup = (node: Node): node is Group => 'rows' in node;
const isExperiment = (node: PlanRow | ExperimentRow): node is ExperimentRow => 'delivered' in node;
const live = (state: string) => state === 'running' || state === 'elsewhere';

/** Plans that wait, what runs, and what was. */
export class ExperimentTree implements vscode.TreeDataProvider<Node> {
  readonly onDidChangeTreeData: vscode.Event<undefined>;
  private readonly watch: LabWatch;

  constructor(watch: LabWatch) {
    this.watch = watch;
    this.onDidChangeTreeData = (listener) => watch.onChanged(() => listener(undefined));
  }

  getChildren(node?: Node): Node[] {
    if (node) return isGroup(node) ? node.rows : [];
    const now = this.watch.now?.experiments;
    return now ? groupsOf(now).filter(({ rows }) => rows.length > 0) : [];
  }

  getTreeItem(node: Node): vscode.TreeItem {
    if (isGroup(node)) {
      const item = new vscode.TreeItem(node.title, vscode.TreeItemCollapsibleState.Expanded);
      item.id = node.title;
      item.description = String(node.rows.length);
      item.iconPath = new vscode.ThemeIcon(node.icon);
      return item;
    }
    return isExperiment(node) ? experimentItem(node) : planItem(node);
  }
}

function groupsOf({ plans, experiments }: ExperimentsModel): Group[] {
  const [waiting, ready] = [plansIn('waiting', 'reviewed'), plansIn('approved')];
  function plansIn(...states: string[]) {
    return plans.filter(({ state }) => states.includes(state));
  }
  return [
    { title: 'Running', icon: planIcons.running, rows: experiments.filter(({ state }) => live(state)) },
    { title: 'Waits for a person', icon: planIcons.waiting, rows: waiting },
    { title: 'Approved, not run yet', icon: planIcons.approved, rows: ready },
    { title: 'Ended', icon: 'archive', rows: experiments.filter(({ state }) => !live(state)) },
    { title: 'Not to be run', icon: planIcons.rejected, rows: plansIn('expired', 'void', 'rejected', 'obsolete') },
  ];
}

function planItem(plan: PlanRow): vscode.TreeItem {
  const item = new vscode.TreeItem(brief(plan.about, 200));
  item.id = plan.id;
  item.description = plan.state;
  item.tooltip = `${brief(plan.claim, 400)}\n\n${plan.id}: ${planMeanings[plan.state]}`;
  item.iconPath = new vscode.ThemeIcon(planIcons[plan.state]);
  item.contextValue = `plan.${plan.state}`;
  item.command = { command: 'bregma.openPlan', title: 'Review', arguments: [plan.id] };
  item.accessibilityInformation = { label: `Plan, ${plan.state}: ${brief(plan.about, 200)}` };
  return item;
}

function experimentItem(row: ExperimentRow): vscode.TreeItem {
  const trials = row.delivered === null ? '' : `, ${row.delivered} of ${row.asked ?? 'unknown'} trials`;
  const standing = `${row.stopping ? 'stopping' : row.state}${trials}`;
  const item = new vscode.TreeItem(standing[0].toUpperCase() + standing.slice(1));
  item.id = row.id;
  item.description = brief(row.about, 200);
  item.tooltip = `${row.id} of ${row.plan}: ${planMeanings[row.state]}${row.reason ? `\n\n${brief(row.reason, 400)}` : ''}`;
  item.iconPath = new vscode.ThemeIcon(planIcons[row.state]);
  item.contextValue = `experiment.${live(row.state) ? 'running' : row.state}`;
  item.command = { command: 'bregma.openPlan', title: 'Open', arguments: [row.plan] };
  item.accessibilityInformation = { label: `Experiment, ${standing}: ${brief(row.about, 200)}` };
  return item;
}
