import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Ledger } from '@bregma/core/ledger/ledger';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect, root } from '../fixtures/client.ts';
import { type Editor, openEditor } from './editor.ts';
import { settings } from './notebook-files.ts';
import { openFile } from './workbench.ts';

/** Every file of a folder with its size and time. */
function listing(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .map((file) => `${path.relative(folder, file)} ${statSync(file).size} ${statSync(file).mtimeMs}`)
    .filter((line) => !/-(wal|shm) /.test(line))
    .sort();
}

describe('an untrusted workspace in the real editor', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'bregma-e2e-'));
  let editor: Editor;
  let before: string[];
  beforeAll(async () => {
    const atlas = await connect('atlas', folder);
    await atlas.call('add_data', { source: 'celegans-cook2019' });
    await atlas.close();
    before = listing(folder);
    editor = await openEditor({
      folder,
      trusted: false,
      settings: {
        'bregma.nativeModules': path.join(root, 'node_modules'),
        'security.workspace.trust.startupPrompt': 'never',
        'security.workspace.trust.banner': 'never',
      },
    });
  });
  afterAll(async () => {
    await editor?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('is read, and nothing is started or written in it', async () => {
    const { page } = editor;
    await editor.command('Bregma: Focus on Data View');
    await page.locator('.monaco-list-row[aria-label^="Data set celegans-cook2019"]').waitFor();
    await editor.command('Bregma: Doctor');
    const frame = await editor.frame('.bregma-doctor li[data-state=missing]:has-text("Workspace trust")');
    expect(await frame.locator('li', { hasText: 'Server' }).count()).toBe(0);
    await editor.shot('untrusted-dark');
    await editor.command('Bregma: Connect Claude Code');
    await page.locator('.notification-toast', { hasText: 'not trusted yet' }).waitFor();
    await editor.command('Bregma: Run the First Loop');
    await page.locator('.notification-toast', { hasText: 'The first loop writes into this folder' }).waitFor();
    await editor.command('MCP: List Servers');
    await page.locator('.quick-input-list .monaco-list-row').first().waitFor();
    expect(await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Bregma' }).count()).toBe(0);
    await page.keyboard.press('Escape');
    expect(listing(folder)).toEqual(before);
    expect(existsSync(path.join(folder, '.mcp.json'))).toBe(false);
  });
});

describe('a notebook in a workspace that is not trusted', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'bregma-untrusted-'));
  const file = path.join(folder, 'wiring.bregma.md');
  let editor: Editor;

  beforeAll(async () => {
    const atlas = await connect('atlas', folder);
    await atlas.call('add_data', { source: 'celegans-cook2019' });
    const sql = 'SELECT kind, count(*) AS n FROM celegans_cook2019.edges GROUP BY 1 ORDER BY 1';
    const { activity } = await atlas.call('query_data', { sql });
    await atlas.close();
    writeFileSync(
      file,
      `\`\`\`sql name=cells activity=${activity}\n${sql}\n\`\`\`\n\n\`\`\`plot\ndata: cells\nmarks:\n  - {mark: bar, x: kind, y: n}\n\`\`\`\n`,
    );
    editor = await openEditor({
      folder,
      trusted: false,
      settings: { ...settings, 'security.workspace.trust.startupPrompt': 'never' },
    });
  });
  afterAll(async () => {
    await editor?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('shows what the store has, says that it is fresh, and runs nothing', async () => {
    const { page } = editor;
    const ledger = new Ledger(path.join(folder, '.bregma'), { readOnly: true });
    const { seq } = ledger.head();
    await openFile(page, 'wiring.bregma.md');
    const frame = await editor.frame('.bregma-output');
    await frame.getByText('4681').first().waitFor();
    await page.locator('.code-cell-row .cell-status-item', { hasText: 'fresh' }).first().waitFor();
    await editor.shot('notebook-untrusted-dark');
    await page
      .getByRole('button', { name: /Run All/ })
      .first()
      .click();
    await page.waitForTimeout(1500);
    await editor.shot('notebook-untrusted-run-dark');
    expect(ledger.head().seq).toBe(seq);
    ledger.close();
  });
});
