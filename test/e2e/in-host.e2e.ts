import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildInHost } from '../../scripts/build-in-host.ts';
import { connect, root } from '../fixtures/client.ts';
import { type Result, type WindowName, windows } from '../in-host/report.ts';
import type { EditorOptions } from './editor.ts';
import { electron, runInHost } from './in-host-window.ts';
import { prepare, settings, wiring } from './notebook-files.ts';

type Name = Pick<Result, 'suite' | 'test'>;

/** Suite and test of each `it` of a window's suites, as the sources name them. */
function testsOf(window: WindowName): Name[] {
  const folder = path.join(root, 'test/in-host', window);
  const files = readdirSync(folder).filter((file) => file.endsWith('.suite.ts'));
  return files.sort().flatMap((file) => {
    const names: Name[] = [];
    let suite = file;
    const text = readFileSync(path.join(folder, file), 'utf8');
    for (const [, described, it] of text.matchAll(/^(?:describe\('([^']*)'| {2}it\('([^']*)'), /gm)) {
      if (described) suite = described;
      else names.push({ suite, test: it });
    }
    return names;
  });
}

const folders = new Map<WindowName, string>();
let index: string;

/** Two folders of one workspace: `first` is empty, `second` has a data set and a notebook. */
async function makeSeveral(folder: string): Promise<void> {
  for (const name of ['first', 'second']) mkdirSync(path.join(folder, name));
  const second = path.join(folder, 'second');
  writeFileSync(path.join(second, 'mine.csv'), 'k,v\na,1\nb,2\n');
  const atlas = await connect('atlas', second);
  await atlas.call('add_data', { source: 'mine.csv' });
  await atlas.close();
  writeFileSync(path.join(second, 's.bregma.md'), '```sql name=sum\nSELECT sum(v) AS total FROM mine.mine\n```\n');
  writeFileSync(path.join(folder, 'both.code-workspace'), '{"folders": [{"path": "first"}, {"path": "second"}]}');
}

/** What a window opens. */
function openedIn(window: WindowName): Pick<EditorOptions, 'folder' | 'workspace'> {
  if (window === 'empty') return {};
  const folder = folders.get(window) ?? '';
  return window === 'several' ? { workspace: path.join(folder, 'both.code-workspace') } : { folder };
}

beforeAll(async () => {
  index = await buildInHost(root);
  for (const window of windows) {
    const folder = mkdtempSync(path.join(tmpdir(), `bregma-${window}-`));
    folders.set(window, folder);
    if (window === 'several') await makeSeveral(folder);
    else if (window !== 'empty') writeFileSync(path.join(folder, 'wiring.bregma.md'), wiring(await prepare(folder)));
  }
});
afterAll(() => {
  for (const folder of folders.values()) rmSync(folder, { recursive: true, force: true });
});

// VS Code would ask about U+2028, and dialogs of a test run answer themselves: it would be taken out.
const common = { ...settings, 'files.autoSave': 'off', 'editor.unusualLineTerminators': 'off' };
const trust = { 'security.workspace.trust.startupPrompt': 'never', 'security.workspace.trust.banner': 'never' };

// What starts VS Code from the command line trusts every workspace.
describe.each(windows.filter((window) => !(electron && window === 'untrusted')))('in the window %s', (window) => {
  let report: Awaited<ReturnType<typeof runInHost>>;

  beforeAll(async () => {
    report = await runInHost(window, {
      index,
      ...openedIn(window),
      trusted: window === 'records' || window === 'several',
      settings: { ...common, ...(window === 'records' || window === 'several' ? {} : trust) },
    });
  });

  for (const { suite, test: title } of testsOf(window))
    test(`${suite}: ${title}`, () => {
      const result = report.results.find((one) => one.suite === suite && one.test === title);
      // A hook that failed has kept its tests from running.
      const told = result ?? report.results.find((one) => one.suite === suite && one.failed);
      if (told?.failed) throw Object.assign(new Error(told.failed.message), { stack: told.failed.stack });
      expect(result).toBeDefined();
    });

  test('every test of the suites has run, and no other', () => {
    const names = ({ suite, test: title }: Name) => `${suite}: ${title}`;
    expect(report.results.map(names).sort()).toEqual(testsOf(window).map(names).sort());
  });

  test('no server outlives the extension host', () => {
    const servers = report.children.filter(({ command }) => command.includes('/servers/'));
    expect(servers.length > 0).toBe(window === 'records' || window === 'several');
    expect(report.left).toEqual([]);
  });
});
