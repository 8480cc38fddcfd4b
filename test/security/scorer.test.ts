import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { verifyStore } from '@bregma/core/ledger/verify';
import { doublesOf, parseNpy, writeNpy } from '@bregma/core/npy';
import { isScoreOf } from '@bregma/core/scorer/receipts';
import { makeRandom } from '@bregma/core/statistics/random';
import { ScorerBook } from '@bregma/scorer/book';
import { Scorer } from '@bregma/scorer/scorer';
import { sealFolder } from '@bregma/scorer/seal';
import { tickMs, untilTick } from '@bregma/scorer/serve';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drawSealedData, writeSealedFolder } from '../fixtures/sealed-folder.ts';

const home = mkdtempSync(path.join(tmpdir(), 'bregma-scorer-'));
const data = drawSealedData();
const { neurons, stimuli, signal, trials } = data;
const shape = [neurons, stimuli];
let book: ScorerBook;
let scorer: Scorer;
let open: number[];
beforeAll(() => {
  writeSealedFolder(path.join(home, 'mine'), data);
  book = new ScorerBook(path.join(home, 'kept'));
  const budget = { workspace: 30, person: 50 };
  const request = { title: 'Mine', open: 0.5, mechanism: 'ladder' as const, licence: 'CC0-1.0' };
  for (const name of ['mine-1', 'mine-2']) sealFolder(book, path.join(home, 'mine'), { ...request, name, budget });
  sealFolder(book, path.join(home, 'mine'), { ...request, name: 'mine-3', budget: { workspace: 2, person: 3 } });
  scorer = new Scorer(book, { runNetwork: () => Promise.reject(new Error('none here')) });
  ({ open } = book.set('mine-1').card.items);
});
afterAll(() => {
  book.close();
  rmSync(home, { recursive: true, force: true });
});

let nonces = 0;
const nonce = () => (nonces++).toString(16).padStart(32, '0');
const workspace = 'a'.repeat(64);
const call = (values: ArrayLike<number>, more: object = {}) => ({
  benchmark: 'mine-1',
  workspace,
  nonce: nonce(),
  predictions: Buffer.from(writeNpy({ data: Float64Array.from(values), shape })).toString('base64'),
  ...more,
});
const ask = async (person: string, values: ArrayLike<number>, more: object = {}) =>
  (await scorer.score(call(values, more), { who: person })).receipt.statement;
const noisy = (by: number, seed = 1) => {
  const random = makeRandom(`noise ${seed}`);
  return signal.map((value) => value + by * random.normal());
};
const spent = (person: string, benchmark = 'mine-1', of = workspace) =>
  scorer.list({ workspace: of }, { who: person }).benchmarks.find(({ card }) => card.name === benchmark)?.left;

describe('a score', () => {
  test('is that of the sealed part, in whole steps below its ceiling, signed, and in the log', async () => {
    const { receipt, key } = await scorer.score(call(signal), { who: 'Ada' });
    const { statement } = receipt;
    const { card } = book.set('mine-1');
    expect(isScoreOf(receipt, key)).toBe(true);
    expect(isScoreOf({ ...receipt, statement: { ...statement, score: 0.99 } }, key)).toBe(false);
    expect(statement.score).toBeGreaterThan(0.6);
    expect(statement.score).toBeLessThan(card.cap);
    expect((statement.score ?? 0) / statement.step).toBeCloseTo(Math.round((statement.score ?? 0) / statement.step), 6);
    expect(Math.abs(statement.control ?? 1)).toBeLessThan(0.2);
    expect(statement.preflight.access).toBe('same-machine');
    expect(statement.exposure).toBe('sealed-new');
    expect(scorer.log({}).receipts).toContainEqual(receipt);
    expect(verifyStore(path.join(book.folder, 'log')).faults).toEqual([]);
  });

  test('of a worse or an equal twin is the best so far', async () => {
    const best = (await ask('Bea', noisy(0.5))).score;
    expect(await ask('Bea', noisy(3))).toMatchObject({ score: best, improved: false });
    const equal = noisy(0.5).map((value, i) => value + 1e-6 * (i % 7));
    expect(await ask('Bea', equal)).toMatchObject({ score: best, improved: false });
  });

  test('of what was fitted to the open part alone is shown beside that', async () => {
    const random = makeRandom('memory');
    const isOpen = new Set(open);
    const given = parseNpy(
      Buffer.from(
        scorer.array({ benchmark: 'mine-1', sha256: book.set('mine-1').card.arrays[1].sha256 }).npy,
        'base64',
      ),
    ).data;
    const memory = signal.map((_, at) =>
      isOpen.has(at % stimuli) ? (Number(given[2 * at]) + Number(given[2 * at + 1])) / 2 : random.normal(),
    );
    const { open: fits, gap, score, step } = await ask('Cleo', memory);
    expect(fits).toBeCloseTo(1, 6);
    expect(score).toBeLessThan(0.2);
    expect(gap).toBeGreaterThan(3 * step);
  });
});

describe('what is given away', () => {
  test('has responses to open stimuli alone', () => {
    const { card } = book.set('mine-1');
    const npy = scorer.array({ benchmark: 'mine-1', sha256: card.arrays[1].sha256 }).npy;
    const { data: given } = parseNpy(Buffer.from(npy, 'base64'));
    const isOpen = new Set(open);
    given.forEach((value, at) => {
      const item = Math.floor(at / 2) % stimuli;
      expect(Number.isNaN(Number(value))).toBe(!isOpen.has(item));
      if (isOpen.has(item)) expect(value).toBe(trials[at]);
    });
    expect(() => scorer.array({ benchmark: 'mine-1', sha256: 'f'.repeat(64) })).toThrow(/No array/);
  });

  test('says nothing of sealed outcomes: cards with other noise in them are the same but for digests and errors', () => {
    const text = JSON.stringify(scorer.list({}, { who: 'Ada' }));
    for (const value of [...trials].slice(0, 400)) expect(text).not.toContain(String(value));
  });
});

