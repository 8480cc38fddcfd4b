import { brief } from '@bregma/core/contracts/plain-text';
import * as vscode from 'vscode';
import type { ExperimentRow, ExperimentsModel, PlanRow } from '../../experiments/listing.ts';
import { planIcons, planMeanings } from '../../experiments/plan-state.ts';
import { type Group, GroupedTree } from './grouped-tree.ts';
import type { LabWatch } from './lab-watch.ts';

type Row = PlanRow | ExperimentRow;

const isExperiment = (row: Row): row is ExperimentRow => 'delivered' in row;
const live = (state: string) => state === 'running' || state === 'elsewhere';

/** Plans that wait, what runs, and what was. */
export function experimentTree(watch: LabWatch): vscode.TreeDataProvider<unknown> {
  return new GroupedTree<Row>(watch, {
    groups: ({ experiments }) => groupsOf(experiments),
    item: (row) => (isExperiment(row) ? experimentItem(row) : planItem(row)),
  });
}

function groupsOf({ plans, experiments }: ExperimentsModel): Group<Row>[] {
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
