import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { findDataset } from '@bregma/core/ledger/catalogue';
import { openWorkspace } from '@bregma/core/workspace';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect, temporaryWorkspace } from '../../fixtures/client.ts';
import { addWiring, type Wiring } from '../../fixtures/wiring.ts';

const space = temporaryWorkspace();
let atlas: Connection;
let twin: Connection;
const pair: Wiring = {
  neurons: [
    ['720575940620875399', 'sugar', 'ACh'],
    ['720575940620875392', 'motor', 'ACh'],
  ],
  edges: [['720575940620875399', '720575940620875392', 100]],
};
let id = '';
beforeAll(async () => {
  atlas = await connect('atlas', space.folder);
  twin = await connect('twin', space.folder);
  const data = await addWiring(atlas, space.folder, 'pair', pair);
  id = (await twin.call('build_twin', { kind: 'lif-connectome', data })).value.twin;
});
afterAll(async () => {
  await atlas.close();
  await twin.close();
  space.remove();
});
const fail = (more: Record<string, unknown>) => twin.fail('run_twin', { twin: id, ...more });
const activate = [{ neurons: '720575940620875399' }];

describe('run_twin refuses, and says what to do', () => {
  test.each<[string, Record<string, unknown>, string, string]>([
    ['no activation', {}, 'the network is silent at rest', '"activate"'],
    [
      'an unknown neuron',
      { perturb: { activate: [{ neurons: '720575940620875400' }] } },
      "No neuron '720575940620875400'. Did you mean 720575940620875",
      'do not persist between releases',
    ],
    [
      'an unknown type',
      { perturb: { activate: [{ cell_type: 'suger' }] } },
      "No cell type 'suger'. Did you mean sugar",
      '',
    ],
    [
      'a type that is named as a neuron',
      { perturb: { activate: [{ neurons: 'sugar' }] } },
      "No neuron 'sugar'",
      'pass cell_type: "sugar"',
    ],
    [
      'an unknown neuron to silence',
      { perturb: { activate, silence: [{ neurons: 'nobody' }] } },
      "No neuron 'nobody'",
      '',
    ],
    [
      'an unknown readout',
      { perturb: { activate }, readout: ['type:moter'] },
      "No cell type 'moter'. Did you mean motor",
      '',
    ],
    ['nobody', { perturb: { activate: [{ rate_hz: 100 }] } }, 'names nobody: pass neurons', 'arguments'],
    ['a misspelt field', { perturb: { activate: [{ neuron: 'x' }] } }, 'did you mean neurons?', 'arguments'],
    ['a misspelt action', { perturb: { activate, silense: [] } }, 'did you mean silence?', 'arguments'],
    [
      'a scope that is none',
      { perturb: { activate, silence: [{ neurons: 'x', scope: 'incoming' }] } },
      'is outgoing or both',
      'arguments',
    ],
    [
      'a rate beyond one spike a step',
      { perturb: { activate: [{ ...activate[0], rate_hz: 10_001 }] } },
      '10001 Hz cannot be drawn in steps of 0.1 ms',
      '10000 Hz',
    ],
    ['a rate of 0', { perturb: { activate: [{ ...activate[0], rate_hz: 0 }] } }, '0 Hz cannot be drawn', 'above 0'],
    [
      'a window that ends before it begins',
      { perturb: { activate: [{ ...activate[0], from_ms: 300, until_ms: 200 }] } },
      '300 to 200 ms',
      'from < until',
    ],
    [
      'a window after the end',
      { perturb: { activate: [{ ...activate[0], from_ms: 600 }] } },
      'no step of a trial of 500 ms',
      '',
    ],
    ['0 trials', { perturb: { activate }, trials: 0 }, 'trials', 'arguments'],
    ['a trial of no length', { perturb: { activate }, duration_ms: 0 }, 'duration_ms', 'arguments'],
    [
      'stimuli of another kind of twin',
      { stimulate: ['720575940620875399'] },
      'lif-connectome takes no stimulate.',
      '"activate"',
    ],
  ])('%s', async (_, more, message, next) => {
    const error = await fail(more);
    expect(error.message).toContain(message);
    if (next) expect(error.next).toContain(next);
  });

  test('a perturbation of a twin that knows none', async () => {
    await atlas.call('add_data', { source: 'celegans-cook2019' });
    const { value } = await twin.call('build_twin', { kind: 'linear-propagation', data: 'celegans-cook2019' });
    const error = await twin.fail('run_twin', { twin: value.twin, perturb: { activate } });
    expect(error.message).toBe('linear-propagation takes no perturb.');
    expect(error.next).toContain('lif-connectome');
  });

  test('data of another release', async () => {
    const first = findDatasetRef();
    writeFileSync(`${space.folder}/pair/edges.csv`, 'pre,post,weight\n720575940620875399,720575940620875392,7\n');
    const { value } = await atlas.call('add_data', {
      source: 'pair',
      format: 'connectome',
      id: 'pair',
      options: { neurons: 'pair/neurons.csv', edges: 'pair/edges.csv' },
    });
    expect(value.dataset).not.toBe(first);
    const error = await fail({ perturb: { activate }, data: value.dataset });
    expect(error.message).toBe(
      `${id} is a twin of ${first}, not of ${value.dataset}: ids do not persist between releases.`,
    );
    const same = await twin.call('run_twin', { twin: id, data: first, perturb: { activate }, trials: 1, controls: 0 });
    expect(same.release).toEqual([first]);
  });
});