describe('nothing is won, and nothing spent, by', () => {
  test.each([
    ['NaN', signal.map((value, i) => (i === 7 ? Number.NaN : value)), /no number/],
    ['Inf', signal.map((value, i) => (i === 7 ? Number.POSITIVE_INFINITY : value)), /no number/],
    ['numbers beyond float32', signal.map((value, i) => (i === 7 ? 1e300 : value)), /no number/],
    ['a constant', signal.map(() => 0.4), /tell nothing apart/],
  ])('%s', async (_, values, message) => {
    const before = spent('Dora');
    await expect(ask('Dora', values)).rejects.toThrow(message);
    expect(spent('Dora')).toEqual(before);
  });

  test('an array of another shape, or none', async () => {
    const npy = Buffer.from(writeNpy({ data: signal, shape: [stimuli, neurons] })).toString('base64');
    await expect(ask('Dora', signal, { predictions: npy })).rejects.toThrow(/has 12 neurons × 200 stimuli/);
    await expect(ask('Dora', signal, { predictions: undefined })).rejects.toThrow(/either predictions or a network/);
    await expect(ask('Dora', signal, { predictions: 'AAAA' })).rejects.toThrow();
  });

  test('a request that is sent again, and one whose nonce is used for another', async () => {
    const request = call(noisy(1, 9));
    const first = await scorer.score(request, { who: 'Eve' });
    const before = spent('Eve');
    expect(await scorer.score(request, { who: 'Eve' })).toEqual(first);
    expect(await scorer.score({ ...request, nonce: nonce() }, { who: 'Eve' })).toEqual(first);
    expect(spent('Eve')).toEqual(before);
    await expect(scorer.score({ ...request, benchmark: 'mine-2' }, { who: 'Eve' })).rejects.toThrow(/nonce was used/);
    // A receipt of another person's cannot be fetched by its nonce.
    expect((await scorer.score(request, { who: 'Mallory' })).receipt.statement.person).toBe('Mallory');
  });
});

describe('an alarm, and no score, is given for', () => {
  const copied = () => Float64Array.from(signal, (_, at) => (trials[2 * at] + trials[2 * at + 1]) / 2);

  test('outcomes that were copied from elsewhere: more than anything can be expected to score', async () => {
    expect(await ask('Fay', copied())).toMatchObject({
      score: null,
      alarm: 'cap',
      ci: null,
      gap: null,
      improved: false,
    });
  });

  test('outcomes that were copied from the scorer: they hold what was never measured', async () => {
    const stolen = parseNpy(readFileSync(path.join(book.folder, 'benchmarks/mine-1/outcomes.npy')));
    // With so much noise that they are below the cap.
    const random = makeRandom('hide');
    const hidden = doublesOf(stolen.data).map((value) => value + random.normal());
    expect(await ask('Gil', hidden)).toMatchObject({ score: null, alarm: 'canary' });
  });

  test('no honest twin', async () => {
    for (const by of [0.3, 1, 2]) expect((await ask('Hal', noisy(by, by))).alarm).toBeUndefined();
  });
});

describe('the budget', () => {
  test('is of the workspace and of the person, whatever is deleted, copied or made anew, and after a restart', async () => {
    const on = (of: string) => ({ benchmark: 'mine-3', workspace: of.repeat(64) });
    await ask('Ida', noisy(1, 1), on('1'));
    await ask('Ida', noisy(1, 2), on('1'));
    await expect(ask('Ida', noisy(1, 3), on('1'))).rejects.toThrow(/this workspace on mine-3 is spent/);
    // A workspace that was deleted and begun anew, or made up, is the same person's.
    await ask('Ida', noisy(1, 3), on('2'));
    await expect(ask('Ida', noisy(1, 4), on('3'))).rejects.toThrow(/budget of Ida on mine-3 is spent/);
    const again = new Scorer(book, { runNetwork: () => Promise.reject(new Error('none here')) });
    await expect(again.score(call(noisy(1, 5), on('4')), { who: 'Ida' })).rejects.toThrow(/is spent/);
    expect(again.log({ benchmark: 'mine-3' })).toEqual(scorer.log({ benchmark: 'mine-3' }));
  });

  test('a person who is let in again has a new token and the old budget', () => {
    const first = book.admit('Ida');
    const second = book.admit('Ida');
    expect(book.whoSends(`Bearer ${first}`)).toBeUndefined();
    expect(book.whoSends(`Bearer ${second}`)).toBe('Ida');
    expect(book.whoSends(undefined)).toBeUndefined();
    expect(book.whoSends('Bearer ')).toBeUndefined();
    expect(spent('Ida', 'mine-3')?.person).toBe(0);
  });
});

test('answers leave at ticks that do not depend on what they are', () => {
  for (const took of [0, 1, 100, tickMs - 1, tickMs, 3 * tickMs + 7]) expect((took + untilTick(took)) % tickMs).toBe(0);
});

test('the folder of a scorer is its own', () => {
  for (const file of ['key.pem', 'secret', 'benchmarks/mine-1/outcomes.npy'])
    expect(existsSync(path.join(book.folder, file))).toBe(true);
  expect(() =>
    sealFolder(book, path.join(home, 'mine'), {
      name: 'mine-1',
      title: '',
      open: 0.5,
      budget: { workspace: 1, person: 1 },
      mechanism: 'ladder',
      licence: '',
    }),
  ).toThrow(/has a benchmark mine-1/);
});
