import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ledgerVersion } from '@bregma/core/ledger/check-form';
import { Ledger } from '@bregma/core/ledger/ledger';
import { verifyStore } from '@bregma/core/ledger/verify';
import { ObjectStore } from '@bregma/core/objects/objects';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attack, attackName, hostileRecords, megabyte } from '../fixtures/hostile-records.ts';
import { anyRecord } from '../fixtures/records.ts';
import { type Editor, openEditor } from './editor.ts';
import { commandAndPick } from './workbench.ts';

describe('a hostile workspace, in the real editor', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'bregma-e2e-'));
  const bregma = path.join(folder, '.bregma');
  const ids: Record<string, string> = {};
  let editor: Editor;

  beforeAll(async () => {
    const ledger = new Ledger(bregma);
    for (const record of ledger.append(hostileRecords()))
      ids[record.subject === attackName ? 'attack' : record.subject] = record.id;
    const text = attack + megabyte;
    ledger.append([
      anyRecord('dataset', `${attackName}@2`, {
        id: text,
        release: text,
        card: { title: text, kind: text },
        shape: text,
      }),
      anyRecord('twin', 'twin-00000000000000bb', { id: text, kind: text, title: text, files: [], options: text }),
    ]);
    ledger.close();
    new ObjectStore(path.join(bregma, 'objects')).put(`${attack}\n${megabyte}`, 'text/plain');
    editor = await openEditor({ folder, trusted: false });
    editor.page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
  });
  const dialogs: string[] = [];
  afterAll(async () => {
    await editor?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function show(id: string) {
    await commandAndPick(editor.page, 'Bregma: Show Record', id, 'this id');
    return editor.frame(`.bregma-activity:has(code:text-is("${id}"))`);
  }

  /** Nothing of a record became markup, ran, or reordered its surroundings. */
  async function harmless(frame: Awaited<ReturnType<typeof show>>) {
    const main = frame.locator('main');
    const active = 'script, img, iframe, svg[onload], [onerror], [onclick], a[href]';
    expect(await main.locator(active).count()).toBe(0);
    const text = (await main.textContent()) ?? '';
    expect(text).not.toMatch(/(?![\t\n])[\p{Cc}\p{Cf}]/u);
    expect(text).toContain('<script>');
    expect(text.length).toBeLessThan(600_000);
    expect(await frame.title()).not.toContain('owned');
  }

  test('records show what they hold as plain, cut text', async () => {
    for (const id of [ids.attack, ids.answered]) {
      const frame = await show(id);
      await harmless(frame);
      await editor.shot(`hostile-record-${id === ids.attack ? 'failed' : 'answered'}`);
    }
  });

  test('the lineage shows it as plain, cut text too, as a picture and as a list', async () => {
    const record = await show(ids.answered);
    await record.getByRole('button', { name: 'Lineage' }).click();
    const frame = await editor.frame('.bregma-lineage .box');
    await harmless(frame);
    await frame.getByRole('button', { name: 'List' }).click();
    await frame.getByRole('treeitem').first().waitFor();
    await harmless(frame);
    await editor.shot('hostile-lineage');
  });

  test('the tree shows claims and activities as plain, cut text', async () => {
    const { page } = editor;
    await editor.command('Bregma: Focus on Provenance View');
    const tree = page.getByRole('tree', { name: 'Provenance' });
    const claim = tree.getByRole('treeitem', { name: /<script>/ }).first();
    await claim.waitFor();
    expect(((await claim.textContent()) ?? '').length).toBeLessThan(1000);
    await editor.shot('hostile-tree');
    expect(await page.title()).not.toContain('owned');
    expect(dialogs).toEqual([]);
  });

  test('data and twins that cannot be read are rows in plain words, and open as the records that they are', async () => {
    const { page } = editor;
    for (const [view, what] of [
      ['Data', 'data set'],
      ['Twins', 'twin'],
    ]) {
      await editor.command(`Bregma: Focus on ${view} View`);
      const tree = page.getByRole('tree', { name: view });
      const row = tree.getByRole('treeitem', { name: new RegExp(`^The record rec-.* of the ${what} `) });
      await row.waitFor();
      const said = `${await row.getAttribute('aria-label')} ${await row.textContent()}`;
      expect(said).toMatch(/cannot be read: “/);
      expect(said).toMatch(/the newer record takes its place/);
      expect(said).not.toMatch(/invalid_|expected string|"code"|"path"/i);
      expect(said.length).toBeLessThan(1500);
      const pane = page.locator('.part.sidebar .pane', { hasText: view });
      expect(await pane.first().textContent()).not.toMatch(/invalid_|"path"/i);
      await editor.shot(`hostile-${view.toLowerCase()}`);
      await row.click();
      await editor.frame('.bregma-activity h1');
    }
  });

  test('nothing runs where the folder is not trusted: Replay says why', async () => {
    const frame = await show(ids.answered);
    const button = frame.getByRole('button', { name: 'Replay', exact: true });
    expect(await button.getAttribute('aria-disabled')).toBe('true');
    expect(await frame.locator('main').textContent()).toContain('not trusted');
  });

  test('a ledger that another process writes all the time is read while it grows, and loses nothing', async () => {
    const tree = editor.page.getByRole('tree', { name: 'Provenance' });
    await editor.command('Bregma: Focus on Provenance View');
    await editor.command('Bregma: Group Activities by Tool');
    const writer = new Ledger(bregma);
    const before = writer.head().seq;
    const end = Date.now() + 4000;
    let written = 0;
    // A person opens it while it grows: what was opened stays open.
    const opened = tree
      .getByRole('treeitem', { name: /^Activities, by tool/ })
      .locator('.monaco-tl-twistie')
      .click();
    while (Date.now() < end) {
      writer.append([anyRecord('activity', 'busy_writer', { tool: 'busy_writer', status: 'ok', i: written++ })]);
      if (written % 25 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(writer.head().seq).toBe(before + written);
    writer.close();
    await opened;
    const open = performance.now();
    await tree.getByRole('treeitem', { name: `busy_writer, ${written}` }).waitFor();
    console.log(`${written} records of another process in the tree after ${Math.round(performance.now() - open)} ms`);
    await show(ids.answered);
    expect(verifyStore(bregma).faults.filter(({ problem }) => !problem.startsWith('is missing'))).toEqual([]);
  });

  test('a newer ledger and a corrupt one are named, left as they are, and read again when they are mended', async () => {
    const tree = editor.page.getByRole('tree', { name: 'Provenance' });
    const file = path.join(bregma, 'ledger.sqlite');
    const fold = new Ledger(bregma);
    fold.database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    fold.close();
    const good = path.join(folder, 'good');
    cpSync(bregma, good, { recursive: true });
    const replace = (bytes: Buffer) => {
      for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
      writeFileSync(file, bytes);
    };
    const newer = readFileSync(file);
    newer.writeUInt32BE(ledgerVersion + 1, 60); // user_version: https://sqlite.org/fileformat2.html, offset 60
    replace(newer);
    await tree
      .getByRole('treeitem', { name: /newer Bregma/ })
      .first()
      .waitFor();
    await editor.shot('hostile-newer');
    expect(readFileSync(file).equals(newer)).toBe(true);

    const corrupt = Buffer.alloc(40_960, 'not a database ');
    replace(corrupt);
    await tree
      .getByRole('treeitem', { name: /cannot be read|damaged|not a Bregma ledger/ })
      .first()
      .waitFor();
    await editor.shot('hostile-corrupt');
    await editor.command('Bregma: Verify All Records');
    await editor.page.locator('.notification-toast', { hasText: 'ledger.sqlite' }).first().waitFor();
    expect(readFileSync(file).equals(corrupt)).toBe(true);

    replace(readFileSync(path.join(good, 'ledger.sqlite')));
    await tree.getByRole('treeitem', { name: /^Activities/ }).waitFor();
    mkdirSync(path.join(folder, 'done'));
  });
});
