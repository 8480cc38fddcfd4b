import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Ledger } from '@bregma/core/ledger/ledger';
import type { Frame, Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../fixtures/client.ts';
import { type Editor, openEditor } from './editor.ts';
import { hostileNotebook, prepare, settings, wiring } from './notebook-files.ts';
import { answer, answerFileDialog, dialog, mergedAfter, openFile, saveUntil, toast } from './workbench.ts';

/** High enough for a whole notebook: cells and outputs outside the window are not made. */
const tall = { width: 1400, height: 4200 };

describe('a notebook in the real editor', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'bregma-notebook-'));
  const file = path.join(folder, 'wiring.bregma.md');
  const text = () => readFileSync(file, 'utf8');
  let editor: Editor;
  let written: string;

  beforeAll(async () => {
    const hypothesis = await prepare(folder);
    written = wiring(hypothesis);
    writeFileSync(file, written);
    writeFileSync(
      path.join(folder, 'acting.bregma.md'),
      `\`\`\`bregma name=frozen\ntool: freeze_hypothesis\narguments: {hypothesis: ${hypothesis}}\n\`\`\`\n`,
    );
    writeFileSync(
      path.join(folder, 'terms.bregma.md'),
      '```bregma\ntool: add_data\narguments: {source: celegans-causal-randi2023}\n```\n',
    );
    writeFileSync(path.join(folder, 'hostile.bregma.md'), hostileNotebook());
    writeFileSync(
      path.join(folder, 'long.bregma.md'),
      '```sql\nSELECT sum(a.range * b.range) FROM range(1000000) a, range(10000000) b\n```\n\n```sql\nSELECT * FROM no_such_table\n```\n',
    );
    // Saved when a test says so: unsaved work is what these tests are about.
    editor = await openEditor({ folder, settings: { ...settings, 'files.autoSave': 'off' }, ...tall });
    await editor.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  });
  afterAll(async () => {
    await editor?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail')
      await editor.shot(`notebook-failed-${task.name.slice(0, 30).replaceAll(' ', '-')}`);
  });

  const open = async (name: string) => {
    await openFile(editor.page, name);
    await editor.page.locator('.notebookOverlay .code-cell-row:visible').first().waitFor();
  };
  /** VS Code keeps in place what stands in front while outputs above it grow: cells before it may have left the window. */
  const toTop = async () => {
    await editor.command('View: Focus Active Editor Group');
    await editor.page.keyboard.press('Escape');
    await editor.page.keyboard.press('Control+Home');
  };
  /** The frame of the notebook that shows these words: every open notebook has one. */
  const outputs = (words: string): Promise<Frame> => editor.frame(`.bregma-output:has-text("${words}")`);
  const cell = (words: string): Locator => editor.page.locator('.code-cell-row:visible', { hasText: words }).first();
  const seen = async (wanted: Locator) => {
    await wanted.first().waitFor();
    return wanted.first();
  };
  /** A picture of the window at a size that people have. */
  const shot = async (name: string, width = 1400, height = 900) => {
    await editor.page.setViewportSize({ width, height });
    await editor.page.waitForTimeout(600);
    await editor.shot(name);
    await editor.page.setViewportSize(tall);
  };
  const status = (words: string, label: string) => cell(words).locator('.cell-status-item', { hasText: label });

  test('runs all its cells and shows a table, charts, a twin and a hypothesis', async () => {
    await open('wiring.bregma.md');
    await editor.page
      .getByRole('button', { name: /Run All/ })
      .first()
      .click();
    const frame = await outputs('4681');
    await frame.getByText('4681').first().waitFor();
    await seen(frame.locator('.bregma-drawing img'));
    const size = await frame
      .locator('.bregma-drawing img')
      .evaluate((img) => (img as { naturalWidth?: number }).naturalWidth);
    expect(size).toBeGreaterThan(200);
    await seen(frame.locator('.bregma-chart svg'));
    await seen(frame.getByText('AVAR'));
    await seen(frame.locator('.bregma-claim', { hasText: 'Wiring alone predicts' }));
    await seen(status('SELECT kind', 'fresh'));
    await status('SELECT kind', 'derived').waitFor();
    await editor.shot('notebook-whole-dark');
    await shot('notebook-dark-1400');
  });

  test('is saved with the ids of its activities, and with no other byte changed', async () => {
    await editor.page.keyboard.press('Control+S');
    await expect.poll(() => text().match(/^\S+ act-[0-9a-f]{16}$/gm)?.length).toBe(3);
    const saved = text();
    expect(saved.replace(/\n<!-- bregma results\n(?:\S+ act-[0-9a-f]{16}\n){3}-->\n$/, '')).toBe(written);
  });

  test('shows soon what an agent writes, keeps other outputs, and marks what is stale with the reason', async () => {
    const { page } = editor;
    const frame = await outputs('4681');
    const started = Date.now();
    writeFileSync(file, text().replace('ORDER BY 1', 'ORDER BY 2').replace('# Wiring of', '# The wiring of'));
    await page.locator('.view-lines', { hasText: 'ORDER BY 2' }).first().waitFor();
    const shownAfterMs = Date.now() - started;
    console.log(`an agent's edit was shown after ${shownAfterMs} ms`);
    await status('SELECT kind', 'stale').waitFor();
    await frame.locator('.stale:visible', { hasText: 'was changed after it ran' }).first().waitFor();
    await frame.getByText('4681').first().waitFor();
    await seen(frame.locator('.stale:visible', { hasText: "builds on 'cells', which is stale" }));
    await shot('notebook-stale-dark');
  });

  test('merges what an agent writes with unsaved work in other cells', async () => {
    await type('stimulate', ' # mine');
    writeFileSync(file, text().replace('The end.', 'The end, by an agent.'));
    // It is said for some seconds only.
    const said = editor.page.locator('.statusbar-item', { hasText: 'Merged the file' }).waitFor();
    await seen((await outputs('4681')).getByText('The end, by an agent.'));
    await said;
    await seen(editor.page.locator('.view-lines', { hasText: '# mine' }));
    await saveUntil(editor.page, () => text().includes('# mine'));
    expect(text()).toContain('The end, by an agent.');
  });

  test('asks when an agent and a person changed the same cell, and loses neither before the answer', async () => {
    const { page } = editor;
    await type('stimulate', ' two');
    writeFileSync(file, text().replace('# mine', '# theirs'));
    const asked = toast(page, 'was changed on disk');
    await asked.waitFor();
    await page.locator('.view-lines', { hasText: '# mine two' }).first().waitFor();
    expect(text()).toContain('# theirs');
    await shot('notebook-conflict-dark');
    await mergedAfter(page, () => asked.getByRole('button', { name: 'Keep Mine' }).click());
    await saveUntil(page, () => text().includes('# mine two'));
  });

  test('takes what an agent wrote into a cell that a person changed too, when the person says so', async () => {
    const { page } = editor;
    await type('stimulate', ' three');
    writeFileSync(file, text().replace('# mine two', '# an agent chose this'));
    const asked = toast(page, 'was changed on disk');
    await mergedAfter(page, () => asked.getByRole('button', { name: 'Take the File’s' }).click());
    await page.locator('.view-lines', { hasText: '# an agent chose this' }).first().waitFor();
    await saveUntil(page, () => text().includes('# an agent chose this'));
    expect(text()).not.toContain('three');
  });

  test('pins the releases and twins that its results used, and keeps what else stands before the cells', async () => {
    await editor.command('Bregma: Pin Releases and Twins of This Notebook');
    await toast(editor.page, 'Pinned celegans-cook2019@2019, twin-').waitFor();
    await saveUntil(editor.page, () => text().includes('twins:'));
    expect(text()).toMatch(/^---\n.*\ntwins: \[ twin-[0-9a-f]{16} \]\n---\n/s);
    expect(text()).toMatch(/^---\ntitle: Wiring\n# kept as it is\nreleases: \[ ?celegans-cook2019@2019 ?\]\n/);
  });

  test('writes a whole result to a CSV and to a Parquet file', async () => {
    await toTop();
    await cell('SELECT kind').locator('.view-lines').click();
    await editor.page.keyboard.press('Escape');
    for (const name of ['kinds.csv', 'kinds.parquet']) {
      await editor.command('Bregma: Save Result as CSV or Parquet…');
      await answerFileDialog(editor.page, 'Save Result', path.join(folder, name));
      await expect.poll(() => existsSync(path.join(folder, name))).toBe(true);
    }
    expect(readFileSync(path.join(folder, 'kinds.csv'), 'utf8')).toMatch(/^kind,n\r\n(.*\r\n)*chemical,4681\r\n/);
    expect(readFileSync(path.join(folder, 'kinds.parquet')).subarray(0, 4).toString()).toBe('PAR1');
  });

  test('asks before a tool that acts, and runs nothing when the answer is no', async () => {
    const { page } = editor;
    await open('acting.bregma.md');
    const ledger = new Ledger(path.join(folder, '.bregma'), { readOnly: true });
    const { seq } = ledger.head();
    const run = cell('freeze_hypothesis').locator('.run-button-container .action-label').first();
    await cell('freeze_hypothesis').hover();
    await run.click();
    await dialog(page).getByText('This call cannot be taken back').waitFor();
    await shot('notebook-acting-dark');
    await answer(page, 'Cancel');
    await (await outputs('was not run')).getByText('freeze_hypothesis was not run.').waitFor();
    expect(ledger.head().seq).toBe(seq);
    await cell('freeze_hypothesis').hover();
    await run.click();
    await answer(page, 'Run It');
    await status('freeze_hypothesis', 'fresh').waitFor();
    expect([...ledger.rows(seq)].map(({ kind }) => kind)).toContain('hypothesis');
    ledger.close();
    await page.keyboard.press('Control+S');
  });

  test.skipIf(!process.env.BREGMA_MIRROR)(
    'asks whether the person agrees to the terms of data, and adds none before',
    async () => {
      const { page } = editor;
      await open('terms.bregma.md');
      const run = cell('add_data').locator('.run-button-container .action-label').first();
      await cell('add_data').hover();
      await run.click();
      await dialog(page).getByText('Do you agree to the terms of celegans-causal-randi2023?').waitFor();
      await shot('notebook-terms-dark');
      await answer(page, 'Cancel');
      await (await outputs('has terms')).getByText('celegans-causal-randi2023 has terms').waitFor();
      await cell('add_data').hover();
      await run.click();
      await answer(page, 'I Agree');
      await status('add_data', 'fresh').waitFor();
      const ledger = new Ledger(path.join(folder, '.bregma'), { readOnly: true });
      const added = ledger.list('dataset').filter(({ body }) => body.id === 'celegans-causal-randi2023');
      ledger.close();
      expect(added.map(({ body }) => body.agreed?.by)).toEqual(['person']);
      await page.keyboard.press('Control+S');
    },
  );

  test('cancels a long cell, and explains an error with the next step', async () => {
    const { page } = editor;
    await open('long.bregma.md');
    const button = (words: string) => cell(words).locator('.run-button-container .action-label').first();
    await (await seen(cell('range(1000000)'))).hover();
    await button('range(1000000)').click();
    await cell('range(1000000)').locator('.run-button-container .codicon-notebook-stop').waitFor();
    await page.waitForTimeout(1000);
    const stopped = Date.now();
    await button('range(1000000)').click();
    const frame = await outputs('Cancelled');
    await frame.getByText('Cancelled: nothing was kept.').waitFor();
    console.log(`a long cell was cancelled after ${Date.now() - stopped} ms`);
    await cell('no_such_table').hover();
    await button('no_such_table').click();
    await frame.locator('.failure', { hasText: 'no_such_table' }).waitFor();
    await frame.locator('.failure .next').waitFor();
    await shot('notebook-error-dark');
  });

  test('copies a table as CSV', async () => {
    await open('wiring.bregma.md');
    await toTop();
    const frame = await outputs('4681');
    await frame.locator('.bregma-table', { hasText: '4681' }).getByRole('button', { name: /CSV/ }).click();
    await expect.poll(() => editor.page.evaluate('navigator.clipboard.readText()')).toContain('chemical,4681');
  });

  test('draws its outputs from the store when it is opened again', async () => {
    const { page } = editor;
    await editor.page.keyboard.press('Control+S');
    await editor.command('View: Close All Editors');
    await page.locator('.notebookOverlay .code-cell-row').first().waitFor({ state: 'detached' });
    await open('wiring.bregma.md');
    const frame = await outputs('4681');
    await frame.getByText('4681').first().waitFor();
    await seen(frame.locator('.bregma-drawing img'));
    expect(await page.locator('.execution-count-label', { hasText: /\[\d/ }).count()).toBe(0);
  });

  test('is exported as a page that checks itself and as a Jupyter notebook', async () => {
    const { page } = editor;
    for (const [label, name] of [
      ['HTML', 'wiring.html'],
      ['Jupyter', 'wiring.ipynb'],
    ]) {
      await editor.command('Bregma: Export Notebook…');
      await page.locator('.quick-input-list .monaco-list-row', { hasText: label }).first().click();
      await answerFileDialog(page, `Export as ${label}`, path.join(folder, name));
      const size = () => (existsSync(path.join(folder, name)) ? statSync(path.join(folder, name)).size : 0);
      await expect.poll(size).toBeGreaterThan(1000);
    }
    const html = readFileSync(path.join(folder, 'wiring.html'), 'utf8');
    expect(html.match(/<script[^>]*>/g)).toEqual(['<script type="application/json" id="publication">', '<script>']);
    expect(html).toContain('data:image/svg+xml;base64,');
    expect(html).toContain('4681');
    const python = process.env.BREGMA_REFERENCE_PYTHON;
    if (!python) return console.log('Skipped without BREGMA_REFERENCE_PYTHON: validation by nbformat.');
    const ipynb = readFileSync(path.join(folder, 'wiring.ipynb'), 'utf8');
    const checked = spawnSync(python, [path.join(root, 'test/reference/validate_ipynb.py')], {
      input: ipynb,
      encoding: 'utf8',
    });
    expect([checked.status, checked.stderr]).toEqual([0, '']);
  });

  test('is made from a Jupyter notebook, with the results that it had', async () => {
    const { page } = editor;
    await editor.command('Bregma: Import Jupyter or Quarto Notebook…');
    await answerFileDialog(page, 'Import Jupyter or Quarto Notebook', path.join(folder, 'wiring.ipynb'));
    await page.locator('.tab.active', { hasText: 'wiring-2.bregma.md' }).waitFor();
    // As in the notebook that was exported: an agent changed the cell after it ran.
    await status('SELECT kind', 'stale').waitFor();
    const squeezed = (name: string) => readFileSync(path.join(folder, name), 'utf8').replace(/\s+/g, ' ');
    expect(squeezed('wiring-2.bregma.md')).toBe(squeezed('wiring.bregma.md'));
    await editor.command('View: Close Editor');
  });

  test('is made from a session of an agent', async () => {
    const { page } = editor;
    await editor.command('Bregma: Turn Agent Session into a Notebook…');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'bregma-test' }).first().click();
    await (await editor.frame('text=Session of bregma-test')).getByText('Session of bregma-test').first().waitFor();
    await shot('notebook-session-dark');
    await seen(cell('record_hypothesis'));
  });

  test('with hostile texts runs nothing, shows them as text and stays quick', async () => {
    const { page } = editor;
    await open('hostile.bregma.md');
    const started = Date.now();
    await page
      .getByRole('button', { name: /Run All/ })
      .first()
      .click();
    const frame = await outputs('onerror=');
    await frame.getByText('onerror=').first().waitFor();
    await seen(status('repeat', 'fresh'));
    console.log(`hostile cells ran and were drawn in ${Date.now() - started} ms`);
    await shot('notebook-hostile-dark');
    for (const one of page.frames()) expect(await one.evaluate('window.pwned').catch(() => undefined)).toBeUndefined();
    expect(await frame.locator('.bregma-output img[src="x"], .bregma-output script').count()).toBe(0);
    const shown = await frame.locator('body').textContent();
    for (const character of ['\u202E', '\u001B']) expect(shown).not.toContain(character);
  });

  test('is readable on a light ground and in a narrow window', async () => {
    const { page } = editor;
    await page.emulateMedia({ colorScheme: 'light' });
    await open('wiring.bregma.md');
    await (await outputs('4681')).getByText('4681').first().waitFor();
    await page.waitForTimeout(1500);
    await editor.shot('notebook-whole-light');
    await shot('notebook-light-1400');
    await shot('notebook-light-900', 900, 700);
    await page.emulateMedia({ colorScheme: 'dark' });
    await shot('notebook-dark-900', 900, 700);
  });

  /** Types at the end of the first line with these words. */
  async function type(words: string, typed: string): Promise<void> {
    const { page } = editor;
    await toTop();
    await (await seen(page.locator('.view-line', { hasText: words }))).click();
    await page.keyboard.press('End');
    await page.keyboard.type(typed);
    await page.locator('.view-lines', { hasText: typed.trim() }).first().waitFor();
  }
});
