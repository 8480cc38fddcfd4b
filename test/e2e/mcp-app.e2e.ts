import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Ledger } from '@bregma/core/ledger/ledger';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findChromium } from '../../scripts/editor.mjs';
import { type Connection, connect, root } from '../fixtures/client.ts';
import { openApp } from './app-host.ts';
import { type Editor, openEditor } from './editor.ts';
import { chatExtension } from './installed-extensions.ts';
import { commandAndPick } from './workbench.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'bregma-app-'));
const sql = `SELECT name, cell_type, '720575940620875399' AS root_id, '<img src=x onerror=alert(1)>' AS hostile
  FROM celegans_cook2019.neurons ORDER BY name LIMIT 30`;
const twins: string[] = [];

beforeAll(async () => {
  const atlas = await connect('atlas', folder);
  await atlas.call('add_data', { source: 'celegans-cook2019' });
  await atlas.call('add_data', { source: 'macaque-v4-210325' });
  const options = { neurons: 400, edges: 12_000, types: 5, mean_synapses: 12 };
  await atlas.call('add_data', { source: 'toy', id: 'toy', format: 'synthetic-connectome', options });
  await atlas.close();
  const twin = await connect('twin', folder);
  const built = await twin.call('build_twin', {
    kind: 'encoding-ridge',
    data: 'macaque-v4-210325',
    part: 'first-half',
    options: { pooling: 'global', lowpass: false },
  });
  const spiking = await twin.call('build_twin', { kind: 'lif-connectome', data: 'toy' });
  twins.push(built.value.twin, spiking.value.twin);
  await twin.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('MCP Apps in the official host', () => {
  let browser: Browser;
  const servers: Connection[] = [];
  const server = async (name: 'atlas' | 'twin' | 'lab') => {
    const connection = await connect(name, folder);
    servers.push(connection);
    return connection;
  };
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox', '--disable-gpu'] });
  });
  afterAll(async () => {
    await browser?.close();
    for (const connection of servers) await connection.close();
  });

  test('a query is a table with every digit, and nothing in it runs or loads', async () => {
    const { client } = await server('atlas');
    const { app, page, complaints } = await openApp(browser, client, { name: 'query_data', arguments: { sql } });
    await app.locator('text=720575940620875399').first().waitFor();
    expect(await app.locator('img').count()).toBe(0);
    expect(await app.evaluate('getComputedStyle(document.documentElement).colorScheme')).toBe('light');
    await page.screenshot({ path: path.join(root, '.cache/e2e/shots/app-table-light.png') });
    expect(complaints).toEqual([]);
  });

  test('connections and a hypothesis are drawn, and a button says to the agent what is wanted', async () => {
    const atlas = await server('atlas');
    const traced = await openApp(browser, atlas.client, {
      name: 'trace_connections',
      arguments: { data: 'celegans-cook2019', from: 'AVAL', limit: 10 },
    });
    await traced.app.locator('.bregma-table').waitFor();
    expect(traced.complaints).toEqual([]);
    const lab = await server('lab');
    const hypothesis = await openApp(
      browser,
      lab.client,
      {
        name: 'record_hypothesis',
        arguments: {
          claim: 'Neurons of macaque V4 respond to how much oriented energy there is.',
          rivals: ['They do not.'],
          predictions: [{ metric: 'r', direction: 'greater', size: 0.1, between: twins.slice(0, 1) }],
        },
      },
      'dark',
    );
    await hypothesis.app.locator('.bregma-card h1', { hasText: 'oriented energy' }).waitFor();
    await hypothesis.page.screenshot({ path: path.join(root, '.cache/e2e/shots/app-card-dark.png') });
    await hypothesis.app.locator('button', { hasText: 'Trace' }).click();
    await expect
      .poll(() => hypothesis.messages)
      .toEqual([expect.stringMatching(/^Trace act-[0-9a-f]{16} with trace_claim/)]);
    expect(hypothesis.complaints).toEqual([]);
  });

  test('a plan is drawn with its limits and who must sign it, and nothing in it can sign', async () => {
    const lab = await server('lab');
    const { value: recorded } = await lab.call('record_hypothesis', {
      claim: 'Neurons of macaque V4 follow oriented energy in images that the twin never saw.',
      rivals: ['They do not.'],
      predictions: [{ metric: 'r', direction: 'greater', size: 0.1, between: twins.slice(0, 1) }],
    });
    await lab.call('freeze_hypothesis', { hypothesis: recorded.hypothesis });
    const ledger = new Ledger(path.join(folder, '.bregma'), { readOnly: true });
    const seen = new Set(ledger.latest('twin', twins[0])?.body.fittedOn.indices);
    ledger.close();
    const stimuli = Array.from({ length: 640 }, (_, i) => i).filter((i) => !seen.has(i));
    const call = {
      name: 'plan_experiment',
      arguments: { hypothesis: recorded.hypothesis, subject: 'macaque-v4-210325@2023-11.2', stimuli, repeats: 1 },
    };
    const { app, page, complaints } = await openApp(browser, lab.client, call, 'dark');
    await app.locator('.bregma-card h1', { hasText: 'Experiment plan' }).waitFor();
    expect(await app.locator('.bregma-card').textContent()).toMatch(
      /Nothing runs before a person signs it.*bregma approve plan-.*320 trials over 320 stimuli/s,
    );
    expect(await app.locator('button').allTextContents()).toEqual(['Trace']);
    expect(await app.locator('input, textarea, form').count()).toBe(0);
    await page.screenshot({ path: path.join(root, '.cache/e2e/shots/app-plan-dark.png') });
    expect(complaints).toEqual([]);
  });

  test('the validity of a twin is drawn unit by unit, read from the object that the answer names', async () => {
    const { client } = await server('twin');
    const call = {
      name: 'validate_twin',
      arguments: { twin: twins[0], data: 'macaque-v4-210325', protocol: 'heldout' },
    };
    const { app, page, complaints } = await openApp(browser, client, call, 'dark');
    await app.locator('.bregma-validity svg').first().waitFor();
    await page.screenshot({ path: path.join(root, '.cache/e2e/shots/app-validity-dark.png') });
    expect(await app.locator('.bregma-validity').textContent()).toMatch(/50 neurons/);
    expect(complaints).toEqual([]);
  });

  test('a spiking twin is drawn as spikes and rates, read from the tables that the answer names', async () => {
    const { client } = await server('twin');
    const call = {
      name: 'run_twin',
      arguments: {
        twin: twins[1],
        perturb: { activate: [{ cell_type: 'type 1', rate_hz: 200 }] },
        trials: 6,
        controls: 0,
        duration_ms: 300,
      },
    };
    for (const theme of ['dark', 'light'] as const) {
      const { app, page, complaints } = await openApp(browser, client, call, theme);
      await app.locator('.bregma-rates svg').first().waitFor();
      expect(await app.locator('.bregma-raster').textContent()).toMatch(/6 trials/);
      expect(await app.locator('.bregma-rates').textContent()).toMatch(/driven.*Student t over 6 trials/s);
      expect(await app.locator('.bregma-table').textContent()).toContain('synthetic');
      await page.setViewportSize({ width: 900, height: 740 });
      await page.screenshot({ path: path.join(root, `.cache/e2e/shots/app-simulation-${theme}.png`) });
      expect(complaints).toEqual([]);
    }
  });
});

