import { BregmaError } from '@bregma/core/errors';
import { namesUsed } from '@bregma/notebooks/call';
import type { FencedCell } from '@bregma/notebooks/document';
import { noFacts } from '@bregma/notebooks/judge';
import { isCall, refuseTrouble, runCall } from '@bregma/notebooks/run-cell';
import type { Shown } from '@bregma/notebooks/show';
import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { askingForTerms } from './agree-to-terms.ts';
import { applyEdits, cellLanguages, cellOf, cellsOf, infoEdit, notebookOf, notebookType } from './cells.ts';
import type { Marks } from './marks.ts';
import { errorOutput, outputOf, progressOutput } from './outputs.ts';
import { picturesOf, show } from './show.ts';
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
    const own = app.at(notebook.uri);
    refuseTrouble(notebookOf(notebook), cell.index);
    if (!isCall(content)) {
      const shown = await show(own, cellsOf(notebook), cell.index, signal);
      if (!shown) throw new BregmaError('failed', 'There is nothing to show.');
      return shown;
    }
    if (!own.folder)
      throw new BregmaError('missing', 'Results are kept in a folder.', {
        next: 'Open a folder and run the cell again.',
      });
    if (!vscode.workspace.isTrusted)
      throw new BregmaError('not-allowed', 'This workspace is not trusted: nothing runs in it.', {
        next: 'Trust it by “Workspaces: Manage Workspace Trust”.',
      });
    const { activity, said } = await runCall(notebookOf(notebook), cell.index, {
      tools: await toolForms(app),
      facts: async (activities, valuesOf) => (await own.store?.ask.notebookFacts(activities, valuesOf)) ?? noFacts,
      allow: ({ tool, form }, before) => confirm(tool, form.question, before),
      call: ({ server, tool, args }) => {
        const call = () => own.servers.call(server, tool, args, { signal, onProgress: progressOn(execution) });
        return tool === 'add_data' ? askingForTerms(args.source, call) : call();
      },
    });
    await applyEdits(notebook, [infoEdit(cell, { activity })]);
    return { pictures: await picturesOf(own, activity), said };
  }
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
