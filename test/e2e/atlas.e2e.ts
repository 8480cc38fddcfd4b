import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../fixtures/client.ts';
import { type Editor, openEditor } from './editor.ts';
import { ccfFolder, swcFolder } from './view-data.ts';
import { dragOnto, menuAction } from './workbench.ts';

describe('the atlas explorer in the real editor', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'bregma-e2e-'));
  let editor: Editor;

  beforeAll(async () => {
    const atlas = await connect('atlas', folder);
    await atlas.call('add_data', { source: 'drosophila-larva-winding2023' });
    if (ccfFolder) await atlas.call('add_data', { source: 'mouse-ccfv3-50um', agree: true });
    await atlas.close();
    if (swcFolder) cpSync(path.join(swcFolder, '754538881.swc'), path.join(folder, 'PN.swc'));
    writeFileSync(path.join(folder, 'mice.csv'), 'mouse,cage,score\n007,1,0.5\n008,1,0.75\n010,2,1.5\n');
    writeFileSync(path.join(folder, 'cells.csv'), 'cell,rate_hz\na,1.5\nb,2.5\n');
    editor = await openEditor({ folder });
  });
  afterAll(async () => {
    await editor?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Chooses in one quick pick after another. */
  async function open(...choices: string[]): Promise<void> {
    await editor.command('Bregma: Open Atlas Explorer');
    for (const choice of choices) {
      const row = editor.page.locator('.quick-input-list .monaco-list-row', { hasText: choice }).first();
      await row.waitFor();
      await row.click();
    }
  }

  test('shows the connections of the larval brain, with what they rest on', async () => {
    await open('larva brain connectome', 'Connection matrix');
    const frame = await editor.frame('.bregma-matrix canvas');
    expect(await frame.locator('.headline').textContent()).toMatch(/measured/);
    await frame.locator('.navigable').focus();
    await editor.page.keyboard.press('ArrowDown');
    await expect.poll(() => frame.locator('.readout').textContent()).toMatch(/over \d+ pairs, total/);
    expect(await frame.locator('.caption').textContent()).toContain('Winding, Pedigo et al. 2023');
    await editor.shot('atlas-matrix-dark');
  });

  test.runIf(ccfFolder)('shows the mouse brain in slices and finds a region', async () => {
    await open('Allen mouse brain', 'Slices with region names');
    const frame = await editor.frame('.bregma-volume canvas');
    await frame.getByLabel('Region').fill('CA1');
    await editor.page.keyboard.press('Enter');
    await expect
      .poll(() => frame.locator('.readout').textContent())
      .toMatch(/^CA1 · Basic cell groups.*Field CA1 · .* mm³$/);
    expect(await frame.locator('.caption').textContent()).toContain('non-commercial');
    await editor.shot('atlas-volume-dark');
  });

  test.runIf(swcFolder)('shows a skeleton from a file of the folder', async () => {
    const file = editor.page.locator('.explorer-folders-view .monaco-list-row', { hasText: 'PN.swc' });
    await menuAction(editor.page, file, 'Open Skeletons');
    const frame = await editor.frame('.bregma-skeletons canvas', 20_000).catch(async (error) => {
      await editor.shot('atlas-skeletons-failed');
      throw error;
    });
    await frame.getByRole('button', { name: 'Table' }).click();
    const cells = await frame.locator('.plain-table tbody td').allTextContents();
    expect(cells.slice(0, 2)).toEqual(['PN', 'PN']);
    expect(Number(cells[3].replace(',', ''))).toBeGreaterThan(4000);
    await frame.getByRole('button', { name: 'Table' }).click();
    await editor.shot('atlas-skeletons-dark');
  });

  test('shows how a file of one’s own would be read, lets it be read otherwise, and begins a notebook with its rows', async () => {
    const { page } = editor;
    const rows = page.locator('.quick-input-list .monaco-list-row');
    const file = page.locator('.explorer-folders-view .monaco-list-row', { hasText: 'mice.csv' });
    await menuAction(page, file, 'Add Data');
    const title = page.locator('.quick-input-titlebar', { hasText: 'Add mice.csv (the whole file' });
    await title.waitFor();
    expect(await title.textContent()).toContain('3 rows, 3 columns');
    const lines = (await rows.allTextContents()).join('\n');
    expect(lines).toMatch(/mouse\s*VARCHAR/);
    expect(lines).toMatch(/cage\s*BIGINT/);
    expect(lines).toContain('007 · 1 · 0.5');
    await editor.shot('add-data-preview-dark');
    await rows.filter({ hasText: 'cage' }).first().click();
    await page.locator('.quick-input-titlebar', { hasText: 'Read cage as' }).waitFor();
    await rows.filter({ hasText: 'text' }).first().click();
    await rows.filter({ hasText: /cage.*VARCHAR/ }).waitFor();
    await rows.filter({ hasText: 'Add' }).first().click();
    const added = page.locator('.notebookOverlay');
    await added.locator('.view-lines', { hasText: 'cage: text' }).first().waitFor();
    await added.locator('.view-lines', { hasText: 'SELECT' }).first().waitFor();
    await editor.shot('add-data-notebook-dark');
  });

  test('adds a file that is dropped on a cell', async () => {
    const { page } = editor;
    const file = page.locator('.explorer-folders-view .monaco-list-row', { hasText: 'cells.csv' });
    const asked = page.locator('.quick-input-titlebar', { hasText: 'Add cells.csv' });
    await dragOnto(page, file, page.locator('.notebookOverlay .view-lines', { hasText: 'mice.csv' }).first());
    await asked.waitFor();
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Add' }).first().click();
    await asked.waitFor({ state: 'hidden' });
    // Its cells come behind the one that it was dropped on, and the tree of data has it.
    await editor.command('Bregma: Focus on Data View');
    await page.locator('.part.sidebar .monaco-list-row[aria-label^="Data set cells"]').first().waitFor();
  });
});