function findDatasetRef(): string {
  const store = openWorkspace(space.folder);
  try {
    const { id: name, release } = findDataset(store.ledger, 'pair');
    return `${name}@${release}`;
  } finally {
    store.close();
  }
}

describe('build_twin refuses', () => {
  test('a weight that no connection of the model holds, naming both neurons', async () => {
    const data = await addWiring(atlas, space.folder, 'heavy', {
      ...pair,
      edges: [['720575940620875399', '720575940620875392', 9000]],
    });
    const error = await twin.fail('build_twin', { kind: 'lif-connectome', data });
    expect(error.message).toContain(
      'The connection 720575940620875399 → 720575940620875392 has the weight 9000; up to 8191',
    );
  });

  test('connections of a neuron to itself when it is told to, naming the neuron', async () => {
    const data = await addWiring(atlas, space.folder, 'looped', {
      ...pair,
      edges: [...pair.edges, ['720575940620875392', '720575940620875392', 3]],
    });
    const error = await twin.fail('build_twin', { kind: 'lif-connectome', data, options: { self_loops: 'refuse' } });
    expect([error.code, error.message]).toEqual([
      'bad-input',
      '1 connection leads from a neuron to itself: 720575940620875392.',
    ]);
    expect(error.next).toContain('{"self_loops": "keep"}');
    const { value } = await twin.call('build_twin', {
      kind: 'lif-connectome',
      data: 'pair',
      options: { self_loops: 'refuse' },
    });
    expect(value.summary.autapses).toBe('0');
  });

  test('data that are no connectome', async () => {
    await atlas.call('add_data', { source: 'pair/edges.csv', id: 'table' });
    const error = await twin.fail('build_twin', { kind: 'lif-connectome', data: 'table' });
    expect(error.message).toContain(
      "has no table 'neurons': a connectome has neurons(id) and edges(pre, post, weight)",
    );
  });

  test('parameters that no neuron has, naming the option', async () => {
    const error = await twin.fail('build_twin', { kind: 'lif-connectome', data: 'heavy', options: { weight_mv: -1 } });
    expect(error.message).toContain('weight_mv');
    const strange = await twin.fail('build_twin', { kind: 'lif-connectome', data: 'heavy', options: { tau: 5 } });
    expect(strange.next).toContain('tau_membrane_ms');
  });

  test('a stored table that was cut off', async () => {
    const data = await addWiring(atlas, space.folder, 'cut', {
      ...pair,
      edges: [['720575940620875399', '720575940620875392', 3]],
    });
    const store = openWorkspace(space.folder);
    const object = findDataset(store.ledger, data).tables.find(({ name }) => name === 'edges')?.object ?? '';
    const file = store.objects.pathOf(object);
    store.close();
    truncateSync(file, readFileSync(file).length - 20);
    const error = await twin.fail('build_twin', { kind: 'lif-connectome', data });
    expect([error.code, error.next]).toEqual(['corrupt', 'Run `bregma verify`.']);
  });
});

describe('add_data refuses', () => {
  test('a Parquet file that ends early, and adds nothing', async () => {
    await atlas.call('query_data', { sql: 'SELECT * FROM pair.edges' });
    const store = openWorkspace(space.folder);
    const object = findDataset(store.ledger, 'pair').tables.find(({ name }) => name === 'edges')?.object ?? '';
    const bytes = store.objects.get(object);
    store.close();
    writeFileSync(`${space.folder}/cut.parquet`, bytes.subarray(0, bytes.length - 30));
    const error = await atlas.fail('add_data', {
      source: 'cut-parquet',
      format: 'connectome',
      id: 'cut-parquet',
      options: { edges: 'cut.parquet' },
    });
    expect([error.code, error.message]).toEqual([
      'corrupt',
      expect.stringContaining('cut.parquet is no readable Parquet file'),
    ]);
    expect((await atlas.call('find_data', { query: 'cut-parquet' })).value.datasets).toEqual([]);
  });
});
