import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { powerOfTwoSamples } from '@bregma/core/statistics/power';
import { makeRandom } from '@bregma/core/statistics/random';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect, temporaryWorkspace } from '../../fixtures/client.ts';

const space = temporaryWorkspace();
let atlas: Connection;
let lab: Connection;
const neurons = Array.from({ length: 20 }, (_, i) => `n${i + 1}`);
/** Every other neuron is tuned to orientation. */
const isTuned = (neuron: number) => neuron % 2 === 0;

/** Rates of some neurons at 8 orientations, 10 repeats each. */
function gratings(seed: number, count = 4): string {
  const random = makeRandom(seed);
  const rows = neurons.slice(0, count).flatMap((name, n) =>
    Array.from({ length: 80 }, (_, i) => {
      const [angle, repeat] = [(i % 8) * 22.5, Math.floor(i / 8)];
      const drive = isTuned(n) ? 6 * Math.cos(((angle - 9 * n) * Math.PI) / 90) : 0;
      return `${name},${angle},${repeat},${(15 + drive + 3 * random.normal()).toFixed(9)}`;
    }),
  );
  return `neuron,angle,repeat,rate\n${rows.join('\n')}\n`;
}

const claim = (data: string, more: Record<string, unknown> = {}) => ({
  claim: 'The neurons of this session are tuned to the orientation of gratings.',
  rivals: ['Their rates vary by chance alone.'],
  predictions: [
    {
      metric: 'orientation_selectivity',
      direction: 'greater',
      measured: { data, columns: { value: 'rate', angle: 'angle' }, family: 'neuron', ...more },
    },
  ],
});

beforeAll(async () => {
  writeFileSync(path.join(space.folder, 'gratings.csv'), gratings(1, 20));
  [atlas, lab] = await Promise.all([connect('atlas', space.folder), connect('lab', space.folder)]);
});
afterAll(async () => {
  await Promise.all([atlas.close(), lab.close()]);
  space.remove();
});

const withhold = { by: 'repeat', share: 0.5, seed: 7 };

describe('a question of twenty neurons', () => {
  let hypothesis: string;

  test('is frozen and tested on withheld repeats in five calls without a signature', async () => {
    const added = await atlas.call('add_data', { source: 'gratings.csv', options: { kind: 'measured' }, withhold });
    expect(added.value.withheld).toMatchObject({ levels: { withheld: 5, of: 10 }, rows: { gratings: 800 } });
    const explored = await atlas.call('query_data', { sql: 'SELECT count(*) AS n, avg(rate) FROM gratings.gratings' });
    expect(explored.value.rows[0][0]).toBe(800);
    ({
      value: { hypothesis },
    } = await lab.call('record_hypothesis', claim('gratings')));
    await lab.call('freeze_hypothesis', { hypothesis });
    const { value, kind } = await lab.call('test_hypothesis', { hypothesis, data: 'gratings' });
    expect(kind).toBe('derived');
    expect(value.verdict).toBe('supported');
    expect(value.exposure).toBe('same-machine');
    expect(value.members).toHaveLength(20);
    value.members.forEach(({ verdict }: { verdict: string }, n: number) => {
      expect(verdict, neurons[n]).toBe(isTuned(n) ? 'supported' : 'inconclusive');
    });
    expect(value.budget).toMatchObject({ procedure: 'LOND', index: 1, level: 0.025 });
  });

  test('is not asked twice of the same rows, and not by one that knew the verdict', async () => {
    const twice = await lab.fail('test_hypothesis', { hypothesis, data: 'gratings' });
    expect(twice).toMatchObject({ code: 'conflict' });
    const { value } = await lab.call('record_hypothesis', claim('gratings', { share: 0.4 }));
    await lab.call('freeze_hypothesis', { hypothesis: value.hypothesis });
    const late = await lab.fail('test_hypothesis', { hypothesis: value.hypothesis, data: 'gratings' });
    expect(late).toMatchObject({ code: 'not-allowed', message: expect.stringMatching(/frozen after/) });
  });
});

test('rows in the open that were read before the freeze decide nothing, and those that nobody read do', async () => {
  writeFileSync(path.join(space.folder, 'open.csv'), gratings(2));
  await atlas.call('add_data', { source: 'open.csv', options: { kind: 'measured' } });
  const before = (await lab.call('record_hypothesis', claim('open'))).value.hypothesis;
  await lab.call('freeze_hypothesis', { hypothesis: before });
  await atlas.call('query_data', { sql: 'SELECT avg(rate) FROM open.open' });
  const after = (await lab.call('record_hypothesis', claim('open', { share: 0.3 }))).value.hypothesis;
  await lab.call('freeze_hypothesis', { hypothesis: after });
  const refused = await lab.fail('test_hypothesis', { hypothesis: after, data: 'open' });
  expect(refused).toMatchObject({ code: 'not-allowed', message: expect.stringMatching(/query_data/) });
  expect((await lab.call('test_hypothesis', { hypothesis: before, data: 'open' })).value.verdict).toBe('supported');
});

