import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../fixtures/client.ts';
import { type Editor, openEditor } from './editor.ts';
import { openFile, rowAction } from './workbench.ts';

describe('the walkthrough in the real editor', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'bregma-e2e-'));
  let editor: Editor;

  beforeAll(async () => {
    editor = await openEditor({
      folder,
      theme: 'light',
      settings: { 'bregma.nativeModules': path.join(root, 'node_modules') },
    });
  });
  afterAll(async () => {
    await editor?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('leads from an empty folder to the first verdict and its report', async () => {
    const { page } = editor;
    await editor.command('Bregma: Get Started');
    const step = (title: string) => page.locator('.getting-started-step', { hasText: title });
    await step('Run the loop once').waitFor();
    const done = (title: string) => step(title).locator('.codicon-getting-started-step-checked');
    await done('Open a folder').waitFor();
    expect(await done('Run the loop once').count()).toBe(0);
    await step('Run the loop once').click();
    await page.waitForTimeout(800);
    await editor.shot('walkthrough-light');
    await page.locator('.getting-started-step.expanded .monaco-button', { hasText: 'Run the First Loop' }).click();
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'demonstration key' }).click();
    const verdict = page.locator('.notification-toast', { hasText: /Verdict: (supported|refuted|inconclusive)/ });
    await verdict.waitFor({ timeout: 240_000 });
    await done('Run the loop once').waitFor();
    await editor.shot('verdict-light');
    await verdict.locator('.monaco-button', { hasText: 'Open the Report' }).click();
    const report = await editor.frame('h1:has-text("V4")');
    expect(await report.locator('script').count()).toBe(0);
    await editor.shot('report-light');
  });

  test('shows the data and the twins of the folder as trees with cards', async () => {
    const { page } = editor;
    await editor.command('Bregma: Focus on Data View');
    const row = (name: string) => page.locator(`.pane-body .monaco-list-row[aria-label^="${name}"]`);
    await row('Data set macaque-v4-210325').waitFor();
    expect(await row('Data set macaque-v4-210325').textContent()).toMatch(/macaque.*measured.*GPL-3.0/i);
    await editor.command('Bregma: Focus on Twins View');
    await row('Twin ').first().waitFor();
    expect(await row('Twin ').first().textContent()).toMatch(/r 0\.\d{3} \[0\.\d{3}, 0\.\d{3}\] of 0\.\d{3}/);
    await row('Twin ').first().click();
    const card = await editor.frame('.bregma-card h1');
    expect(await card.locator('dl').first().textContent()).toContain('Shuffled control');
    await editor.shot('twin-card-light');
    await row('Data set macaque-v4-210325').locator('.monaco-tl-twistie').click();
    await editor.shot('catalogue-light');
  });

  test('puts a call into the notebook from the row and from the card', async () => {
    const { page } = editor;
    const file = path.join(folder, 'mine.bregma.md');
    writeFileSync(file, '# Mine\n\n```sql\n\n```\n');
    await openFile(page, 'mine.bregma.md');
    const cells = page.locator('.notebookOverlay .code-cell-row');
    await cells.first().waitFor();
    const row = page.locator('.pane-body .monaco-list-row[aria-label^="Data set macaque-v4"]');
    await rowAction(row, 'Insert into Notebook', cells.filter({ hasText: /macaque.v4/ }));
    await editor.shot('notebook-insert-light');
    await row.click();
    const card = await editor.frame('.bregma-card h1:has-text("V4")');
    await card.locator('button', { hasText: 'Insert into Notebook' }).click();
    await expect.poll(() => cells.filter({ hasText: /macaque.v4/ }).count()).toBe(2);
  });
});