describe('MCP Apps in the editor’s own chat', () => {
  let editor: Editor;
  beforeAll(async () => {
    editor = await openEditor({
      folder,
      extensions: [chatExtension],
      settings: {
        'bregma.nativeModules': path.join(root, 'node_modules'),
        'workbench.secondarySideBar.defaultVisibility': 'visible',
        'chat.mcp.autostart': 'newAndOutdated',
        'chat.mcp.apps.enabled': true,
      },
    });
  });
  afterAll(() => editor?.close());

  test('a query that a participant makes is drawn as a table in the conversation', async () => {
    const { page } = editor;
    await editor.command('Chat: Open Chat');
    // Without a chosen model the editor asks no participant.
    await page.locator('.interactive-input-part .action-label', { hasText: /^Scripted/ }).waitFor();
    await page.locator('.interactive-input-part .monaco-editor').first().click();
    await page.keyboard.type(`@scripted query_data ${JSON.stringify({ sql: sql.replaceAll('\n', ' ') })}`);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Enter');
    // It only reads, so the editor asks nobody.
    const app = await editor.frame('.bregma-table [role=grid], .bregma-table table', 30_000);
    await app.locator('text=720575940620875399').first().waitFor();
    await page.locator('.interactive-session', { hasText: /Answered with \d{3,} characters/ }).waitFor();
    await editor.shot('chat-app-dark');
    expect(await app.locator('img').count()).toBe(0);
  });

  test('a question about a result begins with its id, and is not sent', async () => {
    const { page } = editor;
    const ledger = new Ledger(path.join(folder, '.bregma'), { readOnly: true });
    const newest = ledger.list('activity').at(-1)?.id ?? '';
    ledger.close();
    await commandAndPick(page, 'Bregma: Ask in Chat About This Result', newest, 'this id');
    const input = page.locator('.interactive-input-part .view-lines').first();
    await input.filter({ hasText: newest }).waitFor();
    await editor.shot('ask-in-chat-dark');
    expect(await page.locator('.interactive-request', { hasText: newest }).count()).toBe(0);
  });
});
