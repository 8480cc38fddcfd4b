import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Notebook } from '@bregma/notebooks/document';
import { parse } from '@bregma/notebooks/parse';
import { serialize } from '@bregma/notebooks/serialize';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../../fixtures/client.ts';

const text = '# Shared\n\n```sql name=a\nSELECT 1\n```\n\n```sql\nSELECT 2\n```\n\nThe end.\n';
const act = (digit: string) => `act-${digit.repeat(16)}`;

/** The notebook after a run of some of its cells, by their places. */
function ran(notebook: Notebook, activities: Record<number, string>): Notebook {
  const cells = notebook.cells.map((cell, i) =>
    cell.kind !== 'prose' && activities[i] ? { ...cell, info: { ...cell.info, activity: activities[i] } } : cell,
  );
  return { ...notebook, cells };
}
const activities = (notebook: string) =>
  parse(notebook).cells.flatMap((cell) => (cell.kind === 'prose' ? [] : [cell.info.activity]));

describe('the results of runs', () => {
  const saved = serialize(ran(parse(text), { 1: act('1'), 2: act('2') }));

  test('stand in a block at the end: no character above it is another', () => {
    expect(saved.startsWith(`${text}\n<!-- bregma results\na ${act('1')}\n.`)).toBe(true);
    expect(saved.endsWith(` ${act('2')}\n-->\n`)).toBe(true);
    expect(activities(saved)).toEqual([act('1'), act('2')]);
    expect(serialize(parse(saved))).toBe(saved);
  });

  test('go with a cell that is moved, and are no results of one whose text was changed elsewhere', () => {
    const moved = saved
      .replace('```sql\nSELECT 2\n```\n\n', '')
      .replace('# Shared\n', '# Shared\n\n```sql\nSELECT 2\n```\n');
    expect(activities(moved)).toEqual([act('2'), act('1')]);
    expect(activities(saved.replace('SELECT 2', 'SELECT 3'))).toEqual([act('1'), undefined]);
  });

  test('are read above what somebody wrote below their block, byte by byte, and go to the end when one changes', () => {
    const more = ['\nAdded by `echo`.\n', '\n```sql name=b\nSELECT 3\n```\n', '- a line\n\n<!-- not ours -->\n', 'x'];
    for (const below of more) {
      const grown = saved + below;
      expect(activities(grown).slice(0, 2)).toEqual([act('1'), act('2')]);
      expect(serialize(parse(grown))).toBe(grown);
      const again = serialize(ran(parse(grown), { 1: act('6') }));
      expect(again).toMatch(new RegExp(`\\na ${act('6')}\\n\\S+ ${act('2')}\\n-->\\n$`));
      expect(again).toContain(below.trim());
      expect(activities(again).slice(0, 2)).toEqual([act('6'), act('2')]);
    }
    const shown = `${text}\n\`\`\`\`text\n${saved.slice(text.length).trim()}\n\`\`\`\`\n`;
    expect(activities(shown)).toEqual([undefined, undefined]);
    expect(serialize(parse(shown))).toBe(shown);
  });

  test('of an earlier build are read from the fence, and leave it when the cell runs again', () => {
    const old = text.replace('name=a', `name=a activity=${act('3')}`);
    expect(activities(old)).toEqual([act('3'), undefined]);
    expect(serialize(parse(old))).toBe(old);
    expect(serialize(ran(parse(old), { 1: act('4') }))).toBe(`${text}\n<!-- bregma results\na ${act('4')}\n-->\n`);
  });

  test('on both sides of a merge without our driver are read, the last of two, and nothing of the cells is in conflict', () => {
    const merged = saved.replace(
      `a ${act('1')}\n`,
      `<<<<<<< HEAD\na ${act('1')}\n=======\na ${act('5')}\n>>>>>>> branch\n`,
    );
    expect(activities(merged)).toEqual([act('5'), act('2')]);
    expect(serialize(parse(merged))).toBe(merged);
  });
});

describe('two branches of a repository', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'bregma-branches-'));
  const file = path.join(folder, 'n.bregma.md');
  const program = path.join(root, process.env.BREGMA_TEST_DIST ? 'dist/bregma.mjs' : 'cli/src/main.ts');
  const who = ['-c', 'user.name=n', '-c', 'user.email=n@example.org', '-c', 'commit.gpgsign=false'];
  const git = (...args: string[]) => execFileSync('git', ['-C', folder, ...who, ...args], { encoding: 'utf8' });
  const install = () =>
    execFileSync(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', program, 'merge', '--install', '-w', folder],
      { stdio: 'pipe' },
    );
  function commit(on: string, notebook: string): void {
    git('checkout', '-q', '-B', on, 'start');
    writeFileSync(file, notebook);
    git('commit', '-qam', on);
  }
  beforeAll(() => {
    git('init', '-q', '-b', 'start');
    install();
    writeFileSync(file, serialize(ran(parse(text), { 1: act('1') })));
    git('add', '.');
    git('commit', '-qm', 'start');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const start = () => parse(serialize(ran(parse(text), { 1: act('1') })));

  test('that only ran merge clean', () => {
    commit('one', serialize(ran(start(), { 1: act('6'), 2: act('7') })));
    commit('two', serialize(ran(start(), { 1: act('8') })));
    git('merge', '-q', '--no-edit', 'one');
    expect(activities(readFileSync(file, 'utf8'))).toEqual([act('8'), act('7')]);
    expect(readFileSync(file, 'utf8').startsWith(text)).toBe(true);
  });

  test('that changed one line are a conflict in that line alone', () => {
    commit('three', serialize(ran(start(), { 1: act('6') })).replace('SELECT 2', 'SELECT 22'));
    commit('four', serialize(ran(start(), { 1: act('8') })).replace('SELECT 2', 'SELECT 23'));
    expect(() => git('merge', '-q', '--no-edit', 'three')).toThrow();
    const merged = readFileSync(file, 'utf8');
    expect(merged.match(/^<{7}/gm)).toHaveLength(1);
    expect(merged).toMatch(/<{7} mine\nSELECT 23\n={7}\nSELECT 22\n>{7} theirs/);
  });

  test('are given to Git through no link', () => {
    const [attributes, elsewhere] = ['.gitattributes', 'elsewhere'].map((name) => path.join(folder, name));
    rmSync(attributes);
    writeFileSync(elsewhere, 'mine\n');
    symlinkSync(elsewhere, attributes);
    expect(install).toThrow(/is a link: nothing was written/);
    expect(readFileSync(elsewhere, 'utf8')).toBe('mine\n');
  });
});
