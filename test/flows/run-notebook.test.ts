import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from '@bregma/notebooks/parse';
import { serialize } from '@bregma/notebooks/serialize';
import { afterAll, describe, expect, test } from 'vitest';
import { root, temporaryWorkspace } from '../fixtures/client.ts';

const program = process.env.BREGMA_TEST_DIST ? 'dist/bregma.mjs' : 'cli/src/main.ts';

/** Runs `bregma run …` in a folder. heard: told what came on stderr so far, and how to interrupt. */
const bregmaRun = (folder: string, args: string[], heard?: (said: string, interrupt: () => void) => void) =>
  bregma(folder, ['run', ...args], heard);

/** Runs any command, in a folder. */
function bregma(folder: string, args: string[], heard?: (said: string, interrupt: () => void) => void) {
  const child = spawn(process.execPath, [path.join(root, program), ...args], { cwd: folder });
  let [out, err] = ['', ''];
  child.stdout.on('data', (data) => {
    out += data;
  });
  child.stderr.on('data', (data) => {
    err += data;
    heard?.(err, () => child.kill('SIGINT'));
  });
  return new Promise<{ code: number | null; out: string; err: string }>((resolve) =>
    child.on('close', (code) => resolve({ code, out, err })),
  );
}

const wiring = `---
title: Wiring of the worm
---

# Wiring

\`\`\`bregma name=worm
tool: add_data
arguments:
  source: celegans-cook2019
\`\`\`

\`\`\`sql name=kinds
SELECT kind, count(*) AS n FROM celegans_cook2019.edges GROUP BY 1 ORDER BY 1
\`\`\`

\`\`\`plot name=bars
data: kinds
marks:
  - mark: bar
    x: kind
    y: n
\`\`\`

\`\`\`vega-lite name=vega
{"data": {"name": "kinds"}, "mark": "bar", "encoding": {"x": {"field": "kind"}, "y": {"field": "n", "type": "quantitative"}}}
\`\`\`

\`\`\`plot name=matrix
view: matrix
data: celegans-cook2019@2019
\`\`\`
`;

