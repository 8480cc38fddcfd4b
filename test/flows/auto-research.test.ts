import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { recording } from '@bregma/benchmarks/families/recording';
import { findDataset } from '@bregma/core/ledger/catalogue';
import { verifyStore } from '@bregma/core/ledger/verify';
import { writeNpy } from '@bregma/core/npy';
import { traceRecord } from '@bregma/core/provenance/walk';
import { receiptsOf } from '@bregma/core/scorer/submit';
import type { Served } from '@bregma/core/service/serve';
import { makeRandom } from '@bregma/core/statistics/random';
import { openWorkspace } from '@bregma/core/workspace';
import { networkRunner } from '@bregma/readers/run-network';
import { addBenchmark } from '@bregma/scorer/add';
import { ScorerBook } from '@bregma/scorer/book';
import { serveScorer } from '@bregma/scorer/serve';
import { sealedDigest } from '@bregma/scorer/take-in';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect, root, temporaryWorkspace } from '../fixtures/client.ts';
import { addRecording } from '../fixtures/recording.ts';
import { bregmaProgram } from '../fixtures/terminal.ts';

const [neurons, count, side] = [4, 240, 32];

/** Gratings of any phase: what a neuron follows is how strong its orientation is, which no pixel tells. */
function gratings() {
  const random = makeRandom('gratings');
  const images = new Uint8Array(count * side * side * 3);
  const responses = new Float64Array(neurons * count);
  for (let i = 0; i < count; i++) {
    const strength = Array.from({ length: neurons }, () => random.uniform());
    const phase = strength.map(() => 2 * Math.PI * random.uniform());
    for (let y = 0; y < side; y++)
      for (let x = 0; x < side; x++) {
        const light = strength.reduce((sum, one, k) => {
          const angle = (Math.PI * k) / neurons;
          return (
            sum + 25 * one * Math.sin((2 * Math.PI * 7 * (x * Math.cos(angle) + y * Math.sin(angle))) / side + phase[k])
          );
        }, 128);
        images.fill(Math.round(light), 3 * ((i * side + y) * side + x), 3 * ((i * side + y) * side + x) + 3);
      }
    strength.forEach((one, k) => {
      responses[k * count + i] = 10 * one + random.normal();
    });
  }
  return { images, side, responses, shape: [neurons, count] };
}

const space = temporaryWorkspace();
const kept = mkdtempSync(path.join(tmpdir(), 'bregma-judge-'));
const data = gratings();
let atlas: Connection;
let twin: Connection;
let served: Served;
let book: ScorerBook;
let env: Record<string, string>;
let reference: string;
beforeAll(async () => {
  atlas = await connect('atlas', space.folder);
  reference = await addRecording(atlas, space.folder, 'gratings', data);
  const workspace = openWorkspace(space.folder);
  const source = {
    release: (name: string) => findDataset(workspace.ledger, name),
    objects: workspace.objects,
    signal: new AbortController().signal,
  };
  const benchmark = recording({
    ...{ name: 'patches-1', title: 'Gratings', cite: [], licence: 'CC0-1.0', data: reference, mechanism: 'ladder' },
    ...{
      sealed: '',
      step: 0.01,
      cap: 0.97,
      canaries: 0.05,
      budget: { workspace: 8, person: 8 },
      exposure: 'public-known',
    },
  });
  const made = await benchmark.make(source, '');
  book = new ScorerBook(path.join(kept, 'scorer'));
  await addBenchmark(book, { ...benchmark, sealed: sealedDigest(made) }, source);
  const worker = process.env.BREGMA_TEST_DIST ? 'dist/servers/onnx-worker.mjs' : 'readers/src/onnx-worker.ts';
  const socket = path.join(kept, 'scorer.sock');
  served = await serveScorer(book.folder, { socket }, { runNetwork: networkRunner(path.join(root, worker)), source });
  env = { BREGMA_SCORER: served.address, BREGMA_SCORER_TOKEN: book.admit('Ada Tester') };
  twin = await connect('twin', space.folder, { env });
  workspace.close();
});
afterAll(async () => {
  await atlas?.close();
  await twin?.close();
  await served?.close();
  book?.close();
  space.remove();
  rmSync(kept, { recursive: true, force: true });
});

const score = async (args: Record<string, unknown>) =>
  (await twin.call('score_twin', { benchmark: 'patches-1', ...args })).value;
const stored = (bytes: Uint8Array): string => {
  const workspace = openWorkspace(space.folder);
  const { object } = workspace.objects.put(bytes, 'application/x-npy');
  workspace.close();
  return object;
};

