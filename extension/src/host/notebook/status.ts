import { kindSigns } from '@bregma/core/contracts/kind-signs';
import * as vscode from 'vscode';
import { cellOf } from './cells.ts';
import type { Marks } from './marks.ts';

const { Left, Right } = {
  Left: vscode.NotebookCellStatusBarAlignment.Left,
  Right: vscode.NotebookCellStatusBarAlignment.Right,
};

/** What stands below a cell: its name, whether its result is fresh, how its values came to be, and the activity behind it. */
export function statusItems(cell: vscode.NotebookCell, marks: Marks): vscode.NotebookCellStatusBarItem[] {
  const content = cellOf(cell);
  if (content.kind === 'prose') return [];
  const { name, activity } = content.info;
  const mark = marks.of(cell);
  const items: vscode.NotebookCellStatusBarItem[] = [];
  const add = (text: string, tooltip: string, side = Left, command?: vscode.Command) => {
    const item = new vscode.NotebookCellStatusBarItem(text, side);
    item.tooltip = tooltip;
    item.command = command;
    item.accessibilityInformation = { label: tooltip };
    items.push(item);
  };
  if (content.kind !== 'hypothesis')
    add(
      name ? `$(tag) ${name}` : '$(tag) Name…',
      name ? `Later cells use this result as '${name}'. Rename…` : 'Give the result a name',
      Left,
      {
        command: 'bregma.nameCell',
        title: 'Name Cell',
        arguments: [cell],
      },
    );
  if (mark) addFreshness(mark.freshness, add);
  if (mark?.kind) add(`${kindSigns[mark.kind]} ${mark.kind}`, `The values are ${mark.kind}.`);
  if (activity)
    add(`$(history) ${activity}`, `Open the activity ${activity}`, Right, {
      command: 'bregma.showRecord',
      title: 'Open the Activity',
      arguments: [activity],
    });
  return items;
}

function addFreshness(
  state: NonNullable<ReturnType<Marks['of']>>['freshness'],
  add: (text: string, tooltip: string) => void,
): void {
  if (state.state === 'fresh') add('$(check) fresh', 'This is what the cell would give now.');
  if (state.state === 'stale') add('$(warning) stale', `Stale. ${state.reasons.join(' ')}`);
  if (state.state === 'blocked') add('$(error) cannot run', state.reasons.join(' '));
  if (state.state === 'not-run') add('$(circle-outline) not run', 'There is no result yet.');
}
