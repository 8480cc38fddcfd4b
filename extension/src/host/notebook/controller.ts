import { BregmaError } from '@bregma/core/errors';
import * as vscode from 'vscode';
import { callOf, namesUsed } from '../../notebook/call.ts';
import type { FencedCell } from '../../notebook/document.ts';
import { unpinned } from '../../notebook/freshness.ts';
import { readFrontMatter } from '../../notebook/front-matter.ts';
import { troublesOf } from '../../notebook/troubles.ts';
import type { App } from '../app.ts';
import { applyEdits, cellLanguages, cellOf, cellsOf, infoEdit, notebookOf, notebookType } from './cells.ts';
import type { Marks } from './marks.ts';
import { errorOutput, outputOf, progressOutput, type Shown } from './outputs.ts';
import { activityAbove, picturesOf, show } from './show.ts';
import { toolForms } from './tool-forms.ts';

/** Progress is drawn at most this often, ms. */
const progressEveryMs = 200;

/** Runs cells: one after the other in their order, until one fails or is cancelled. */
export function createController(app: App, marks: Marks): vscode.NotebookController {
  const controller = vscode.notebooks.createNotebookController('bregma', notebookType, 'Bregma');
  controller.supportedLanguages = cellLanguages;
  controller.supportsExecutionOrder = true;
  controller.description = 'Atlas, twin and lab servers of this folder';
  let order = 0;
  controller.executeHandler = async (cells, notebook) => {
    const queue = [...cells].sort((a, b) => a.index - b.index);
    for (let cell = queue.shift(); cell; cell = queue.shift()) {
      if (!(await runCell(cell, notebook))) break;
      queue.push(...chartsOf(cell, notebook).filter((chart) => !queue.includes(chart)));
      queue.sort((a, b) => a.index - b.index);
    }
    marks.soon();
  };
  return controller;

  async function runCell(cell: vscode.NotebookCell, notebook: vscode.NotebookDocument): Promise<boolean> {
    const content = cellOf(cell);
    if (content.kind === 'prose' || cell.index < 0) return true;
    const execution = controller.createNotebookCellExecution(cell);
    const abort = new AbortController();
    execution.token.onCancellationRequested(() => abort.abort());
    execution.executionOrder = ++order;
    execution.start(Date.now());
    try {
      const shown = await run(content, cell, execution, abort.signal);
      await execution.replaceOutput(outputOf(shown));
      execution.end(true, Date.now());
      await marks.judge(notebook);
      return true;
    } catch (error) {
      const said = abort.signal.aborted ? new BregmaError('cancelled', 'Cancelled: nothing was kept.') : error;
      await execution.replaceOutput(errorOutput(said));
      execution.end(false, Date.now());
      return false;
    }
  }

  async function run(
    content: FencedCell,
    cell: vscode.NotebookCell,
    execution: vscode.NotebookCellExecution,
    signal: AbortSignal,
  ): Promise<Shown> {
    const { notebook } = cell;
    const trouble = troublesOf(notebookOf(notebook))[cell.index];
    if (trouble) throw new BregmaError('conflict', 'Nothing was run.', { next: trouble });
    if (content.kind !== 'sql' && content.kind !== 'bregma') {
      const shown = await show(app, cellsOf(notebook), cell.index, signal);
      if (!shown) throw new BregmaError('failed', 'There is nothing to show.');
      return shown;
    }
    if (!app.folder)
      throw new BregmaError('missing', 'Results are kept in a folder.', {
        next: 'Open a folder and run the cell again.',
      });
    refuseElsewhere(app.folder, notebook.uri);
    if (!vscode.workspace.isTrusted)
      throw new BregmaError('not-allowed', 'This workspace is not trusted: nothing runs in it.', {
        next: 'Trust it by “Workspaces: Manage Workspace Trust”.',
      });
    const call = callOf(content, await toolForms(app), await valuesAbove(content, cell));
    if (call.form.acts) await confirm(call.tool, call.form.question, content.info.activity);
    const answer = await app.servers.call(call.server, call.tool, call.args, {
      signal,
      onProgress: progressOn(execution),
    });
    await applyEdits(notebook, [infoEdit(cell, { activity: answer.activity })]);
    const twins = Object.values(call.args).filter((value): value is string =>
      /^twin-[0-9a-f]{16}$/.test(String(value)),
    );
    const pins = readFrontMatter(notebookOf(notebook).frontMatter);
    const releases = Array.isArray(answer.release) ? answer.release.map(String) : [];
    const said = [...(pins.problem ? [pins.problem] : []), ...unpinned({ releases, twins }, pins)];
    return { pictures: await picturesOf(app, answer.activity), said };
  }

  /** Gives the values of the earlier cells that this one names. */
  async function valuesAbove(content: FencedCell, cell: vscode.NotebookCell): Promise<(name: string) => unknown> {
    const cells = cellsOf(cell.notebook);
    const activities = new Map(namesUsed(content).map((name) => [name, activityAbove(cells, cell.index, name)]));
    const wanted = [...activities.values()];
    const facts = wanted.length > 0 ? await app.store?.ask.notebookFacts(wanted, wanted) : undefined;
    return (name) => {
      const recorded = facts?.recorded[activities.get(name) ?? ''];
      if (recorded?.status === 'ok') return recorded.value;
      throw new BregmaError('missing', `'${name}' has no result in this workspace.`, { next: 'Run it first.' });
    };
  }
}

/** A notebook of another folder of the workspace would run against records that are not its own. */
function refuseElsewhere(folder: vscode.Uri, notebook: vscode.Uri): void {
  const own = vscode.workspace.getWorkspaceFolder(notebook);
  if (!own || own.uri.toString() === folder.toString()) return;
  const shown = vscode.workspace.getWorkspaceFolder(folder)?.name ?? folder.fsPath;
  throw new BregmaError(
    'not-allowed',
    `This notebook lies in the folder '${own.name}', and this window works on the records of '${shown}': nothing was run.`,
    { next: `Open '${own.name}' in a window of its own.` },
  );
}

/** Charts below a cell that show its result: they are drawn again with it. */
function chartsOf(cell: vscode.NotebookCell, notebook: vscode.NotebookDocument): vscode.NotebookCell[] {
  const content = cellOf(cell);
  const name = content.kind === 'prose' ? undefined : content.info.name;
  if (!name || (content.kind !== 'sql' && content.kind !== 'bregma')) return [];
  return notebook.getCells().filter((other) => {
    const chart = cellOf(other);
    return (
      other.index > cell.index &&
      (chart.kind === 'plot' || chart.kind === 'vega-lite') &&
      namesUsed(chart).includes(name)
    );
  });
}

async function confirm(tool: string, question: string, before: string | undefined): Promise<void> {
  const run = 'Run It';
  const detail = `${question}\n\nThis call cannot be taken back: it spends error budget, freezes what it names, or uses the subject.${before ? ` This cell ran already, as ${before}.` : ''}`;
  const chosen = await vscode.window.showWarningMessage(`Run ${tool}?`, { modal: true, detail }, run);
  if (chosen !== run) throw new BregmaError('cancelled', `${tool} was not run.`);
}

function progressOn(execution: vscode.NotebookCellExecution) {
  let last = 0;
  return ({ progress, total, message }: { progress: number; total?: number; message?: string }) => {
    if (Date.now() - last < progressEveryMs) return;
    last = Date.now();
    void execution.replaceOutput(progressOutput({ done: progress, total, message }));
  };
}