describe('a scripted search', () => {
  let best: { twin: string; record: string; score: number };
  let first: number;
  let step: number;

  test('over kinds and options gains on the sealed score, within its budget, and leaves a tree of attempts', async () => {
    const { value: listed } = await twin.call('score_twin', {});
    expect(listed.benchmarks).toMatchObject([
      { benchmark: 'patches-1', exposure: 'public-known', left: { workspace: 8, person: 8 } },
    ]);
    const candidates = [
      { kind: 'encoding-pixel', options: {} },
      { kind: 'encoding-ridge', options: { levels: 1, orientations: 2 } },
      { kind: 'encoding-ridge', options: { levels: 3, orientations: 4 } },
      { kind: 'encoding-pixel', options: { colour: true } },
    ];
    let last: Record<string, unknown> = {};
    for (const { kind, options } of candidates) {
      const { value: built } = await twin.call('build_twin', { kind, options, data: reference, part: 'first-half' });
      const told = await score({ twin: built.twin, tried: `${kind} ${JSON.stringify(options)}`, after: best?.record });
      step = told.step;
      last = told;
      first ??= told.score;
      if (told.improved) best = { twin: built.twin, record: told.record, score: told.score };
      if (!told.again) expect(told.score).toBe(best.score);
    }
    // Colour channels of grey pictures are nothing: those predictions were scored before, and spent nothing.
    expect(last).toMatchObject({ again: true, improved: false, means: expect.stringMatching(/scored before/) });
    expect(best.score).toBeGreaterThan(first + 5 * step);
    const workspace = openWorkspace(space.folder);
    const attempts = receiptsOf(workspace.ledger);
    workspace.close();
    expect(attempts.map(({ attempt }) => attempt.after)).toEqual([
      undefined,
      ...attempts
        .slice(1)
        .map((_, i) => [...attempts.slice(0, i + 1)].reverse().find(({ receipt }) => receipt.statement.improved)?.id),
    ]);
    expect(attempts.map(({ receipt }) => receipt.statement.queries.person.spent)).toEqual([1, 2, 3, 1]);
    expect(verifyStore(path.join(space.folder, '.bregma')).faults).toEqual([]);
    const again = openWorkspace(space.folder);
    const { nodes, edges } = traceRecord(again.ledger, attempts[2].id, { limit: 200 }).trace;
    again.close();
    expect(nodes.find(({ id }) => id === attempts[2].id)).toMatchObject({ kind: 'score' });
    expect(edges).toContainEqual({ from: attempts[1].id, to: attempts[2].id, as: 'tried before' });
    expect(edges).toContainEqual({ from: attempts[2].attempt.of, to: attempts[2].id, as: 'scored' });
  });

  test('gets the same score for the twin itself, which the scorer runs without files and network', async () => {
    const told = await score({ twin: best.twin, network: true, tried: 'the twin itself' });
    expect(told.score).toBe(best.score);
  });

  test('that fits the open part alone is shown for what it is, in the answer and on the page', async () => {
    const { value: card } = await twin.call('score_twin', { benchmark: 'patches-1' });
    const workspace = openWorkspace(space.folder);
    const open = new Set<number>(JSON.parse(Buffer.from(workspace.objects.get(card.card)).toString()).items.open);
    workspace.close();
    const random = makeRandom('guesses');
    const memory = data.responses.map((value, at) => (open.has(at % count) ? value : 10 * random.uniform()));
    const told = await score({
      predictions: stored(writeNpy({ data: memory, shape: [neurons, count] })),
      tried: 'memory',
    });
    expect(told.open).toBeCloseTo(1, 5);
    expect(told.improved).toBe(false);
    expect(told.means).toMatch(/no better than the best so far/);
    // One who has no better twin to hide behind.
    const bob = await connect('twin', space.folder, { env: { ...env, BREGMA_SCORER_TOKEN: book.admit('Bob') } });
    const object = stored(writeNpy({ data: memory.map((value) => value + 0.001), shape: [neurons, count] }));
    const { value: alone } = await bob.call('score_twin', { benchmark: 'patches-1', predictions: object });
    await bob.close();
    expect(alone.gap).toBeGreaterThan(0.5);
    expect(alone.means).toMatch(/overfitted/);
    const file = path.join(kept, 'board.html');
    const asked = [...bregmaProgram, 'benchmark', 'leaderboard', '--out', file];
    await promisify(execFile)(process.execPath, asked, { env: { ...process.env, ...env, BREGMA_CONFIG: kept } });
    const page = readFileSync(file, 'utf8');
    expect(page).toMatch(/Ada Tester/);
    expect(page).toMatch(/fits the open part/);
    expect(page).not.toMatch(/<script|not signed by this scorer/);
  });

  test('cannot have a twin scored that was fitted on what is sealed, nor go on from what is no attempt', async () => {
    const { value: built } = await twin.call('build_twin', { kind: 'encoding-pixel', data: reference });
    expect(await twin.fail('score_twin', { benchmark: 'patches-1', twin: built.twin, network: true })).toMatchObject({
      code: 'conflict',
    });
    expect(await twin.fail('score_twin', { benchmark: 'patches-1', twin: built.twin })).toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/was fitted on 120 of the sealed images/),
    });
    expect(await twin.fail('score_twin', { benchmark: 'patches-1', twin: best.twin, after: 'scr-0' })).toMatchObject({
      code: 'unknown-name',
    });
    expect(await twin.fail('score_twin', { benchmark: 'patches-2' })).toMatchObject({ code: 'unknown-name' });
    expect(await twin.fail('score_twin', { benchmark: 'patches-1', probe: { stimulate: ['a'] } })).toMatchObject({
      code: 'bad-input',
    });
  });
});

test('a score that was written by hand is named by verify', () => {
  const workspace = openWorkspace(space.folder);
  const [{ key, receipt, attempt }] = receiptsOf(workspace.ledger);
  const forged = { ...receipt, statement: { ...receipt.statement, score: 0.99 } };
  const body = { phase: 'received' as const, key, receipt: forged, attempt };
  const [{ id }] = workspace.ledger.append([{ kind: 'score', subject: attempt.of, body }]);
  workspace.close();
  const { faults } = verifyStore(path.join(space.folder, '.bregma'));
  expect(faults).toEqual([{ what: id, problem: expect.stringMatching(/did not sign/) }]);
});

test('without a scorer the tool says what to do', async () => {
  const alone = await connect('twin', space.folder, {
    env: { BREGMA_SCORER: '', BREGMA_CONFIG: path.join(kept, 'none') },
  });
  expect(await alone.fail('score_twin', {})).toMatchObject({
    code: 'missing',
    next: expect.stringMatching(/bregma scorer/),
  });
  await alone.close();
});