describe('bregma run', () => {
  const { folder, remove } = temporaryWorkspace();
  afterAll(remove);
  const file = path.join(folder, 'wiring.bregma.md');
  const text = () => readFileSync(file, 'utf8');
  const outcomes = (out: string) =>
    JSON.parse(out).cells.map(({ name, outcome }: { name: string; outcome: string }) => `${name} ${outcome}`);

  test('runs a notebook, writes its results as the editor does, and renders it as one page', async () => {
    writeFileSync(file, wiring);
    const { code, out, err } = await bregmaRun(folder, ['wiring.bregma.md', '--to', 'html']);
    expect([code, out]).toEqual([0, expect.stringMatching(/^✓ ran {2}bregma {2}worm {2}act-[0-9a-f]{16}\n/)]);
    expect(err).toContain('[2/5] sql kinds');
    const written = text();
    expect(written.slice(0, wiring.length)).toBe(wiring);
    expect(written.slice(wiring.length)).toMatch(
      /^\n<!-- bregma results\nworm act-[0-9a-f]{16}\nkinds act-[0-9a-f]{16}\n-->\n$/,
    );
    expect(serialize(parse(written))).toBe(written);
    const html = readFileSync(path.join(folder, 'wiring.html'), 'utf8');
    expect(html).toContain('<title>Wiring of the worm</title>');
    expect(html.match(/<picture>/g)).toHaveLength(2);
    expect(html).toContain('data:image/png;base64,');
    expect(html).not.toMatch(/class="stale"/);
    expect(html.match(/<script[^>]*>/g)).toEqual(['<script type="application/json" id="publication">', '<script>']);
  });

  test('publishes a page that holds with its crate, and says which of the two was changed, and where', async () => {
    const html = readFileSync(path.join(folder, 'wiring.html'), 'utf8');
    const [, activity] = /bregma export (act-[0-9a-f]{16}) --to/.exec(html) ?? [];
    for (const to of ['crate.zip', 'crate'])
      expect(await bregma(folder, ['export', activity, '--to', to])).toMatchObject({ code: 0 });
    const verify = (page: string, crate: string) => bregma(folder, ['verify', '--page', page, '--crate', crate]);
    for (const crate of ['crate.zip', 'crate']) {
      const { code, out } = await verify('wiring.html', crate);
      expect([code, out]).toEqual([
        0,
        expect.stringContaining('✓ It holds the records of all 2 results that the page'),
      ]);
      expect(out).toMatch(/✓ [1-9]\d* objects have the bytes that they are named by/);
    }
    const changed: [string, (was: string) => string, RegExp][] = [
      [
        'a word of a cell',
        (was) => was.replace('<td>chemical</td>', '<td>chemica1</td>'),
        /✗ This page was changed.*: kinds\./,
      ],
      [
        'a picture',
        (was) => was.replace('image/png;base64,iVBORw0K', 'image/png;base64,iVBORw0L'),
        /✗ This page.*: matrix\./,
      ],
      [
        'a sheet',
        (was) => was.replace('.stale {', 'td { display: none } .stale {'),
        /✗ This page.*: outside of its cells\./,
      ],
      ['the script', (was) => was.replace('<script>', '<script>alert(1);'), /✗ Its script was changed/],
    ];
    for (const [name, change, says] of changed) {
      const other = change(html);
      expect([name, other === html]).toEqual([name, false]);
      writeFileSync(path.join(folder, 'changed.html'), other);
      const { code, out } = await verify('changed.html', 'crate.zip');
      expect([name, code, out]).toEqual([name, 1, expect.stringMatching(says)]);
    }
    const records = path.join(folder, 'crate/records.jsonl');
    writeFileSync(records, readFileSync(records, 'utf8').replace('query_data', 'query_dada'));
    const forged = await verify('wiring.html', 'crate');
    expect([forged.code, forged.out]).toEqual([1, expect.stringMatching(/✗ Changed in the crate: record \d+/)]);
    const none = await verify('wiring.html', 'wiring.bregma.md');
    expect([none.code, none.err]).toEqual([1, expect.stringContaining('is no crate')]);
    expect((await bregma(folder, ['verify', '--page', 'wiring.html'])).err).toContain('name both');
  });

  test('packs no crate of an object that a folder has taken the place of', async () => {
    const [, activity] =
      /bregma export (act-[0-9a-f]{16}) --to/.exec(readFileSync(path.join(folder, 'wiring.html'), 'utf8')) ?? [];
    const [name] = readdirSync(path.join(folder, 'crate/objects'));
    const object = path.join(folder, '.bregma/objects', name.slice(0, 2), name.slice(2, 64));
    renameSync(object, `${object}.away`);
    mkdirSync(object);
    const { code, err } = await bregma(folder, ['export', activity, '--to', 'other']);
    expect([code, err]).toEqual([1, expect.stringContaining('is a link or no regular file: it was not read.')]);
    expect(existsSync(path.join(folder, 'other'))).toBe(false);
    rmdirSync(object);
    renameSync(`${object}.away`, object);
  });

  test('keeps what is fresh, and draws each picture as a file that says what it rests on', async () => {
    const before = text();
    const { code, out } = await bregmaRun(folder, ['wiring.bregma.md', '--to', 'png', '--out', 'figures', '--json']);
    expect([code, outcomes(out)]).toEqual([0, ['worm kept', 'kinds kept', 'bars drawn', 'vega drawn', 'matrix drawn']]);
    expect(text()).toBe(before);
    for (const name of ['bars', 'vega', 'matrix']) {
      const png = readFileSync(path.join(folder, 'figures', `${name}.png`));
      expect([name, png.subarray(1, 4).toString()]).toEqual([name, 'PNG']);
      // Width and height stand in the header.
      expect(png.readUInt32BE(16)).toBeGreaterThan(400);
    }
  });

  test('says under --check which cells are not fresh and why, runs nothing, and ends with 1', async () => {
    writeFileSync(file, text().replace('GROUP BY 1 ORDER BY 1', 'GROUP BY kind ORDER BY n'));
    const before = text();
    const { code, out } = await bregmaRun(folder, ['wiring.bregma.md', '--check', '--to', 'ipynb']);
    expect(code).toBe(1);
    expect(out).toContain('✓ fresh  bregma  worm');
    expect(out).toMatch(/✗ stale {2}sql {2}kinds {2}act-\w+\n {4}The cell was changed after it ran/);
    expect(out).toMatch(/✗ stale {2}plot {2}bars\n {4}It builds on 'kinds', which is stale/);
    expect(text()).toBe(before);
    const { nbformat, cells } = JSON.parse(readFileSync(path.join(folder, 'wiring.ipynb'), 'utf8'));
    expect([nbformat, cells.length]).toEqual([4, 6]);
  });

  test('ends at the cell that fails, keeps what ran before it, and runs what cannot be taken back only when it is meant', async () => {
    const failing = path.join(folder, 'failing.bregma.md');
    const cells = [
      '```sql name=one\nSELECT 1 AS x\n```',
      '```bregma name=frozen\ntool: freeze_hypothesis\narguments:\n  hypothesis: hyp-0123456789abcdef\n```',
      '```sql\nSELECT 2 AS x\n```',
    ];
    writeFileSync(failing, `${cells.join('\n\n')}\n`);
    const { code, out } = await bregmaRun(folder, ['failing.bregma.md', '--json']);
    expect([code, outcomes(out)]).toEqual([1, ['one ran', 'frozen failed', 'undefined not-reached']]);
    expect(JSON.parse(out).cells[1].said.join(' ')).toMatch(/cannot be taken back: it was not run.*--act/);
    expect(readFileSync(failing, 'utf8')).toMatch(/<!-- bregma results\none act-[0-9a-f]{16}\n-->\n$/);
  });

  test('ends at Ctrl-C with 130, keeps what ran, and what was written into the file meanwhile', async () => {
    const long = path.join(folder, 'long.bregma.md');
    const cells =
      '```sql name=one\nSELECT 1 AS x\n```\n\n```sql name=long timeout_s=300\nSELECT sum(a.range * b.range) FROM range(1000000) a, range(10000000) b\n```\n';
    writeFileSync(long, `# Long\n\n${cells}`);
    let told = false;
    const { code, out } = await bregmaRun(folder, ['long.bregma.md'], (said, interrupt) => {
      if (told || !said.includes('[2/2]')) return;
      told = true;
      writeFileSync(long, `# Long, and renamed\n\n${cells}`);
      interrupt();
    });
    expect([code, out]).toEqual([130, expect.stringContaining('✗ failed  sql  long\n    Cancelled')]);
    expect(readFileSync(long, 'utf8')).toMatch(
      /^# Long, and renamed\n[\s\S]*<!-- bregma results\none act-[0-9a-f]{16}\n-->\n$/,
    );
  });

  test('refuses what is no notebook, and options that say nothing together', async () => {
    writeFileSync(path.join(folder, 'README.md'), '```sql\nSELECT 1\n```\n');
    const cases: [string[], RegExp][] = [
      [['README.md'], /A notebook is a \*\.bregma\.md/],
      [['none.bregma.md'], /There is no notebook at/],
      [['wiring.bregma.md', '--to', 'pdf'], /rendered to html, ipynb, qmd, png, not to 'pdf'/],
      [['wiring.bregma.md', '--check', '--all'], /--check runs nothing/],
    ];
    const ended = await Promise.all(cases.map(([args]) => bregmaRun(folder, args)));
    expect(ended.map(({ code }) => code)).toEqual([1, 1, 1, 1]);
    for (const [i, [, says]] of cases.entries()) expect(ended[i].err).toMatch(says);
    expect(existsSync(path.join(folder, 'README.html'))).toBe(false);
  });
});
