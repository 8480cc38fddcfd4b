import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { OpenObjects } from '@bregma/core/experiment/unspent';
import { findDataset } from '@bregma/core/ledger/catalogue';
import { writeNpy } from '@bregma/core/npy';
import { makeRandom } from '@bregma/core/statistics/random';
import { openWorkspace } from '@bregma/core/workspace';
import { offersOf } from '@bregma/notebooks/dataset-pictures/offers';
import { atlasModel } from '@bregma/notebooks/queries/atlas-model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect, root, temporaryWorkspace } from '../../fixtures/client.ts';

const [neurons, stimuli, repeats] = [6, 40, 3];
const withhold = { by: 'stimulus', share: 0.3, seed: 5 };
const source = 'responses.npy';
const asked = {
  source,
  id: 'session',
  format: 'stimulus-response',
  options: { stimuli: 'stimuli.npy', responses: source, kind: 'measured' },
};

/** One recording of which stimuli are withheld, and every way by which numbers leave a workspace. */
describe('what is withheld of a recording', () => {
  const { folder, remove } = temporaryWorkspace();
  let atlas: Connection;
  let twin: Connection;
  let lab: Connection;
  let reference: string;
  let all: number[];
  let open: Set<number>;
  const told: Record<string, string> = {};
  const tell = (name: string, what: unknown) => {
    told[name] = typeof what === 'string' ? what : (JSON.stringify(what) ?? '');
  };

  beforeAll(async () => {
    const random = makeRandom(3);
    const images = Uint8Array.from({ length: stimuli * 64 }, () => Math.floor(256 * random.uniform()));
    writeFileSync(path.join(folder, 'stimuli.npy'), writeNpy({ data: images, shape: [stimuli, 8, 8, 1] }));
    const drive = Array.from({ length: neurons * stimuli }, () => 10 + 3 * random.normal());
    const data = Float64Array.from(
      { length: neurons * stimuli * repeats },
      (_, i) => drive[Math.floor(i / repeats)] + random.normal(),
    );
    all = [...data];
    writeFileSync(path.join(folder, source), writeNpy({ data, shape: [neurons, stimuli, repeats] }));
    [atlas, twin, lab] = await Promise.all([connect('atlas', folder), connect('twin', folder), connect('lab', folder)]);
    const added = await atlas.call('add_data', { ...asked, withhold });
    tell('add_data', added);
    reference = added.value.dataset;
    expect(added.value.withheld).toMatchObject({
      by: 'stimulus',
      levels: { withheld: 12, of: 40 },
      rows: { responses: neurons * 12 * repeats },
    });
    open = new Set(await openValues());
  });
  afterAll(async () => {
    await Promise.all([atlas.close(), twin.close(), lab.close()]);
    remove();
  });

  /** Numbers in the open, as SQL gives them. */
  async function openValues(): Promise<number[]> {
    const found: number[] = [];
    for (let at = 0; at < neurons * stimuli * repeats; at += 100) {
      const sql = `SELECT value FROM "${reference}".responses ORDER BY ALL LIMIT 100 OFFSET ${at}`;
      const { value } = await atlas.call('query_data', { sql, limit: 200, digits: 17 });
      found.push(...value.rows.flatMap(([one]: [number | null]) => one ?? []));
    }
    return found;
  }
  const hidden = () => all.filter((value) => !open.has(value));
  const leaksIn = (text: string) => hidden().filter((value) => text.includes(String(value).slice(0, 11)));

  test('is 12 of 40 stimuli: every other number is in the open, and its places count as not measured', async () => {
    expect(open.size).toBe(neurons * 28 * repeats);
    expect(hidden()).toHaveLength(neurons * 12 * repeats);
    const { value } = await atlas.call('query_data', {
      sql: `SELECT count(*), count(value), count(DISTINCT stimulus) FILTER (value IS NULL) FROM "${reference}".responses`,
    });
    expect(value.rows).toEqual([[720, 504, 12]]);
  });

  test('is in no answer of a tool: queries, profiles, questions, charts, joins, twins, traces', async () => {
    const sql = `SELECT * FROM "${reference}".responses`;
    const question = { metric: 'pearson', columns: { x: 'repeat', y: 'value' } };
    tell('describe_data', await atlas.call('describe_data', { data: reference }));
    tell('find_data', await atlas.call('find_data', { query: 'session' }));
    tell('query_data', await atlas.call('query_data', { sql, limit: 200, digits: 17 }));
    tell('analyse_data', await atlas.call('analyse_data', { sql, question }));
    tell('draw_chart', await atlas.call('draw_chart', { sql, chart: { marks: ['dot'], x: 'stimulus', y: 'value' } }));
    const fitted = await twin.call('build_twin', { kind: 'encoding-ridge', data: reference });
    tell('build_twin', fitted);
    tell('run_twin', await twin.call('run_twin', { twin: fitted.value.twin }));
    tell(
      'validate_twin',
      await twin.call('validate_twin', { kind: 'encoding-ridge', data: reference, protocol: 'cv5' }),
    );
    tell('find_records', await lab.call('find_records', { kind: 'activity' }));
    tell('trace_claim', await lab.call('trace_claim', { id: fitted.value.twin }));
    const { tables } = (await atlas.call('describe_data', { data: reference })).value;
    if (tables.length > 0) {
      const key = `${reference}.${tables[0].name}.${tables[0].columns[0].name}`;
      tell('join_data', await atlas.call('join_data', { left: key, right: key, same_ids: true, id: 'joined' }));
    }
    for (const [name, text] of Object.entries(told)) expect([name, leaksIn(text)]).toEqual([name, []]);
    // The detector sees what is in the open.
    expect([...open].some((value) => told.query_data.includes(String(value).slice(0, 11)))).toBe(true);
  });

  test('is in no resource, of whatever record or object', async () => {
    const { ledger, objects, close } = openWorkspace(folder);
    const digests = readdirSync(objects.folder, { recursive: true, encoding: 'utf8' })
      .map((name) => name.replaceAll(path.sep, ''))
      .filter((name) => /^[0-9a-f]{64}$/.test(name));
    const activities = ledger.list('activity').map(({ id }) => id);
    close();
    const uris = [
      ...digests.map((digest) => `bregma://object/${digest}`),
      ...activities.map((id) => `bregma://activity/${id}`),
      `bregma://dataset/${reference}`,
    ];
    expect(digests.length).toBeGreaterThan(3);
    for (const uri of uris) {
      const read = await atlas.client.readResource({ uri }).catch(() => undefined);
      const [content] = (read?.contents ?? []) as { text?: string; blob?: string }[];
      const bytes = Buffer.from(content?.blob ?? '', 'base64');
      expect([uri, leaksIn(content?.text ?? ''), bytesOf(hidden(), bytes)]).toEqual([uri, [], []]);
    }
    for (const part of readdirSync(path.join(folder, '.bregma/withheld'))) {
      await expect(atlas.client.readResource({ uri: `bregma://object/${part}` })).rejects.toThrow();
      const file = path.join(folder, '.bregma/withheld', part);
      for (const sql of [`SELECT * FROM object."${part}"`, `SELECT * FROM read_blob('${file}')`])
        expect(await atlas.fail('query_data', { sql })).toMatchObject({
          code: expect.stringMatching(/missing|not-allowed/),
        });
      await atlas.fail('add_data', { source: path.relative(folder, file), format: 'npy' });
    }
  });

  test('is in no notebook, view, page, picture or crate', async () => {
    const notebook = [
      `\`\`\`sql name=rows limit=200\nSELECT * FROM "${reference}".responses\n\`\`\``,
      '```plot name=dots\ndata: rows\nmarks:\n  - {mark: dot, x: stimulus, y: value}\n```',
      `\`\`\`plot name=matrix\nview: matrix\ndata: ${reference}\n\`\`\``,
    ];
    writeFileSync(path.join(folder, 'all.bregma.md'), `${notebook.join('\n\n')}\n`);
    const program = path.join(root, process.env.BREGMA_TEST_DIST ? 'dist/bregma.mjs' : 'cli/src/main.ts');
    const bregma = (...args: string[]) =>
      spawnSync(process.execPath, [program, ...args], { cwd: folder, encoding: 'utf8', env: process.env });
    mkdirSync(path.join(folder, 'out'));
    for (const to of ['html', 'ipynb']) bregma('run', 'all.bregma.md', '--to', to, '--out', `out/all.${to}`);
    const html = readFileSync(path.join(folder, 'out/all.html'), 'utf8');
    expect([...open].some((value) => html.includes(String(value).slice(0, 11)))).toBe(true);
    const workspace = openWorkspace(folder);
    const opened = new OpenObjects(workspace.objects.folder, () => workspace.ledger);
    const release = findDataset(workspace.ledger, reference);
    for (const { what } of offersOf(release))
      tell(`view ${what}`, await atlasModel({ ...workspace, objects: opened }, reference, what).then(plainModel));
    workspace.close();
    const { activity } = await atlas.call('query_data', { sql: `SELECT * FROM "${reference}".responses`, limit: 0 });
    bregma('export', activity, '--to', 'out/crate');
    for (const file of filesBelow(path.join(folder, 'out'))) {
      const bytes = readFileSync(file);
      expect([file, leaksIn(bytes.toString('latin1')), bytesOf(hidden(), bytes)]).toEqual([file, [], []]);
    }
    for (const [name, text] of Object.entries(told)) expect([name, leaksIn(text)]).toEqual([name, []]);
  });

  test('is in no file of the store but its own', () => {
    const bregma = path.join(folder, '.bregma');
    const own = filesBelow(path.join(bregma, 'withheld'));
    expect(own).toHaveLength(1);
    expect(bytesOf(hidden(), readFileSync(own[0]))).toHaveLength(hidden().length);
    for (const file of filesBelow(bregma).filter((one) => !own.includes(one))) {
      const bytes = readFileSync(file);
      expect([file, leaksIn(bytes.toString('latin1')), bytesOf(hidden(), bytes)]).toEqual([file, [], []]);
    }
  });

  test('decides a frozen hypothesis, which asks the array as a table', async () => {
    const measured = {
      data: 'session',
      table: 'responses',
      columns: { value: 'value', group: 'neuron' },
      groups: ['0', '1'],
    };
    const { value } = await lab.call('record_hypothesis', {
      claim: 'Neuron 0 responds more than neuron 1.',
      rivals: ['They respond alike.'],
      predictions: [{ metric: 'mean_difference', direction: 'greater', measured }],
    });
    await lab.call('freeze_hypothesis', { hypothesis: value.hypothesis });
    const tested = await lab.call('test_hypothesis', { hypothesis: value.hypothesis, data: 'session' });
    const mean = (neuron: number) => {
      const own = all
        .slice(neuron * stimuli * repeats, (neuron + 1) * stimuli * repeats)
        .filter((one) => !open.has(one));
      return own.reduce((sum, one) => sum + one, 0) / own.length;
    };
    expect(tested.value).toMatchObject({ exposure: 'same-machine', estimate: expect.closeTo(mean(0) - mean(1), 9) });
    expect(tested.n?.count).toBe(2 * 12 * repeats);
  });

  test('does not come back by another draw, as a table, rounded, or as bare numbers; only in so many words', async () => {
    const { stimuli: _, ...options } = asked.options;
    await expectRefused({ ...asked, id: 'again' });
    await expectRefused({ ...asked, id: 'again', withhold: { ...withhold, seed: 6 } });
    await expectRefused({ source, id: 'bare', format: 'npy', options: { kind: options.kind } });
    const table = (digits: number) =>
      `n,s,r,v\n${all
        .map((value, i) => {
          const at = Math.floor(i / repeats);
          return `${Math.floor(at / stimuli)},${at % stimuli},${i % repeats},${value.toFixed(digits)}`;
        })
        .join('\n')}\n`;
    for (const digits of [12, 4, 2]) {
      writeFileSync(path.join(folder, 'copy.csv'), table(digits));
      await expectRefused({ source: 'copy.csv' });
    }
    writeFileSync(path.join(folder, 'list.csv'), `v\n${all.map((value) => value.toFixed(5)).join('\n')}\n`);
    await expectRefused({ source: 'list.csv' });
    const opened = await atlas.call('add_data', { ...asked, id: 'opened', withhold: { by: 'row', share: 0 } });
    const { value } = await atlas.call('query_data', {
      sql: `SELECT count(value) FROM "${opened.value.dataset}".responses`,
    });
    expect(value.rows).toEqual([[720]]);
  });

  async function expectRefused(args: Record<string, unknown>): Promise<void> {
    const refused = await atlas.fail('add_data', args);
    expect([args, refused.code]).toEqual([args, 'not-allowed']);
    expect(refused.message).toContain(`rows that ${reference} withholds`);
  }
});

/** Which of some doubles lie in these bytes as they are. */
function bytesOf(values: number[], bytes: Buffer): number[] {
  const one = Buffer.alloc(8);
  return values.filter((value) => {
    one.writeDoubleLE(value);
    return bytes.includes(one);
  });
}

/** A model with its arrays as numbers. */
const plainModel = (model: unknown): string =>
  JSON.stringify(model, (_, value) => (ArrayBuffer.isView(value) ? Array.from(value as unknown as number[]) : value));

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file).isFile());
