import type { Frame } from 'playwright-core';
import type { Editor } from './editor.ts';
import type { TourWorkspace } from './tour-workspace.ts';
import { commandAndPick, openFile, pick } from './workbench.ts';

/** One place of the editor: goes there; the tour then takes a picture named for it. */
export interface Stop {
  name: string;
  go(editor: Editor, workspace: TourWorkspace): Promise<unknown>;
}

const trees = ['Data', 'Twins', 'Hypotheses', 'Experiments', 'Provenance'];

/** Every tree, panel, walkthrough step and notebook, in the order of the loop. */
export const stops: Stop[] = [
  {
    name: 'first-look',
    async go(editor) {
      await openSideBar(editor);
      await editor.page.locator('.part.sidebar .monaco-list-row:visible', { hasText: 'Ended' }).waitFor();
    },
  },
  ...trees.map((tree): Stop => ({ name: `tree-${tree.toLowerCase()}`, go: (editor) => aloneInSideBar(editor, tree) })),
  ...['folder', 'doctor', 'agent', 'loop', 'verdict', 'provenance', 'check'].map(
    (step, i): Stop => ({ name: `walkthrough-${i + 1}-${step}`, go: (editor) => walkthroughStep(editor, i) }),
  ),
  view('doctor', 'Bregma: Doctor', '.bregma-doctor h1'),
  { name: 'card-data', go: (editor) => cardOf(editor, 'Data', 'Data set macaque') },
  { name: 'card-twin', go: (editor) => cardOf(editor, 'Twins', 'Twin ') },
  view('board', 'Bregma: Open Hypothesis Board', '.bregma-board h1'),
  view('draft', 'Bregma: New Hypothesis', '.bregma-draft form'),
  {
    name: 'hypothesis',
    go: (editor, { tested }) => picked(editor, 'Bregma: Open Hypothesis…', tested, '.bregma-hypothesis .numbers'),
  },
  {
    name: 'plan',
    go: (editor, { plan }) => picked(editor, 'Bregma: Review Experiment Plan…', plan, '.bregma-approval h1'),
  },
  view('provenance', 'Bregma: Open Provenance', '.bregma-lineage .box'),
  {
    name: 'provenance-list',
    async go(editor, { tested }) {
      const frame = await picked(editor, 'Bregma: Show Lineage…', tested, '.bregma-lineage .box.bad');
      await frame.getByRole('button', { name: 'List' }).click();
    },
  },
  {
    name: 'lineage-verdict',
    go: (editor, { tested }) => picked(editor, 'Bregma: Show Lineage…', tested, '.bregma-lineage .box.bad'),
  },
  { name: 'record', go: (editor, { validities }) => record(editor, validities[0]) },
  {
    name: 'comparison',
    async go(editor, { validities: [a, b] }) {
      const frame = await record(editor, a);
      await frame.getByRole('button', { name: 'Compare…' }).click();
      await pick(editor.page, b, 'this id');
      await editor.frame('.bregma-comparison .numbers svg');
    },
  },
  {
    name: 'verify',
    async go(editor, { validities }) {
      const frame = await record(editor, validities[0]);
      await frame.getByRole('button', { name: 'Verify all' }).click();
      await frame.locator('.verdict').waitFor();
    },
  },
  explore('atlas-matrix', ['Cook', 'Connection matrix'], '.bregma-matrix canvas'),
  explore('atlas-responses', ['Macaque', 'Responses to every stimulus'], '.bregma-matrix canvas'),
  explore('atlas-stimuli', ['Macaque', 'Stimuli'], '.bregma-image canvas, .bregma-image img'),
  explore('atlas-table', ['Cook', 'Table edges'], '.bregma-table'),
  view('report', 'Bregma: Open the Report', 'h1:has-text("V4")'),
  {
    name: 'notebook',
    async go(editor, { notebook }) {
      await openFile(editor.page, notebook);
      await editor.page.locator('.notebookOverlay .code-cell-row:visible').first().waitFor();
      await editor.page.locator('.notebook-toolbar-container [aria-label="Run All"]').first().click();
      await editor.frame('.bregma-output svg');
    },
  },
];

async function openSideBar({ page }: Editor): Promise<void> {
  const container = page.locator('.activitybar [aria-label^="Bregma"]').first();
  const title = page.locator('.part.sidebar .composite.title', { hasText: 'Bregma' });
  if (!(await title.isVisible())) await container.click();
  await title.waitFor();
}

/** Opens one tree and folds the others away. */
async function aloneInSideBar(editor: Editor, tree: string): Promise<void> {
  await openSideBar(editor);
  for (const name of trees) {
    const header = editor.page.locator('.part.sidebar .pane-header', { hasText: new RegExp(`^${name}`) });
    const open = (await header.getAttribute('aria-expanded')) === 'true';
    if (open !== (name === tree)) await header.click();
  }
  for (let level = 0; level < 2; level++) {
    const closed = editor.page.locator('.part.sidebar .pane-body .monaco-list-row[aria-expanded="false"]:visible');
    if ((await closed.count()) > 0) await closed.first().locator('.monaco-tl-twistie').click();
  }
}

async function walkthroughStep(editor: Editor, i: number): Promise<void> {
  const steps = editor.page.locator('.getting-started-step');
  if ((await steps.count()) === 0) await editor.command('Bregma: Get Started');
  await steps.nth(i).waitFor();
  await steps.nth(i).click();
}

function view(name: string, command: string, selector: string): Stop {
  return {
    name,
    async go(editor) {
      await editor.command(command);
      return editor.frame(selector);
    },
  };
}

async function picked(editor: Editor, command: string, row: string, selector: string): Promise<Frame> {
  await commandAndPick(editor.page, command, row, row);
  return editor.frame(selector);
}

async function record(editor: Editor, id: string): Promise<Frame> {
  await commandAndPick(editor.page, 'Bregma: Show Record', id, 'this id');
  return editor.frame(`.bregma-activity:has(code:text-is("${id}"))`);
}

async function cardOf(editor: Editor, tree: string, row: string): Promise<void> {
  await aloneInSideBar(editor, tree);
  await editor.page.locator(`.part.sidebar .monaco-list-row[aria-label^="${row}"]`).first().click();
  await editor.frame('.bregma-card h1');
}

function explore(name: string, choices: [string, string], selector: string): Stop {
  return {
    name,
    async go(editor) {
      await editor.command('Bregma: Open Atlas Explorer');
      for (const choice of choices) await pick(editor.page, choice, choice);
      return editor.frame(selector);
    },
  };
}
