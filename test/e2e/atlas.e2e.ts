import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../fixtures/client.ts';
import { type Editor, openEditor } from './editor.ts';
import { ccfFolder, swcFolder } from './view-data.ts';

describe('the atlas explorer in the real editor', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'bregma-e2e-'));
  let editor: Editor;

  beforeAll(async () => {
    const atlas = await connect('atlas', folder);
    await atlas.call('add_data', { source: 'drosophila-larva-winding2023' });
    if (ccfFolder) await atlas.call('add_data', { source: 'mouse-ccfv3-50um', agree: true });
    await atlas.close();
    if (swcFolder) cpSync(path.join(swcFolder, '754538881.swc'), path.join(folder, 'PN.swc'));
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
    await editor.page
      .locator('.explorer-folders-view .monaco-list-row', { hasText: 'PN.swc' })
      .click({ button: 'right' });
    const item = editor.page.locator('.monaco-menu .action-item', { hasText: 'Open Skeletons' });
    await item.waitFor();
    // A menu ignores the button that opened it for a moment.
    await editor.page.waitForTimeout(500);
    await item.click();
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
});
