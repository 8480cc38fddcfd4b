import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { digestOf } from '@bregma/core/canonical';
import type { Activity } from '@bregma/core/contracts/activity';
import { Ledger } from '@bregma/core/ledger/ledger';
import { unzipSync } from 'fflate';
import type { Frame } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../fixtures/client.ts';
import { makeLargeLedger } from '../fixtures/large-ledger.ts';
import { anyRecord } from '../fixtures/records.ts';
import { type Editor, openEditor } from './editor.ts';
import { answerFileDialog, commandAndPick, pick, toast } from './workbench.ts';

const settings = { 'bregma.nativeModules': path.join(root, 'node_modules') };

describe('the provenance of a real claim, in the real editor', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'bregma-e2e-'));
  let editor: Editor;

  beforeAll(async () => {
    const made = spawnSync(process.execPath, [path.join(root, 'dist/bregma.mjs'), 'start', '--yes', '--out', folder], {
      encoding: 'utf8',
    });
    if (made.status !== 0) throw new Error(made.stderr);
    editor = await openEditor({ folder, settings });
    // Five trees share the side bar: alone, the one of the tests has room for every line that they ask for.
    await editor.command('Bregma: Focus on Provenance View');
    for (const name of ['Hypotheses', 'Experiments', 'Data', 'Twins']) {
      const header = editor.page.locator('.pane-header', { hasText: new RegExp(`^${name}`) });
      if ((await header.getAttribute('aria-expanded')) === 'true') await header.click();
    }
  });
  afterAll(async () => {
    await editor?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail')
      await editor.shot(`provenance-failed-${task.name.slice(0, 30).replaceAll(' ', '-')}`);
  });

  function lastOf(tool: string): { id: string; body: Activity } {
    const ledger = new Ledger(path.join(folder, '.bregma'), { readOnly: true });
    try {
      const found = ledger.list('activity', tool).at(-1);
      if (!found) throw new Error(`There is no activity of ${tool}.`);
      return found;
    } finally {
      ledger.close();
    }
  }

  async function record(id: string): Promise<Frame> {
    await commandAndPick(editor.page, 'Bregma: Show Record', id, 'this id');
    return editor.frame(`.bregma-activity:has(code:text-is("${id}"))`);
  }

  test('the graph leads with the arrow keys from the claim to the raw file, and Enter opens a record', async () => {
    const { page } = editor;
    await editor.command('Bregma: Open Provenance');
    const frame = await editor.frame('.bregma-lineage .box.chosen');
    const room = (await frame.locator('.place').boundingBox())!;
    for (const box of await frame.locator('.box .frame').all()) {
      const { x, y, width, height } = (await box.boundingBox())!;
      expect(x >= room.x && x + width <= room.x + room.width).toBe(true);
      expect(y >= room.y && y + height <= room.y + room.height).toBe(true);
    }
    expect(await frame.locator('.bad-sample').isVisible()).toBe(true);
    await editor.shot('provenance-dark');
    await frame.locator('.box.chosen').focus();
    const flow = await frame.locator('svg[data-flow]').getAttribute('data-flow');
    const onward = flow === 'down' ? 'ArrowDown' : 'ArrowRight';
    const walked: string[] = [];
    for (let i = 0; i < 12 && !walked.at(-1)?.startsWith('raw file'); i++) {
      if (i > 0) await page.keyboard.press(onward);
      walked.push((await frame.locator('.box:focus .facts').textContent()) ?? '');
    }
    const kinds = walked.map((facts) => facts.split(',')[0]);
    expect(kinds.slice(0, 3)).toEqual(['claim', 'verdict', 'experiment']);
    expect(kinds.slice(-2)).toEqual(['data release', 'raw file']);
    await page.keyboard.press('Home');
    await frame.locator('input[type=search]').fill('approval');
    await page.keyboard.press('Enter');
    expect(await frame.locator('.chosen-box').textContent()).toContain('approve by demonstration');
    await frame.getByRole('button', { name: 'Open record' }).click();
    const shown = await editor.frame('.bregma-activity h1');
    expect(await shown.locator('h1').textContent()).toContain('approve by demonstration');
  });

  test('the tree goes from the claim down to the raw file', async () => {
    await editor.command('Bregma: Focus on Provenance View');
    const tree = editor.page.getByRole('tree', { name: 'Provenance' });
    const opened = async (name: RegExp) => {
      const row = tree.getByRole('treeitem', { name }).first();
      await row.locator('.monaco-tl-twistie').click();
    };
    await opened(/^Neurons of macaque V4/);
    for (const step of [
      /^supported\b.*tested by/,
      /^replay-rig on/,
      /^approve by/,
      /^\d+ trials/,
      /^pooling grid: Gabor-energy/,
      /^Macaque V4, session/,
    ])
      await opened(step);
    await tree
      .getByRole('treeitem', { name: /images_210325.zip from/ })
      .first()
      .waitFor();
    await editor.shot('provenance-tree-dark');
    await opened(/^Activities/);
    await tree
      .getByRole('treeitem', { name: /\d{4}-\d{2}-\d{2}/ })
      .first()
      .waitFor();
  });

  test('a record says n, uncertainty and completeness before the value, and Verify finds nothing changed', async () => {
    const frame = await record(lastOf('validate_twin').id);
    const text = (await frame.locator('main').textContent()) ?? '';
    expect(text).toMatch(/n50 neurons.*uncertainty95 %.*completeness/s);
    await frame.getByRole('button', { name: 'Verify', exact: true }).click();
    expect(await frame.locator('.verdict').textContent()).toContain('Nothing was changed');
  });

  test('Replay is bit-equal, and is on record as a repetition', async () => {
    const before = lastOf('value_decision');
    const frame = await record(before.id);
    await frame.getByRole('button', { name: 'Replay', exact: true }).click();
    const shown = await editor.frame('.bregma-comparison .verdict');
    expect(await shown.locator('.verdict').textContent()).toContain('Bit-equal');
    const after = lastOf('value_decision');
    expect(after.body.replayOf).toBe(before.id);
    expect(after.body.client).toMatch(/^bregma-editor/);
  });

  test('a replay that differs shows where and by how much', async () => {
    // What an older program answered: the same question, another number.
    const { body } = lastOf('value_decision');
    const answer = structuredClone(body.answer) as { value: { ppv: number } };
    answer.value.ppv += 0.25;
    const ledger = new Ledger(path.join(folder, '.bregma'));
    const [{ id }] = ledger.append([
      {
        kind: 'activity',
        subject: 'value_decision',
        body: { ...body, replayOf: undefined, code: '0.0.9+older', answer, answerDigest: digestOf(answer) },
      },
    ]);
    ledger.close();
    const frame = await record(id);
    await frame.getByRole('button', { name: 'Replay', exact: true }).click();
    const shown = await editor.frame('.bregma-comparison:has(td:text-is("0.0.9+older"))');
    expect(await shown.locator('.verdict').textContent()).toContain('one place of the answer');
    const row = shown.getByRole('row', { name: /value\.ppv/ });
    expect(await row.textContent()).toContain('-0.25');
    await editor.shot('replay-differs-dark');
  });

  test('two activities are compared number by number', async () => {
    const ledger = new Ledger(path.join(folder, '.bregma'), { readOnly: true });
    const [a, b] = ledger.list('activity', 'validate_twin').map(({ id }) => id);
    ledger.close();
    const frame = await record(a);
    await frame.getByRole('button', { name: 'Compare…' }).click();
    await pick(editor.page, b, 'this id');
    const shown = await editor.frame(`.bregma-comparison:has(button:text-is("${b}"))`);
    expect(await shown.getByRole('row', { name: /arguments\.twin/ }).count()).toBe(1);
    await shown.locator('.numbers svg').first().waitFor();
    await editor.shot('compare-dark');
  });

  test('an RO-Crate is exported where a person says, with the claim and its data', async () => {
    const ledger = new Ledger(path.join(folder, '.bregma'), { readOnly: true });
    const claim = ledger.list('hypothesis')[0].subject;
    ledger.close();
    const { page } = editor;
    await commandAndPick(page, 'Bregma: Export RO-Crate', claim, 'this id');
    const target = path.join(folder, 'crate.zip');
    await answerFileDialog(page, 'Export RO-Crate', target);
    await toast(page, 'RO-Crate of').waitFor();
    expect(existsSync(target)).toBe(true);
    const files = unzipSync(readFileSync(target));
    const { '@graph': graph } = JSON.parse(Buffer.from(files['ro-crate-metadata.json']).toString());
    expect(graph.some((entity: { name?: string }) => entity.name?.startsWith('Neurons of macaque V4'))).toBe(true);
    expect(Object.keys(files).filter((name) => name.startsWith('objects/')).length).toBeGreaterThan(5);
  });

  test('one changed byte is named by Verify, and put right again it is gone', async () => {
    const { id } = lastOf('record_hypothesis');
    const file = path.join(folder, '.bregma/ledger.sqlite');
    const checkpoint = new Ledger(path.join(folder, '.bregma'));
    checkpoint.database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    checkpoint.close();
    const at = readFileSync(file).indexOf('"client":"bregma-start');
    const flip = () => {
      const handle = openSync(file, 'r+');
      const byte = Buffer.alloc(1);
      readSync(handle, byte, 0, 1, at + 12);
      byte[0] ^= 1;
      writeSync(handle, byte, 0, 1, at + 12);
      closeSync(handle);
    };
    flip();
    const named = /record number \d+ \(act-[0-9a-f]{16}\) does not match its hash/;
    await editor.command('Bregma: Verify All Records');
    await toast(editor.page, named).waitFor();
    const frame = await record(id);
    await frame.getByRole('button', { name: 'Verify all' }).click();
    await frame.locator('.verdict', { hasText: named }).waitFor();
    await editor.shot('verify-tampered-dark');
    flip();
    await frame.getByRole('button', { name: 'Verify all' }).click();
    await frame.locator('.verdict', { hasText: 'Nothing was changed' }).waitFor();
  });

  test('what another process appends appears in the tree by itself', async () => {
    const tree = editor.page.getByRole('tree', { name: 'Provenance' });
    await editor.command('Bregma: Focus on Provenance View');
    await editor.command('Bregma: Group Activities by Tool');
    const activities = tree.getByRole('treeitem', { name: /^Activities/ });
    if ((await activities.getAttribute('aria-expanded')) !== 'true')
      await activities.locator('.monaco-tl-twistie').click();
    const ledger = new Ledger(path.join(folder, '.bregma'));
    const record = anyRecord('activity', 'tool_of_another', { tool: 'tool_of_another', status: 'ok' });
    ledger.append(Array.from({ length: 60 }, () => record)); // the most: it stands first
    ledger.close();
    await tree
      .getByRole('treeitem', { name: /^tool_of_another, 60/ })
      .first()
      .waitFor();
  });
});

