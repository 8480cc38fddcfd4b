import { randomBytes } from 'node:crypto';
import { BregmaError } from '@bregma/core/errors';
import type { Picture } from '@bregma/notebooks/draw/draw';
import { plainPicture } from '@bregma/notebooks/draw/plain-picture';
import type { DrawnFrom } from '@bregma/notebooks/freshness';
import type { Shown } from '@bregma/notebooks/show';
import { type NotebookOutput, notebookOutputType, packOutput } from '@bregma/webviews/hosts/notebook-output';
import * as vscode from 'vscode';

/** What the editor itself needs to know of an output. */
interface OutputState {
  key: string;
  drawn?: DrawnFrom;
}

/**
 * The state is an item of the output and not its metadata: when a file is reloaded, VS Code gives an output new items and leaves
 * its metadata as they were.
 */
const stateType = 'application/vnd.bregma.state+json';

/** What the output of a cell remembers of its run; undefined: it has none of ours. */
export function outputState(cell: vscode.NotebookCell): OutputState | undefined {
  const item = cell.outputs[0]?.items.find(({ mime }) => mime === stateType);
  // SAFETY: only `output` makes items of this type.
  return item && (JSON.parse(new TextDecoder().decode(item.data)) as OutputState);
}

/** Text of an output that other tools of the editor read; the renderer shows the pictures. */
const longestText = 4_000;

/** An output with its pictures, and the same as text for whoever cannot see them. */
export function outputOf({ pictures, said = [], drawn }: Shown): vscode.NotebookCellOutput {
  return output({ pictures, said }, textOf(pictures, said), drawn);
}

/** The output of a cell that still runs. */
export function progressOutput(progress: NotebookOutput['progress']): vscode.NotebookCellOutput {
  return output({ pictures: [], said: [], progress }, progress?.message ?? 'running');
}

/** An error as a cell shows it: what is wrong and what to do next. */
export function errorOutput(error: unknown): vscode.NotebookCellOutput {
  const message = error instanceof Error ? error.message : String(error);
  const next = error instanceof BregmaError ? error.next : undefined;
  return output({ pictures: [], said: [], error: { message, next } }, next ? `${message} ${next}` : message);
}

function output(shown: Omit<NotebookOutput, 'key'>, text: string, drawn?: DrawnFrom): vscode.NotebookCellOutput {
  const key = randomBytes(8).toString('hex');
  return new vscode.NotebookCellOutput([
    new vscode.NotebookCellOutputItem(packOutput({ key, ...shown }), notebookOutputType),
    vscode.NotebookCellOutputItem.text(text.slice(0, longestText), 'text/plain'),
    vscode.NotebookCellOutputItem.json({ key, drawn } satisfies OutputState, stateType),
  ]);
}

const textOf = (pictures: Picture[], said: string[]): string => [...said, ...pictures.map(plainPicture)].join('\n');
