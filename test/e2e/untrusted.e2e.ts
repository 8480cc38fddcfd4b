import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect, root } from '../fixtures/client.ts';
import { type Editor, openEditor } from './editor.ts';

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
