import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../fixtures/client.ts';
import { type Editor, openEditor } from './editor.ts';
import { openRegistry } from './npm-registry.ts';
import { toast } from './workbench.ts';

describe('connecting in the real editor', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'bregma-e2e-'));
  const config = path.join(folder, '.mcp.json');
  const own = '{\n    "mcpServers": { "mine": { "command": "x" } }\n}\n';
  let editor: Editor;

  beforeAll(async () => {
    writeFileSync(config, own);
    editor = await openEditor({
      folder,
      settings: { 'bregma.nativeModules': path.join(root, 'node_modules') },
    });
  });
  afterAll(async () => {
    await editor?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('shows what Claude Code gets before it is written, and undoes it to the byte', async () => {
    const { page } = editor;
    await editor.command('Bregma: Connect Claude Code');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Write' }).waitFor();
    await page.locator('.line-insert').first().waitFor();
    await editor.shot('connect-claude-code');
    expect(readFileSync(config, 'utf8')).toBe(own);
    await page.keyboard.press('Enter');
    await page.locator('.notification-toast', { hasText: 'Claude Code is connected' }).waitFor();
    const { mcpServers } = JSON.parse(readFileSync(config, 'utf8'));
    expect(Object.keys(mcpServers)).toEqual(['mine', 'bregma-atlas', 'bregma-twin', 'bregma-lab']);
    expect(existsSync(mcpServers['bregma-lab'].args[1])).toBe(true);
    await editor.shot('connected-claude-code');
    await editor.command('Bregma: Disconnect Claude Code');
    await page.locator('.notification-toast', { hasText: 'is as it was before' }).waitFor();
    expect(readFileSync(config, 'utf8')).toBe(own);
  });

  test('offers the three servers, and the editor starts them with its own Node', async () => {
    const { page } = editor;
    await editor.command('MCP: List Servers');
    const rows = page.locator('.quick-input-list .monaco-list-row', { hasText: 'Bregma' });
    await rows.nth(2).waitFor();
    await editor.shot('mcp-servers');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Bregma lab' }).click();
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Start Server' }).click();
    await page.waitForTimeout(3000);
    await editor.command('MCP: List Servers');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: /Bregma lab.*Running/ }).waitFor();
    await editor.shot('mcp-running');
  });

  test('the doctor says what is there and what is missing, and mends it with a button', async () => {
    await editor.command('Bregma: Doctor');
    const frame = await editor.frame('.bregma-doctor');
    const finding = (what: string) => frame.locator('li', { hasText: what });
    await frame.locator('[role=status]', { hasText: 'Everything that is needed is there.' }).waitFor();
    expect(await finding('Server atlas').textContent()).toContain('query_data');
    expect(await finding('DuckDB').getAttribute('data-state')).toBe('ok');
    await editor.shot('doctor-dark');
    await finding('Codex').locator('button').click();
    await editor.page.locator('.quick-input-list .monaco-list-row', { hasText: 'Write' }).click();
    // The diff took the panel's place: it is drawn anew.
    await editor.frame('.bregma-doctor li[data-state=ok]:has-text("Codex")');
    expect(readFileSync(path.join(folder, '.codex/config.toml'), 'utf8')).toContain('[mcp_servers.bregma-twin]');
  });
});

describe('a machine without the native modules', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'bregma-e2e-'));
  let registry: Awaited<ReturnType<typeof openRegistry>>;
  let editor: Editor;

  beforeAll(async () => {
    registry = await openRegistry(folder);
    editor = await openEditor({ folder, apart: true, env: registry.env });
  });
  afterAll(async () => {
    await editor?.close();
    registry?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('gets them by the button of the doctor: cancelled it changes nothing, finished they are there', async () => {
    const { page } = editor;
    await editor.command('Bregma: Doctor');
    const finding = async (what: string, state: string) =>
      (await editor.frame(`.bregma-doctor li[data-state=${state}]:has-text("${what}")`)).locator('li', {
        hasText: what,
      });
    const missing = await finding('DuckDB', 'missing');
    expect(await missing.textContent()).toContain('npm install @duckdb/node-api@');
    registry.hold();
    await missing.locator('button:enabled', { hasText: 'Install' }).click();
    const progress = toast(page, 'Installing native modules, about 500 MB on disk');
    await progress.waitFor();
    await editor.shot('doctor-installing');
    await progress.getByRole('button', { name: 'Cancel' }).click();
    await toast(page, 'The installation was cancelled; nothing was changed.').waitFor();
    registry.release();
    const button = (await finding('DuckDB', 'missing')).locator('button:enabled', { hasText: 'Install' });
    await button.click();
    expect(await (await finding('DuckDB', 'ok')).textContent()).not.toContain('missing');
    await finding('ONNX Runtime', 'ok');
    await finding('Server atlas', 'ok');
    expect(registry.fetched()).toEqual(['@duckdb/node-api', 'onnxruntime-node', 'webgpu']);
    await editor.shot('doctor-installed');
  });
});
