import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../fixtures/client.ts';
import { type Editor, openEditor } from './editor.ts';
import { settings } from './notebook-files.ts';
import { ccfFolder } from './view-data.ts';
import { answerFileDialog, openFile } from './workbench.ts';

/** High enough for a whole notebook: cells and outputs outside the window are not made. */
const tall = { width: 1400, height: 3600 };

const tableCells = `# A table of 25,000 rows

\`\`\`sql name=ids
SELECT 720575940620875399 - (i * 7919) % 25000 AS root_id, ['KC', 'MBON', 'PN'][1 + i % 3] AS cell_type,
  (i * 37) % 1000 / 10.0 AS size_um, CASE WHEN i % 50 = 0 THEN NULL ELSE i END AS synapses,
  TIMESTAMP '2024-02-29 10:00:00.123456' + to_seconds(i) AS seen_at
FROM range(25000) t(i)
\`\`\`
`;

const tuningCells = `# Tuning

\`\`\`sql name=responses
SELECT 720575940620875399 + unit AS neuron_id, orientation AS orientation_deg,
  5 + 20 * exp(3 * (cos(2 * radians(orientation - 45 * unit)) - 1)) + 4 * (hash(unit * 1000 + orientation + repeat * 7) % 1000 / 1000.0) AS rate_hz
FROM range(3) u(unit), (SELECT unnest(range(0, 180, 15)) AS orientation) o, range(8) r(repeat)
\`\`\`

\`\`\`plot
view: tuning
data: responses
x: orientation_deg
y: rate_hz
unit: neuron_id
period: 180
title: Orientation tuning of three units
\`\`\`
`;

const pictureCells = `# Pictures of data sets

\`\`\`plot
view: image
data: macaque-v4-210325@2023-11.2
\`\`\`
${ccfFolder ? '\n```plot\nview: volume\ndata: mouse-ccfv3-50um@2017\n```\n' : ''}`;

const twinCells = (twin: string) => `# What if

\`\`\`bregma name=run
tool: run_twin
arguments:
  twin: ${twin}
  perturb: {activate: [{cell_type: type 1, rate_hz: 200}]}
  trials: 6
  controls: 0
  duration_ms: 300
\`\`\`
`;