test('rows of which nobody said that they were measured are no evidence', async () => {
  writeFileSync(path.join(space.folder, 'unsaid.csv'), gratings(3));
  await atlas.call('add_data', { source: 'unsaid.csv' });
  const { value } = await lab.call('record_hypothesis', claim('unsaid'));
  await lab.call('freeze_hypothesis', { hypothesis: value.hypothesis });
  const refused = await lab.fail('test_hypothesis', { hypothesis: value.hypothesis });
  expect(refused).toMatchObject({ code: 'not-allowed', next: expect.stringMatching(/measured/) });
});

describe('no way leads to a withheld row', () => {
  /** Rates that only withheld rows have. */
  const hidden = (): string[] => {
    const open = readFileSync(path.join(space.folder, 'open-rates.txt'), 'utf8');
    return readFileSync(path.join(space.folder, 'gratings.csv'), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => String(Number(line.split(',')[3])))
      .filter((rate) => !open.includes(rate));
  };
  /** An answer shows six digits unless it is asked for more. */
  const rounded = (rate: string) => String(Number(Number(rate).toPrecision(6)));
  /** Other rows of the workspace round to the same six digits by chance, some ten in a ledger; a leak shows hundreds. */
  const byChance = 40;
  const leaks = (text: string) => {
    const shown = hidden().filter((rate) => text.includes(rounded(rate)));
    return shown.length > byChance ? shown : hidden().filter((rate) => text.includes(rate));
  };

  beforeAll(async () => {
    const rates: string[] = [];
    for (let at = 0; at < 800; at += 200) {
      const { value } = await atlas.call('query_data', {
        sql: `SELECT rate FROM gratings.gratings ORDER BY neuron, angle, repeat LIMIT 200 OFFSET ${at}`,
        limit: 200,
        digits: 17,
      });
      rates.push(...value.rows.map(([rate]: [number]) => String(rate)));
    }
    expect(rates).toHaveLength(800);
    writeFileSync(path.join(space.folder, 'open-rates.txt'), rates.join('\n'));
    expect(hidden()).toHaveLength(800);
  });

  test('not by what a tool or a resource tells', async () => {
    const told = [
      await atlas.call('describe_data', { data: 'gratings' }),
      await atlas.call('find_data', { question: 'gratings' }).catch(() => ({})),
      await lab.call('find_records', { kind: 'test' }).catch(() => ({})),
    ];
    expect(leaks(JSON.stringify(told))).toEqual([]);
    const { resources } = await atlas.client.listResources();
    for (const { uri } of resources)
      expect(leaks(JSON.stringify(await atlas.client.readResource({ uri }).catch(() => ''))), uri).toEqual([]);
  });

  test('not by an object, the ledger or a heading of the store', () => {
    const bregma = path.join(space.folder, '.bregma');
    const withheld = readdirSync(path.join(bregma, 'withheld'));
    expect(withheld).toHaveLength(1);
    const objects = readdirSync(path.join(bregma, 'objects'), { recursive: true, encoding: 'utf8' });
    for (const part of withheld) expect(objects.map((name) => name.replace(path.sep, ''))).not.toContain(part);
    const texts = ['ledger.sqlite', 'ledger.sqlite-wal'].map((name) => readFileSync(path.join(bregma, name), 'latin1'));
    expect(leaks(texts.join(''))).toEqual([]);
    expect(withheld.some((part) => texts.join('').includes(`objects/${part}`))).toBe(false);
  });

  test('not by SQL over the file, and not as an object of its digest', async () => {
    const [part] = readdirSync(path.join(space.folder, '.bregma/withheld'));
    const file = path.join(space.folder, '.bregma/withheld', part);
    await atlas.fail('query_data', { sql: `SELECT * FROM read_parquet('${file}')` });
    await atlas.fail('add_data', { source: `.bregma/withheld/${part}`, format: 'parquet' });
    await expect(atlas.client.readResource({ uri: `bregma://object/${part}` })).rejects.toThrow();
  });

  test('not by adding the file again, another draw of it, or its columns by other names', async () => {
    const again = { source: 'gratings.csv', id: 'again' };
    for (const more of [{}, { withhold: { ...withhold, seed: 8 } }, { withhold: { ...withhold, by: 'row' } }]) {
      const refused = await atlas.fail('add_data', { ...again, ...more });
      expect(refused).toMatchObject({ code: 'not-allowed', message: expect.stringMatching(/withholds/) });
    }
    const renamed = readFileSync(path.join(space.folder, 'gratings.csv'), 'utf8').replace(
      'neuron,angle,repeat,rate',
      'a,b,c,d',
    );
    writeFileSync(path.join(space.folder, 'renamed.csv'), renamed);
    expect(await atlas.fail('add_data', { source: 'renamed.csv' })).toMatchObject({ code: 'not-allowed' });
    const same = await atlas.call('add_data', { ...again, options: { kind: 'measured' }, withhold });
    expect(same.value.withheld.rows.gratings).toBe(800);
  });

  test('but a person can open them, and then they are as open as any', async () => {
    const opened = await atlas.call('add_data', {
      source: 'gratings.csv',
      id: 'opened',
      withhold: { by: 'row', share: 0 },
    });
    expect(opened.value.tables[0].rows).toBe(1600);
  });
});

