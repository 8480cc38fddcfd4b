import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeNpy } from '@bregma/core/npy';
import { addBenchmark, registeredBenchmark } from '@bregma/scorer/add';
import { ScorerBook } from '@bregma/scorer/book';
import { Scorer } from '@bregma/scorer/scorer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sourceOf } from '../../fixtures/benchmark-source.ts';
import { temporaryWorkspace } from '../../fixtures/client.ts';

const space = temporaryWorkspace();
const kept = mkdtempSync(path.join(tmpdir(), 'bregma-circuit-'));
let source: Awaited<ReturnType<typeof sourceOf>>;
let book: ScorerBook;
let scorer: Scorer;
beforeAll(async () => {
  source = await sourceOf(space.folder, registeredBenchmark('circuit-1').data);
  book = new ScorerBook(path.join(kept, 'scorer'));
  for (const name of ['circuit-1', 'circuit-2']) await addBenchmark(book, registeredBenchmark(name), source);
  scorer = new Scorer(book, { runNetwork: () => Promise.reject(new Error('none')), source });
});
afterAll(() => {
  book?.close();
  source?.close();
  space.remove();
  rmSync(kept, { recursive: true, force: true });
});

let nonces = 0;
const asking = (benchmark: string) => ({
  benchmark,
  workspace: 'c'.repeat(64),
  nonce: (nonces++).toString(16).padStart(32, '0'),
});
const asker = { who: 'Ada' };

test('what interventions one by one teach predicts what pairs of them do, within the budget of probes', async () => {
  const { card } = book.set('circuit-1');
  const names = card.units.names ?? [];
  const probe = async (stimulate: string[], silence: string[]) =>
    (await scorer.probe({ ...asking('circuit-1'), probe: { stimulate, silence } }, asker)).rates;
  const rest = await probe([], []);
  const stimulated = new Map<string, number[]>();
  for (const name of names) stimulated.set(name, await probe([name], []));
  const silenced = new Map<string, number[]>();
  for (const name of names) silenced.set(name, await probe([], [name]));
  const predictions = new Float64Array(names.length * card.items.count);
  card.items.names?.forEach((item, i) => {
    const [, a, b] = /^stimulate (\S+), silence (\S+)$/.exec(item) ?? [];
    names.forEach((_, unit) => {
      const alone = (rates: Map<string, number[]>, name: string) => (rates.get(name)?.[unit] ?? 0) - rest[unit];
      predictions[unit * card.items.count + i] = alone(stimulated, a) + alone(silenced, b);
    });
  });
  const npy = (values: Float64Array) =>
    Buffer.from(writeNpy({ data: values, shape: [names.length, card.items.count] })).toString('base64');
  const score = async (values: Float64Array) =>
    (await scorer.score({ ...asking('circuit-1'), predictions: npy(values) }, asker)).receipt.statement;
  // How strongly neurons follow at all, whoever is stimulated: what needs no knowledge of who is connected.
  const mean = predictions.map((_, at) => {
    const unit = Math.floor(at / card.items.count);
    const own = predictions.subarray(unit * card.items.count, (unit + 1) * card.items.count);
    return own.reduce((sum, value) => sum + value, 0) / own.length;
  });
  const dull = await score(mean);
  const learned = await score(predictions);
  expect(dull.alarm ?? learned.alarm).toBeUndefined();
  expect(learned.score ?? 0).toBeGreaterThan((dull.score ?? 0) + 2 * learned.step);
  expect(learned).toMatchObject({ exposure: 'sealed-new', open: null, gap: null });
  const { probesLeft } = scorer.list({ workspace: 'c'.repeat(64) }, asker).benchmarks[0];
  expect(probesLeft?.workspace).toBe((card.probes?.workspace ?? 0) - 2 * names.length - 1);
});

test('pairs cannot be tried, nor neurons that are not there, and neither spends', async () => {
  const [a = '', b = ''] = book.set('circuit-1').card.units.names ?? [];
  const before = scorer.list({}, asker).benchmarks[0].probesLeft;
  const probe = (stimulate: string[], silence: string[]) =>
    scorer.probe({ ...asking('circuit-1'), probe: { stimulate, silence } }, asker);
  await expect(probe([a], [b])).rejects.toThrow(/one intervention/);
  await expect(probe(['AVAL'], [])).rejects.toThrow(/No neuron 'AVAL'/);
  expect(scorer.list({}, asker).benchmarks[0].probesLeft).toEqual(before);
});

test('a probe that is sent again is the same trial and spends nothing; the budget ends', async () => {
  const who = { who: 'Bob' };
  const again = { ...asking('circuit-1'), probe: { stimulate: [], silence: [] } };
  const first = await scorer.probe(again, who);
  expect(await scorer.probe(again, who)).toEqual(first);
  for (let i = 0; i < first.left.workspace; i++)
    await scorer.probe({ ...asking('circuit-1'), probe: again.probe }, who);
  await expect(scorer.probe({ ...asking('circuit-1'), probe: again.probe }, who)).rejects.toThrow(/is spent/);
  expect(await scorer.probe(again, who)).toMatchObject({ rates: first.rates });
});

test('one circuit has drawn names, the other those of the worm, and their scores are of two benchmarks', () => {
  expect(book.set('circuit-1').card.units.names?.every((name) => /^n\d\d$/.test(name))).toBe(true);
  expect(book.set('circuit-2').card.units.names).toContain('AVAL');
  expect(book.set('circuit-1').card.sealed).not.toBe(book.set('circuit-2').card.sealed);
});
