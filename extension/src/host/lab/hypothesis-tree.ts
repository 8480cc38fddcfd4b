import { brief } from '@bregma/core/contracts/plain-text';
import type { BoardCard, BoardModel } from '@bregma/core/contracts/views/hypotheses';
import * as vscode from 'vscode';
import { stateIcons } from '../../hypotheses/life-cycle.ts';
import type { LabWatch } from './lab-watch.ts';

type Column = BoardModel['columns'][number];
type Node = Column | BoardCard;

const isColumn = (node: Node): node is Column => 'cards' in node;

/** Hypotheses under the state in which they are; states without any are left out. */
export class HypothesisTree implements vscode.TreeDataProvider<Node> {
  readonly onDidChangeTreeData: vscode.Event<undefined>;
  private readonly watch: LabWatch;

  constructor(watch: LabWatch) {
    this.watch = watch;
    this.onDidChangeTreeData = (listener) => watch.onChanged(() => listener(undefined));
  }

  getChildren(node?: Node): Node[] {
    if (node) return isColumn(node) ? node.cards : [];
    return (this.watch.now?.board.columns ?? []).filter(({ cards }) => cards.length > 0);
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return isColumn(node) ? columnItem(node) : cardItem(node);
  }
}

function columnItem({ state, meaning, cards }: Column): vscode.TreeItem {
  const closed = state === 'superseded';
  const item = new vscode.TreeItem(
    state[0].toUpperCase() + state.slice(1),
    closed ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.Expanded,
  );
  item.id = state;
  item.description = String(cards.length);
  item.tooltip = meaning;
  item.iconPath = new vscode.ThemeIcon(stateIcons[state]);
  item.contextValue = 'state';
  return item;
}

function cardItem(card: BoardCard): vscode.TreeItem {
  const claim = brief(card.claim, 200);
  const item = new vscode.TreeItem(claim);
  item.id = card.id;
  item.description = describe(card);
  item.tooltip = `${claim}\n\n${card.id}, ${card.state}`;
  item.contextValue = `hypothesis.${card.state}`;
  item.command = { command: 'bregma.openHypothesis', title: 'Open', arguments: [card.id] };
  item.accessibilityInformation = { label: `${card.state}: ${claim}. ${item.description}` };
  return item;
}

function describe({ result, waiting, rehearsals, predictions }: BoardCard): string {
  const parts = [
    waiting > 0 && `${waiting} ${waiting === 1 ? 'plan waits' : 'plans wait'} for you`,
    result && `${result.estimate === null ? 'not measured' : `${result.estimate.toFixed(3)} ${result.unit}`}`,
    !result && `${predictions} ${predictions === 1 ? 'prediction' : 'predictions'}`,
    rehearsals > 0 && `${rehearsals} not evidence`,
  ];
  return parts.filter(Boolean).join(' · ');
}