describe('outputs of a notebook in the real editor', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'bregma-outputs-'));
  let editor: Editor;

  beforeAll(async () => {
    const atlas = await connect('atlas', folder);
    await atlas.call('add_data', { source: 'macaque-v4-210325' });
    if (ccfFolder) await atlas.call('add_data', { source: 'mouse-ccfv3-50um', agree: true });
    const options = { neurons: 400, edges: 12_000, types: 5, mean_synapses: 12 };
    await atlas.call('add_data', { source: 'toy', id: 'toy', format: 'synthetic-connectome', options });
    await atlas.close();
    const twin = await connect('twin', folder);
    const { value } = await twin.call('build_twin', { kind: 'lif-connectome', data: 'toy' });
    await twin.close();
    for (const [name, text] of Object.entries({
      table: tableCells,
      tuning: tuningCells,
      pictures: pictureCells,
      twin: twinCells(value.twin),
    }))
      writeFileSync(path.join(folder, `${name}.bregma.md`), text);
    editor = await openEditor({ folder, settings: { ...settings, 'files.autoSave': 'off' }, ...tall });
  });
  afterAll(async () => {
    await editor?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail')
      await editor.shot(`outputs-failed-${task.name.slice(0, 30).replaceAll(' ', '-')}`);
  });

  /** Opens a notebook and runs all of it. */
  async function runAll(name: string): Promise<void> {
    await openFile(editor.page, `${name}.bregma.md`);
    await editor.page.locator('.notebookOverlay .code-cell-row:visible').first().waitFor();
    await editor.page
      .getByRole('button', { name: /Run All/ })
      .first()
      .click();
  }
  /** Pictures of an output at sizes that people have, on both grounds, scrolled to it as with a wheel. */
  async function shots(name: string, shown: Locator): Promise<void> {
    const { page } = editor;
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const [width, height] of [
        [900, 700],
        [1400, 900],
      ]) {
        await page.setViewportSize({ width, height });
        await page.waitForTimeout(500);
        // Beside the cells: over a table the wheel would scroll the table.
        await page.mouse.move(366, height / 2);
        for (let tries = 0; tries < 12; tries++) {
          const top = (await shown.boundingBox())?.y ?? 0;
          if (Math.abs(top - 140) < 40) break;
          await page.mouse.wheel(0, top - 140);
          await page.waitForTimeout(200);
        }
        await page.mouse.move(5, height / 2);
        await page.waitForTimeout(300);
        await editor.shot(`outputs-${name}-${colorScheme}-${width}`);
      }
    }
    await page.setViewportSize(tall);
    await page.waitForTimeout(500);
  }
  const status = (label: string) => editor.page.locator('.code-cell-row:visible .cell-status-item', { hasText: label });

  test('a table of 25,000 rows is sorted and filtered by ids of 64 bits, whole', async () => {
    await runAll('table');
    const frame: Frame = await editor.frame('.bregma-table [role=grid]');
    const table = frame.locator('.bregma-table');
    await table.locator('.table-status', { hasText: '25,000 rows' }).waitFor();
    const cell = (row: number, column: number) =>
      table.locator(`[data-row="${row}"][data-column="${column}"]`).textContent();
    expect(await cell(0, 4)).toBe('2024-02-29T10:00:00.123456');
    await table
      .getByRole('columnheader', { name: /root_id/ })
      .getByRole('button')
      .click();
    // As JavaScript numbers the two would be one.
    await expect.poll(() => cell(0, 0)).toBe('720575940620850400');
    expect(await cell(1, 0)).toBe('720575940620850401');
    await table.getByRole('textbox', { name: /Filter root_id/ }).fill('720575940620875399');
    await table.locator('.table-status', { hasText: '1 of 25,000 rows' }).waitFor();
    expect([await cell(0, 0), await cell(0, 3)]).toEqual(['720575940620875399', 'not measured']);
    await table.getByRole('textbox', { name: /Filter root_id/ }).fill('');
    await table.locator('.table-status', { hasText: /^25,000 rows/ }).waitFor();
    await table.getByRole('grid').hover();
    await editor.page.mouse.wheel(0, 240_000);
    await expect
      .poll(() => table.locator('.rows .row').first().getAttribute('aria-rowindex').then(Number))
      .toBeGreaterThan(5_000);
    await shots('table', table);
  });

  test('tuning curves have means, intervals and n, and are stale once their responses are run again', async () => {
    await runAll('tuning');
    const frame = await editor.frame('.bregma-tuning svg');
    const tuning = frame.locator('.bregma-tuning');
    await tuning.getByText('Student t over 8 repeats').first().waitFor();
    expect(await tuning.textContent()).toContain('720575940620875400');
    await tuning.getByRole('button', { name: 'Table' }).click();
    const row = tuning.locator('.plain-table tbody tr').first();
    await row.waitFor();
    const cells = await row.locator('td').allTextContents();
    expect([cells[0], cells[1], cells[5]]).toEqual(['720575940620875399', '0', '8']);
    await tuning.getByRole('button', { name: 'Table' }).click();
    await status('fresh').nth(1).waitFor();
    await editor.page.locator('.view-line', { hasText: 'period: 180' }).first().click();
    await editor.page.keyboard.press('End');
    await editor.page.keyboard.press('Backspace');
    await status('stale').first().waitFor();
    await editor.page.keyboard.press('Control+Z');
    await status('fresh').nth(1).waitFor();
    await shots('tuning', tuning);
  });

  test('stimuli and slices of a brain are drawn from data sets', async () => {
    await runAll('pictures');
    const frame = await editor.frame('.bregma-image canvas');
    const caption = frame.locator('.bregma-image .caption');
    expect(await caption.textContent()).toMatch(/The first 120 of 640.*macaque-v4-210325@2023-11\.2/s);
    await shots('image', frame.locator('.bregma-image'));
    if (!ccfFolder) return;
    const volume = frame.locator('.bregma-volume');
    await volume.locator('canvas').first().waitFor();
    await volume.getByLabel('Region').fill('CA1');
    await editor.page.keyboard.press('Enter');
    await expect.poll(() => volume.locator('.readout').textContent()).toMatch(/^CA1 · .* mm³$/);
    await shots('volume', volume);
  });

  test('a spiking twin is drawn as spikes and rates', async () => {
    await runAll('twin');
    const frame = await editor.frame('.bregma-raster canvas');
    await frame.locator('.bregma-rates svg').first().waitFor();
    expect(await frame.locator('.bregma-raster').textContent()).toMatch(/6 trials/);
    expect(await frame.locator('.bregma-rates').textContent()).toMatch(/driven.*Student t over 6 trials/s);
    await shots('raster', frame.locator('.bregma-raster'));
    await shots('rates', frame.locator('.bregma-rates'));
  });

  test('all of them are in an exported page', async () => {
    for (const [name, picture] of [
      ['tuning', 'data:image/svg+xml;base64,'],
      ['pictures', 'data:image/png;base64,'],
      ['twin', 'data:image/svg+xml;base64,'],
    ]) {
      await openFile(editor.page, `${name}.bregma.md`);
      await editor.command('Bregma: Export Notebook…');
      await editor.page.locator('.quick-input-list .monaco-list-row', { hasText: 'HTML' }).first().click();
      const file = path.join(folder, `${name}.html`);
      await answerFileDialog(editor.page, 'Export as HTML', file);
      const size = () => (existsSync(file) ? statSync(file).size : 0);
      await expect.poll(size, { timeout: 30_000 }).toBeGreaterThan(1000);
      const html = readFileSync(file, 'utf8');
      expect(html).toContain(picture);
      expect(html.match(/<script[^>]*>/g)).toEqual(['<script type="application/json" id="publication">', '<script>']);
    }
  });
});
