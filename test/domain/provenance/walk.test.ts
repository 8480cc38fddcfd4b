import path from 'node:path';
import { sha256 } from '@bregma/core/canonical';
import { recordKinds } from '@bregma/core/contracts/answer';
import { Ledger } from '@bregma/core/ledger/ledger';
import { lineageOf } from '@bregma/core/provenance/lineage';
import { type Trace, traceBack } from '@bregma/core/provenance/trace';
import { traceRecord } from '@bregma/core/provenance/walk';
import { afterAll, expect, test } from 'vitest';
import { temporaryWorkspace } from '../../fixtures/client.ts';
import { makeLargeLedger } from '../../fixtures/large-ledger.ts';
import { anyRecord, wholeBody } from '../../fixtures/records.ts';

const made = temporaryWorkspace();
afterAll(() => made.remove());

const sorted = ({ nodes, edges }: Trace) => [
  nodes.map((node) => JSON.stringify(node)).sort(),
  edges.map((edge) => JSON.stringify(edge)).sort(),
];

/** A small loop in a real ledger: data, twin, hypothesis, experiment, a test with its result, and calls between them. */
function loop(folder: string): Ledger {
  const ledger = new Ledger(folder);
  const append = (
    kind: 'activity' | 'dataset' | 'twin' | 'hypothesis' | 'plan' | 'experiment' | 'test',
    subject: string,
    body: object,
  ) => ledger.append([anyRecord(kind, subject, wholeBody(kind, body))])[0].id;
  const act = (tool: string, inputs: string[], outputs: string[], value: object = {}) =>
    append('activity', tool, {
      tool,
      effect: 'compute',
      inputs,
      outputs,
      releases: [],
      status: 'ok',
      answer: { value },
    });
  const table = sha256('table');
  append('dataset', 'rec@1', {
    card: { title: 'Recording', kind: 'measured' },
    files: [{ name: 'raw.npy', sha256: sha256('raw'), origin: 'https://example.org' }],
    tables: [{ name: 'responses', object: table }],
    arrays: [],
  });
  act('add_data', [sha256('raw')], [table], { dataset: 'rec@1' });
  append('twin', 'twin-a', { title: 'A', kind: 'linear', data: 'rec@1', files: [{ object: sha256('weights') }] });
  act('build_twin', ['rec@1'], [sha256('weights')], { twin: 'twin-a' });
  act('query_data', ['rec@1'], [sha256('unrelated')]);
  const predicted = act('run_twin', ['twin-a'], [sha256('prediction')]);
  append('hypothesis', 'hyp-1', {
    state: 'draft',
    content: { claim: 'Twin A is right', predictions: [{ between: ['twin-a'] }] },
  });
  append('hypothesis', 'hyp-1', {
    state: 'frozen',
    content: { claim: 'Twin A is right', predictions: [{ between: ['twin-a'] }] },
  });
  act('record_hypothesis', [], [], { hypothesis: 'hyp-1' });
  append('plan', 'plan-1', {
    content: {
      hypothesis: 'hyp-1',
      driver: 'rig',
      subject: { id: 'rec@1' },
      twins: [],
      design: { trials: 1, stimuli: [1], proposedBy: predicted },
    },
  });
  const experiment = append('experiment', 'plan-1', {
    phase: 'started',
    plan: 'plan-1',
    approval: '',
    driver: 'rig',
    subject: 'rec@1',
  });
  append('experiment', experiment, {
    phase: 'ended',
    experiment,
    state: 'complete',
    delivered: 1,
    asked: 1,
    kind: 'measured',
    table: { object: sha256('trials') },
    responses: { object: sha256('responses') },
  });
  const spent = append('test', 'hyp-1', {
    phase: 'spent',
    hypothesis: 'hyp-1',
    prediction: 'p1',
    experiment,
    predicted: [{ object: sha256('prediction') }],
    budget: { level: 0.02 },
  });
  append('test', 'hyp-1', { phase: 'result', test: spent, verdict: 'refuted' });
  act('test_hypothesis', ['hyp-1', experiment], [], { test: spent });
  return ledger;
}

test('walking back from any record reads what the lineage of the whole ledger says of it', () => {
  const ledger = loop(path.join(made.folder, 'loop'));
  const whole = lineageOf(recordKinds.flatMap((kind) => ledger.list(kind)).sort((a, b) => a.seq - b.seq));
  expect(whole.nodes.size).toBeGreaterThan(15);
  for (const id of whole.nodes.keys()) {
    const { trace } = traceRecord(ledger, id, { limit: 1000, whole: true });
    expect(trace.roots[0]).toBe(id);
    expect([id, ...sorted(trace)]).toEqual([
      id,
      ...sorted(traceBack(whole, trace.roots, { limit: 1000, whole: true })),
    ]);
  }
  ledger.close();
});

test('a hypothesis is traced with its tests, a data set also without its release, and a name that is nowhere has no roots', () => {
  const ledger = loop(path.join(made.folder, 'names'));
  const { trace } = traceRecord(ledger, 'hyp-1', { limit: 100 });
  expect(trace.roots).toHaveLength(2);
  expect(trace.nodes.find(({ kind }) => kind === 'test')?.status).toBe('refuted');
  expect(trace.nodes.find(({ kind }) => kind === 'experiment')?.valueKind).toBe('measured');
  expect(traceRecord(ledger, 'rec', { limit: 100 }).trace.roots).toEqual(['rec@1']);
  expect(traceRecord(ledger, 'hyp-0', { limit: 100 }).trace.roots).toEqual([]);
  ledger.close();
});

test('only the ancestry of the root is read, of 3,000 activities', () => {
  const folder = path.join(made.folder, 'long');
  const root = makeLargeLedger(folder, 3000, 30);
  const ledger = new Ledger(folder, { readOnly: true });
  const { records } = traceRecord(ledger, root, { limit: 100 });
  // the root and the thirty that it joins; of the calls that name the data set none made it
  expect(records.filter(({ kind }) => kind === 'activity')).toHaveLength(31);
  ledger.close();
});

test('a call that names a thing long after its record is found, though the thing was traced before', () => {
  const ledger = new Ledger(path.join(made.folder, 'late'));
  ledger.append([
    anyRecord('twin', 'twin-b', wholeBody('twin', { title: 'B', kind: 'linear', data: '' })),
    ...Array.from({ length: 20 }, () => anyRecord('activity', 'x', { status: 'ok' })),
  ]);
  const called = () =>
    traceRecord(ledger, 'twin-b', { limit: 100 }).records.filter(({ kind }) => kind === 'activity').length;
  expect([called(), called()]).toEqual([0, 0]);
  ledger.append([
    anyRecord(
      'activity',
      'build_twin',
      wholeBody('activity', { tool: 'build_twin', answer: { value: { twin: 'twin-b' } } }),
    ),
  ]);
  expect([called(), called()]).toEqual([1, 1]);
  ledger.close();
});