describe('a ledger of 100,000 activities, in the real editor', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'bregma-e2e-'));
  let editor: Editor;
  let joined = '';

  beforeAll(async () => {
    joined = makeLargeLedger(path.join(folder, '.bregma'), 100_000, 2000);
    editor = await openEditor({ folder, theme: 'light', width: 900, height: 700, settings });
  });
  afterAll(async () => {
    await editor?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('opens its record, and the graph of 2,000 activities, each in little time', async () => {
    const { page } = editor;
    await editor.command('Bregma: Show Record');
    const rows = page.locator('.quick-input-list .monaco-list-row', { hasText: 'query_data' });
    await rows.first().waitFor();
    await page.keyboard.press('Enter');
    const record = await editor.frame('.bregma-activity h1');
    await editor.shot('record-large-light');
    const from = performance.now();
    await record.getByRole('button', { name: 'Lineage' }).click();
    const frame = await editor.frame('.bregma-lineage .box.group');
    const tookMs = Math.round(performance.now() - from);
    console.log(`panel with the lineage of 2,000 activities out of 100,000: ${tookMs} ms`);
    expect(await frame.locator('.box').count()).toBeLessThan(15);
    expect(await frame.locator('.summary').textContent()).toMatch(/19\d\d records/);
    await editor.shot('lineage-2000-light');
    expect(joined).toMatch(/^act-/);
  });

  test('shows its activities by day and by page', async () => {
    const { page } = editor;
    await editor.command('Bregma: Focus on Provenance View');
    const tree = page.getByRole('tree', { name: 'Provenance' });
    const from = Date.now();
    await tree
      .getByRole('treeitem', { name: /^Activities/ })
      .locator('.monaco-tl-twistie')
      .click();
    const day = tree.getByRole('treeitem', { name: /\d{4}-\d{2}-\d{2}, 100000/ });
    await day.waitFor();
    console.log(`days of 100,000 activities: ${Date.now() - from} ms`);
    await day.locator('.monaco-tl-twistie').click();
    await tree
      .getByRole('treeitem', { name: /^query_data/ })
      .first()
      .waitFor();
    await editor.shot('provenance-tree-light-900');
  });
});
