import { existsSync, mkdtempSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Editor, openEditor } from './editor.ts';
import { prepare, settings } from './notebook-files.ts';
import { dragOnto, inputBox, mergedAfter, openFile, pick, rowAction, saveUntil, toast } from './workbench.ts';

/** How long after the editor's own save an agent writes, ms. */
const delaysMs = [0, 2, 5, 10, 20, 50, 100, 200, 500];
const rounds = delaysMs.flatMap((delayMs) => [delayMs, delayMs]);

const shared = `---
title: Shared
---

# Shared

\`\`\`sql name=mine
SELECT 0
\`\`\`

Between.

\`\`\`sql name=theirs
SELECT 1000
\`\`\`
`;

describe('a notebook that an agent writes while a person works in it', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'bregma-together-'));
  const at = (name: string) => path.join(folder, name);
  const textOf = (name: string) => readFileSync(at(name), 'utf8');
  const text = () => textOf('shared.bregma.md');
  const agent = (change: (was: string) => string) => writeFileSync(at('shared.bregma.md'), change(text()));
  let editor: Editor;

  beforeAll(async () => {
    await prepare(folder);
    writeFileSync(at('shared.bregma.md'), shared);
    writeFileSync(
      at('drop.bregma.md'),
      '# Drop\n\n```sql name=dropped\n\n```\n\n```sql name=called\n\n```\n\n```sql name=kept\nSELECT 7\n```\n',
    );
    // Saved when a test says so: unsaved work is what these tests are about.
    editor = await openEditor({ folder, settings: { ...settings, 'files.autoSave': 'off' }, height: 1400 });
  });
  afterAll(async () => {
    await editor?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const line = (words: string) =>
    editor.page.locator('.notebookOverlay:visible .view-line', { hasText: words }).first();
  const cells = () => editor.page.locator('.notebookOverlay:visible .code-cell-row');
  const tab = (name: string, state = '') => editor.page.locator(`.tab${state}`, { hasText: name });
  /** Waits for these words in a cell, and looks often: Playwright itself looks every half second. */
  const shows = (words: string) =>
    editor.page.waitForFunction(
      `[...document.querySelectorAll('.view-line')].some((line) => line.textContent.replaceAll('\\u00a0', ' ').includes(${JSON.stringify(words)}))`,
      undefined,
      { polling: 20 },
    );
  /** Clicks where the line begins: its middle may be out of sight, and the browser would scroll the workbench to it. */
  const clickLine = (words: string) => line(words).click({ position: { x: 10, y: 8 } });
  /** The file as it was at first: what is wider or taller than the window is not where it is clicked. */
  const shortAgain = async () => {
    agent(() => shared);
    await clickLine('SELECT 1000');
    await editor.page.keyboard.press('Escape');
    await editor.page.keyboard.press('Control+Home');
  };
  /** Watches the end of the line that ends in this and what is typed on: the longest that was ever shown, which must not go. */
  const longestShown = async (start: string) => {
    await editor.page.evaluate(`{
      globalThis.longest = ${JSON.stringify(start)};
      globalThis.watching?.disconnect();
      const look = () => {
        for (const line of document.querySelectorAll('.notebookOverlay .view-line')) {
          const at = line.textContent.indexOf(${JSON.stringify(start)});
          const end = at < 0 ? '' : line.textContent.slice(at);
          if (end.length > globalThis.longest.length) globalThis.longest = end;
        }
      };
      globalThis.watching = new MutationObserver(look);
      globalThis.watching.observe(document.body, { subtree: true, childList: true, characterData: true });
      look();
    }`);
    return () => editor.page.evaluate<string>('globalThis.longest');
  };
  const type = async (words: string, typed: string) => {
    await clickLine(words);
    await editor.page.keyboard.press('End');
    await editor.page.keyboard.type(typed);
    await line(typed).waitFor();
  };

  test('shows what was written within milliseconds after its own save, each time, and loses nothing', async () => {
    const { page } = editor;
    await openFile(page, 'shared.bregma.md');
    const shown: string[] = [];
    for (const [round, delayMs] of rounds.entries()) {
      const mark = `SELECT ${1001 + round}`;
      await type('SELECT 0', `,${round}`);
      const written = onSaved(`,${round}\n`, delayMs, (was) => was.replace(/SELECT 1\d{3}/, mark));
      await page.keyboard.press('Control+S');
      const since = await written;
      await shows(mark);
      shown.push(`${delayMs}: ${Date.now() - since}`);
      await expect.poll(() => tab('shared', '.dirty').count()).toBe(0);
      expect(text()).toBe(shared.replace('SELECT 0', typedUntil(round)).replace('SELECT 1000', mark));
    }
    console.log(`ms after the save, and until it was shown: ${shown.join(', ')}`);
  });

  test('merges it with what was typed on in those milliseconds', async () => {
    const { page } = editor;
    for (let round = 0; round < 6; round++) {
      const [mark, typed] = [`SELECT ${1501 + round}`, `+${round}+${round}`];
      await type('SELECT 0', `/${round}`);
      const written = onSaved(`/${round}\n`, 2 * round, (was) => was.replace(/SELECT 1\d{3}/, mark));
      await page.keyboard.press('Control+S');
      await written;
      const longest = await longestShown(`/${round}`);
      await page.keyboard.type(typed);
      await shows(mark);
      // A cell that VS Code draws anew under the hands loses the focus, and what is typed then: a person types the rest again.
      const shown = await longest();
      await line(shown).waitFor();
      await type(shown, typed.slice(shown.length - `/${round}`.length));
      await line(`/${round}${typed}`).waitFor();
      await saveUntil(page, () => text().includes(`/${round}${typed}`));
      expect(text()).toContain(mark);
    }
  });

  test('is merged also where another editor is in front, which keeps the focus', async () => {
    const { page } = editor;
    await shortAgain();
    writeFileSync(at('notes.txt'), 'notes');
    await openFile(page, 'notes.txt');
    await editor.command('View: Move Editor into Right Group');
    await type('SELECT 0', ' -- unsaved');
    const notes = page.locator('.editor-group-container', { has: tab('notes.txt') }).locator('.view-lines');
    await notes.click();
    agent((was) => was.replace(/SELECT 1\d{3}/, 'SELECT 1600'));
    await line('SELECT 1600').waitFor();
    await page.keyboard.type('still here ');
    await notes.filter({ hasText: 'still here' }).waitFor();
    await clickLine('-- unsaved');
    await saveUntil(page, () => text().includes('-- unsaved'));
    expect(text()).toContain('SELECT 1600');
    await notes.click();
    await saveUntil(page);
    await editor.command('View: Close Editor');
    await tab('notes.txt').waitFor({ state: 'detached' });
  });

  test('compares both sides before a person decides, and loses neither meanwhile', async () => {
    const { page } = editor;
    await type('SELECT 0', ' -- my words');
    agent((was) => was.replace('SELECT 0', 'SELECT 0 + 0'));
    const asked = toast(page, 'was changed on disk');
    await asked.getByRole('button', { name: 'Compare' }).click();
    const diff = page.locator('.monaco-diff-editor');
    await diff.locator('.editor.original .view-line', { hasText: 'SELECT 0 + 0' }).waitFor();
    await diff.locator('.editor.modified .view-line', { hasText: '-- my words' }).waitFor();
    await editor.shot('notebook-compare-dark');
    expect(text()).toContain('SELECT 0 + 0');
    await mergedAfter(page, () =>
      toast(page, 'was changed on disk').getByRole('button', { name: 'Keep Mine' }).click(),
    );
    await line('-- my words').waitFor();
    await expect.poll(() => tab('shared.bregma.md', '.active').count()).toBe(1);
    await saveUntil(page, () => text().includes('-- my words'));
  });

  test('stays when its file disappears, and is a file again when it is saved', async () => {
    rmSync(at('shared.bregma.md'));
    await type('-- my words', ' again');
    await saveUntil(editor.page, () => existsSync(at('shared.bregma.md')) && text().includes('-- my words again'));
  });

  test('gives a cell the name that a person types, if no other has it', async () => {
    const { page } = editor;
    await clickLine('-- my words');
    await page.keyboard.press('Escape');
    await editor.command('Bregma: Name Cell…');
    const name = await inputBox(page, 'Later cells use the result under this name');
    expect(await name.inputValue()).toBe('mine');
    await name.fill('theirs');
    await page.locator('.quick-input-widget', { hasText: "Another cell has the name 'theirs'." }).waitFor();
    await name.fill('2nd');
    await page.locator('.quick-input-widget', { hasText: 'A letter first' }).waitFor();
    await name.fill('ours');
    await name.press('Enter');
    await cells().locator('.cell-status-item', { hasText: 'ours' }).waitFor();
    await saveUntil(page);
    expect(text()).toMatch(/^```sql name=ours/m);
    await editor.command('View: Close All Editors');
  });

  test('keeps pins that are not saved when an agent writes, and shows both', async () => {
    const { page } = editor;
    await openFile(page, 'shared.bregma.md');
    await type('SELECT 1600', ' FROM celegans_cook2019.edges LIMIT 1');
    await saveUntil(page);
    await page
      .getByRole('button', { name: /Run All/ })
      .first()
      .click();
    await cells().filter({ hasText: 'celegans' }).locator('.cell-status-item', { hasText: 'fresh' }).waitFor();
    await saveUntil(page);
    await editor.command('Bregma: Pin Releases and Twins of This Notebook');
    await toast(page, 'Pinned celegans-cook2019@2019').waitFor();
    agent((was) => was.replace('Between.', 'Between, by an agent.'));
    await editor.frame('text=Between, by an agent.');
    await saveUntil(page, () => text().includes('releases:'));
    expect(text()).toContain('title: Shared\nreleases:');
    expect(text()).toContain('Between, by an agent.');
  });

  const row = (label: string) => editor.page.locator(`.pane-body .monaco-list-row[aria-label^="${label}"]`).first();

  test('takes a data set that is dropped on an empty cell into it, and a twin on a full one behind it', async () => {
    const { page } = editor;
    await editor.command('Bregma: Focus on Data View');
    await row('Data set celegans').waitFor();
    await editor.command('Bregma: Focus on Twins View');
    await row('Twin ').waitFor();
    await openFile(page, 'drop.bregma.md');
    const monaco = (words: string): Locator => cells().filter({ hasText: words }).locator('.monaco-editor .view-lines');
    await dragOnto(page, row('Data set celegans'), monaco('dropped'));
    await line('celegans_cook2019').waitFor();
    await dragOnto(page, row('Twin '), monaco('called'));
    await line('run_twin').waitFor();
    await dragOnto(page, row('Twin '), monaco('SELECT 7'));
    await expect.poll(() => cells().filter({ hasText: 'run_twin' }).count()).toBe(2);
    expect(await page.getByText('Error applying edit').count()).toBe(0);
    await editor.shot('notebook-dropped-dark');
    await dragOnto(page, row('Data set celegans'), monaco('SELECT 7'));
    await expect.poll(() => cells().filter({ hasText: 'celegans_cook2019' }).count()).toBe(2);
    await saveUntil(page);
    const [sql, call] = [/SELECT \* FROM .*/, /tool: run_twin\narguments:\n {2}twin: twin-[0-9a-f]{16}/].map(
      (form) => form.exec(textOf('drop.bregma.md'))?.[0],
    );
    const fence = (info: string, inside: string | undefined) => `\`\`\`${info}\n${inside}\n\`\`\`\n`;
    expect(textOf('drop.bregma.md')).toBe(
      [
        '# Drop\n',
        fence('sql name=dropped', sql),
        fence('bregma name=called', call),
        fence('sql name=kept', 'SELECT 7'),
        fence('sql', sql),
        fence('bregma', call),
      ].join('\n'),
    );
    await cells().filter({ hasText: 'dropped' }).hover();
    await cells().filter({ hasText: 'dropped' }).locator('.run-button-container .action-label').first().click();
    await cells().filter({ hasText: 'dropped' }).locator('.cell-status-item', { hasText: 'fresh' }).waitFor();
    await saveUntil(page);
  });

  test('takes several rows at once, asks which of two notebooks that are seen, and makes one where none is open', async () => {
    const { page } = editor;
    await openFile(page, 'shared.bregma.md');
    await editor.command('View: Move Editor into Right Group');
    const data = row('Data set celegans');
    const table = page.locator('.pane-body .monaco-list-row', { hasText: 'edges' });
    await data.locator('.monaco-tl-twistie').click();
    await table.click({ modifiers: ['Control'] });
    await data.click({ modifiers: ['Control'] });
    await rowAction(
      data,
      'Insert into Notebook',
      page.locator('.quick-input-titlebar', { hasText: 'Insert into Notebook' }),
    );
    await editor.shot('notebook-insert-which');
    await pick(page, 'drop', 'drop.bregma.md');
    await tab('drop.bregma.md', '.dirty').first().waitFor();
    await saveUntil(page);
    expect(textOf('drop.bregma.md').match(/LIMIT 100/g)).toHaveLength(4);
    expect(textOf('shared.bregma.md')).not.toContain('LIMIT 100');
    await editor.command('View: Close All Editors');
    await rowAction(data, 'Insert into Notebook', tab('notebook.bregma.md', '.active'));
    await line('celegans_cook2019').waitFor();
    expect(textOf('notebook.bregma.md').match(/LIMIT 100/g)).toHaveLength(2);
  });

  test('is made new, beside those that are there, with a cell that runs', async () => {
    const { page } = editor;
    await editor.command('View: Close All Editors');
    await editor.command('Bregma: New Notebook');
    await tab('notebook-2.bregma.md', '.active').waitFor();
    await page
      .getByRole('button', { name: /Run All/ })
      .first()
      .click();
    await cells().locator('.cell-status-item', { hasText: 'fresh' }).waitFor();
    await editor.frame('.bregma-output:has-text("celegans-cook2019@2019")');
    await editor.shot('notebook-new-dark');
  });

  const typedUntil = (round: number) => `SELECT 0${Array.from({ length: round + 1 }, (_, i) => `,${i}`).join('')}`;

  /** Resolves once the editor has written these words and, so much later, an agent has written over it: when it did. */
  function onSaved(words: string, delayMs: number, change: (was: string) => string): Promise<number> {
    return new Promise((resolve) => {
      const watcher = watch(folder, () => {
        if (!text().includes(words)) return;
        watcher.close();
        const write = () => {
          agent(change);
          resolve(Date.now());
        };
        if (delayMs === 0) write();
        else setTimeout(write, delayMs);
      });
    });
  }
});
