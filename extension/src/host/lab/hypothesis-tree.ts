import { brief } from '@bregma/core/contracts/plain-text';
import { measured } from '@bregma/core/numbers';
import type { BoardCard } from '@bregma/webviews/board/model';
import * as vscode from 'vscode';
import { stateIcons } from '../../hypotheses/life-cycle.ts';
import { GroupedTree } from './grouped-tree.ts';
import type { LabWatch } from './lab-watch.ts';

/** Hypotheses under the state in which they are. */
export function hypothesisTree(watch: LabWatch): vscode.TreeDataProvider<unknown> {
  return new GroupedTree<BoardCard>(watch, {
    groups: ({ board }) =>
      board.columns.map(({ state, meaning, cards }) => ({
        title: state[0].toUpperCase() + state.slice(1),
        icon: stateIcons[state],
        tooltip: meaning,
        folded: state === 'superseded',
        contextValue: 'state',
        rows: cards,
      })),
    item: cardItem,
  });
}

function cardItem(card: BoardCard): vscode.TreeItem {
  const claim = brief(card.claim, 200);
  const item = new vscode.TreeItem(claim);
  item.id = card.id;
  item.description = describe(card);
  item.tooltip = `${claim}\n\n${card.id}, ${card.state}: ${item.description}`;
  item.contextValue = `hypothesis.${card.state}`;
  item.command = { command: 'bregma.openHypothesis', title: 'Open', arguments: [card.id] };
  item.accessibilityInformation = { label: `${card.state}: ${claim}. ${item.description}` };
  return item;
}

function describe({ result, waiting, rehearsals, predictions }: BoardCard): string {
  const parts = [
    waiting > 0 && `${waiting} ${waiting === 1 ? 'plan waits' : 'plans wait'} for you`,
    result && `${measured(result.estimate)}${result.estimate === null ? '' : ` ${result.unit}`}`,
    !result && `${predictions} ${predictions === 1 ? 'prediction' : 'predictions'}`,
    rehearsals > 0 && `${rehearsals} not evidence`,
  ];
  return parts.filter(Boolean).join(' · ');
}
