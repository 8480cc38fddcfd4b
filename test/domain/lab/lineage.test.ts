import type { LedgerRecord } from '@bregma/core/ledger/records';
import { lineageOf } from '@bregma/core/provenance/lineage';
import { traceBack } from '@bregma/core/provenance/trace';
import { expect, test } from 'vitest';
import { wholeBody } from '../../fixtures/records.ts';

let seq = 0;
function record(kind: LedgerRecord['kind'], id: string, subject: string, body: object): LedgerRecord {
  seq++;
  const about = { seq, id, kind, subject, at: new Date(seq).toISOString(), previous: '', hash: '' };
  // SAFETY: the body is made of this kind.
  return { ...about, body: wholeBody(kind, body) } as LedgerRecord;
}
const sha = (letter: string) => letter.repeat(64);
const act = (id: string, tool: string, inputs: string[], outputs: string[], answer: unknown = {}) =>
  record('activity', id, tool, {
    server: 's',
    tool,
    effect: 'compute',
    inputs,
    outputs,
    releases: [],
    status: 'ok',
    answer,
  });

function loop(): LedgerRecord[] {
  return [
    record('dataset', 'rec-d', 'rec@1', {
      card: { title: 'Recording', kind: 'measured' },
      files: [{ name: 'raw.npy', sha256: sha('f'), origin: 'https://example.org', bytes: 1 }],
      tables: [],
      arrays: [{ name: 'responses', object: sha('a') }],
    }),
    act('act-add', 'add_data', [], [sha('a')], { value: { dataset: 'rec@1' } }),
    record('twin', 'rec-t', 'twin-a', { title: 'Twin A', kind: 'linear', data: 'rec@1', files: [] }),
    act('act-build', 'build_twin', ['rec@1'], [], { value: { twin: 'twin-a' } }),
    record('hypothesis', 'rec-h', 'hyp-1', {
      state: 'draft',
      content: { claim: 'A is right', predictions: [{ between: ['twin-a'] }] },
    }),
    act('act-rec', 'record_hypothesis', [], [], { value: { hypothesis: 'hyp-1' } }),
    record('plan', 'rec-p', 'plan-1', {
      content: {
        hypothesis: 'hyp-1',
        driver: 'replay-rig',
        subject: { id: 'rec@1' },
        twins: [{ twin: 'twin-a' }],
        design: { trials: 4, stimuli: [1, 2] },
      },
    }),
    record('approval', 'apr-1', 'plan-1', { statement: { meaning: 'approve', by: 'Ada', demo: true } }),
    record('experiment', 'exp-1', 'plan-1', {
      phase: 'started',
      plan: 'plan-1',
      approval: 'apr-1',
      driver: 'replay-rig',
      subject: 'rec@1',
      demo: true,
    }),
    record('experiment', 'exp-end', 'exp-1', {
      phase: 'ended',
      experiment: 'exp-1',
      state: 'complete',
      delivered: 4,
      asked: 4,
      kind: 'measured',
      table: { object: sha('1') },
      responses: { object: sha('2') },
    }),
    act('act-run', 'run_twin', ['twin-a'], [sha('c')]),
    record('test', 'tst-1', 'hyp-1', {
      phase: 'spent',
      hypothesis: 'hyp-1',
      prediction: 'p1',
      experiment: 'exp-1',
      predicted: [{ object: sha('c') }],
      budget: { level: 0.025 },
    }),
    record('test', 'tst-2', 'hyp-1', { phase: 'result', test: 'tst-1', verdict: 'supported' }),
  ];
}

test('a verdict leads back over experiment, approval, plan, hypothesis and twin to the raw file', () => {
  const trace = traceBack(lineageOf(loop()), ['tst-1'], { limit: 100 });
  const ids = trace.nodes.map(({ id }) => id);
  for (const id of [
    'tst-1',
    'exp-1',
    'apr-1',
    'plan-1',
    'hyp-1',
    'twin-a',
    'rec@1',
    sha('f'),
    'act-run',
    'act-build',
    'act-add',
  ])
    expect(ids).toContain(id);
  expect(trace.nodes.find(({ id }) => id === 'tst-1')?.status).toBe('supported');
  expect(trace.nodes.find(({ id }) => id === 'apr-1')?.demo).toBe(true);
});

test('an object between maker and user becomes an edge', () => {
  const trace = traceBack(lineageOf(loop()), ['tst-1'], { limit: 100 });
  expect(trace.nodes.map(({ kind }) => kind)).not.toContain('object');
  expect(trace.edges).toContainEqual({ from: 'act-run', to: 'tst-1', as: 'prediction' });
  const whole = traceBack(lineageOf(loop()), ['tst-1'], { limit: 100, whole: true });
  expect(whole.nodes.map(({ id }) => id)).toContain(sha('c'));
  expect(whole.nodes.length).toBe(whole.total);
});

test('what nothing rests on is left out, and a later record about a thing is the thing', () => {
  const lineage = lineageOf([...loop(), act('act-other', 'query_data', ['rec@1'], [])]);
  expect(traceBack(lineage, ['tst-1'], { limit: 100 }).nodes.map(({ id }) => id)).not.toContain('act-other');
  expect(lineage.alias.get('tst-2')).toBe('tst-1');
  expect(lineage.alias.get('exp-end')).toBe('exp-1');
});

test('2,000 activities become a trace of a few nodes that says how many they were', () => {
  const queries = Array.from({ length: 2000 }, (_, i) =>
    act(`act-q${i}`, 'query_data', ['rec@1'], [`${i}`.padStart(64, '0')]),
  );
  const join = act(
    'act-join',
    'join_data',
    queries.map(({ body }) => (body as { outputs: string[] }).outputs[0]),
    [sha('e')],
  );
  const startedAt = performance.now();
  const trace = traceBack(lineageOf([...loop(), ...queries, join]), [sha('e')], { limit: 40 });
  expect(performance.now() - startedAt).toBeLessThan(1000);
  expect(trace.nodes.length).toBeLessThan(12);
  expect(trace.nodes.find(({ label }) => label === 'query_data')?.count).toBe(2000);
  expect(trace.total).toBeGreaterThan(4000);
  expect(trace.nodes.length).toBe(trace.available);
});

test('what does not fit the limit is cut at the far end and the trace says how much there was', () => {
  const trace = traceBack(lineageOf(loop()), ['tst-1'], { limit: 4 });
  expect(trace.nodes).toHaveLength(4);
  expect(trace.nodes[0].id).toBe('tst-1');
  expect(trace.nodes.map(({ id }) => id)).not.toContain(sha('f'));
  expect(trace.available).toBeGreaterThan(4);
});