test("a statistic of one's own is recorded, and tested on rows that nobody read", async () => {
  const random = makeRandom('own');
  const rows = Array.from({ length: 40 }, (_, i) => `m${i >> 1},${i % 2 ? 'yes' : 'no'},${(i % 2) + random.normal()}`);
  writeFileSync(path.join(space.folder, 'own.csv'), `mouse,drug,rate\n${rows.join('\n')}\n`);
  await atlas.call('add_data', { source: 'own.csv', options: { kind: 'measured' } });
  const sql = "SELECT median(rate) FILTER (drug = 'yes') - median(rate) FILTER (drug = 'no') FROM rows";
  const prediction = {
    metric: 'custom',
    direction: 'greater',
    measured: { data: 'own', columns: { exchange: 'drug', with: ['rate'] }, blocks: ['mouse'], sql },
  };
  const about = { claim: 'The drug makes mice walk faster.', rivals: ['Rates vary by chance.'] };
  const sized = { ...about, predictions: [{ ...prediction, size: 2 }] };
  expect(await lab.fail('record_hypothesis', sized)).toMatchObject({ message: expect.stringMatching(/no effect/) });
  const { value } = await lab.call('record_hypothesis', { ...about, predictions: [prediction] });
  expect(value.predictions[0].says).toMatch(/with drug exchanged, within mouse is greater than exchange gives/);
  await lab.call('freeze_hypothesis', { hypothesis: value.hypothesis });
  const tested = await lab.call('test_hypothesis', { hypothesis: value.hypothesis });
  expect(tested.value.inference).toMatch(/drug exchanged among rows within blocks: permutation/);
  expect(tested.value.pFor).toBeGreaterThan(0);
  expect(tested.value.verdict).toBe(tested.value.pFor <= tested.value.budget.level ? 'supported' : 'inconclusive');
  const wrong = { ...prediction, measured: { ...prediction.measured, sql: 'SELECT first(rate) FROM rows' } };
  const bad = (await lab.call('record_hypothesis', { ...about, predictions: [wrong] })).value.hypothesis;
  await lab.call('freeze_hypothesis', { hypothesis: bad });
  // Nothing is spent on a statistic that is none; rows that told a verdict are refused first.
  expect(await lab.fail('test_hypothesis', { hypothesis: bad })).toMatchObject({ code: 'not-allowed' });
});

test('a draft says what its test could find, from counts of units alone', async () => {
  const random = makeRandom('counts');
  const rows = Array.from({ length: 30 }, (_, i) => `m${i},${i < 20 ? 'ko' : 'wt'},${random.normal()}`);
  writeFileSync(path.join(space.folder, 'counts.csv'), `mouse,line,rate\n${rows.join('\n')}\n`);
  await atlas.call('add_data', { source: 'counts.csv', options: { kind: 'measured' } });
  const measured = {
    data: 'counts',
    columns: { value: 'rate', group: 'line' },
    groups: ['ko', 'wt'],
    subject: 'mouse',
  };
  const { value } = await lab.call('record_hypothesis', {
    claim: 'Knock-out mice walk faster.',
    rivals: ['They do not.'],
    predictions: [{ metric: 'mean_difference', direction: 'greater', measured }],
  });
  const [{ detectable }] = value.predictions;
  expect(detectable).toMatchObject({ n: '20 + 10 mouse', power: 0.8, of: expect.stringMatching(/Cohen/) });
  const power = powerOfTwoSamples({ effect: detectable.effect, n: 20, second: 10, alpha: detectable.level, sides: 1 });
  expect(power).toBeCloseTo(0.8, 2);
});

test('a sequential test goes on when more units came, on the level that it spent', async () => {
  const random = makeRandom('turn');
  const lines = Array.from(
    { length: 80 },
    (_, i) => `u${i},${'ab'[i % 2]},${((i % 2 ? 0 : 1.5) + random.normal()).toFixed(9)}`,
  );
  const file = (count: number) =>
    writeFileSync(path.join(space.folder, 'turn.csv'), `unit,arm,rate\n${lines.slice(0, count).join('\n')}\n`);
  const add = () => atlas.call('add_data', { source: 'turn.csv', id: 'turn', options: { kind: 'measured' } });
  file(8);
  await add();
  const judge = { by: 'sprt', effect: 0.8, beta: 0.1 };
  const { value } = await lab.call('record_hypothesis', {
    claim: 'Units of arm a are larger.',
    rivals: ['They vary by chance.'],
    predictions: [
      {
        metric: 'mean_difference',
        direction: 'greater',
        measured: { data: 'turn', columns: { value: 'rate', group: 'arm' }, unit: 'unit', judge },
      },
    ],
  });
  expect(value.predictions[0].says).toMatch(/by sequential test for 0.8 SD/);
  await lab.call('freeze_hypothesis', { hypothesis: value.hypothesis });
  const first = (await lab.call('test_hypothesis', { hypothesis: value.hypothesis })).value;
  expect(first.verdict).toBe('inconclusive');
  expect(first.sequence).toMatchObject({ units: 8, of: 8, why: 'no more units' });
  expect(first.budget.procedure).toBe('e-LOND');
  expect(await lab.fail('test_hypothesis', { hypothesis: value.hypothesis })).toMatchObject({ code: 'conflict' });
  file(80);
  await add();
  const later = (await lab.call('test_hypothesis', { hypothesis: value.hypothesis })).value;
  expect(later.test).toBe(first.test);
  expect(later.budget).toEqual(first.budget);
  expect(later.verdict).toBe('supported');
  expect(later.eFor).toBeGreaterThanOrEqual(later.needed);
  expect(later.sequence.units).toBeLessThan(80);
});

/** First levels at α = 0.05, of R's onlineFDR 2.19.1 (shared oracles, cases 1 to 3). */
test.each([
  ['LORD', undefined, 0.00209154186],
  ['LORD++', 'each session is of another animal, on another day', 0.0002675838546],
])('%s gives a family its level', async (procedure, because, level) => {
  const other = temporaryWorkspace();
  const [data, tests] = await Promise.all([connect('atlas', other.folder), connect('lab', other.folder)]);
  try {
    // A level this small takes a hundred thousand exchanges: of two neurons.
    writeFileSync(path.join(other.folder, 'a.csv'), gratings(21, 2));
    await data.call('add_data', { source: 'a.csv', options: { kind: 'measured' } });
    const { hypothesis } = (await tests.call('record_hypothesis', claim('a'))).value;
    await tests.call('freeze_hypothesis', { hypothesis });
    const { value } = await tests.call('test_hypothesis', { hypothesis, budget: { procedure, because } });
    expect(value.budget.procedure).toBe(procedure);
    expect(value.budget.level).toBeCloseTo(level, 10);
    expect(value.members.map(({ verdict }: { verdict: string }) => verdict)).toEqual(
      neurons.slice(0, 2).map((_, n) => (isTuned(n) ? 'supported' : 'inconclusive')),
    );
  } finally {
    await Promise.all([data.close(), tests.close()]);
    other.remove();
  }
});

test('the procedure of independent tests is chosen with the first test, with a reason, or not at all', async () => {
  const other = temporaryWorkspace();
  const [data, tests] = await Promise.all([connect('atlas', other.folder), connect('lab', other.folder)]);
  const ask = async (name: string, seed: number, budget?: object) => {
    writeFileSync(path.join(other.folder, `${name}.csv`), gratings(seed));
    await data.call('add_data', { source: `${name}.csv`, options: { kind: 'measured' } });
    const { value } = await tests.call('record_hypothesis', claim(name));
    await tests.call('freeze_hypothesis', { hypothesis: value.hypothesis });
    return { hypothesis: value.hypothesis, budget };
  };
  try {
    const first = await ask('a', 11, { procedure: 'SAFFRON', because: 'short' });
    expect(await tests.fail('test_hypothesis', first)).toMatchObject({ next: expect.stringMatching(/because/) });
    const because = 'each session is of another animal, on another day';
    const { value } = await tests.call('test_hypothesis', { ...first, budget: { procedure: 'SAFFRON', because } });
    expect(value.budget.procedure).toBe('SAFFRON');
    const second = await ask('b', 12, { procedure: 'LORD++', because });
    expect(await tests.fail('test_hypothesis', second)).toMatchObject({ code: 'conflict' });
    const kept = await tests.call('test_hypothesis', { hypothesis: second.hypothesis });
    expect(kept.value.budget).toMatchObject({ procedure: 'SAFFRON', index: 2 });
  } finally {
    await Promise.all([data.close(), tests.close()]);
    other.remove();
  }
});
