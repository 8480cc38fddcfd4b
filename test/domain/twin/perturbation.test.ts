import { describe, expect, test } from 'vitest';
import type { Connectome } from '../../../mcp-servers/twin/src/domain/connectome.ts';
import { simulateTrials } from '../../../mcp-servers/twin/src/spiking/engines/simulate-trials.ts';
import { packNetwork, shiu2024, type TrialResult } from '../../../mcp-servers/twin/src/spiking/lif.ts';
import { applyPerturbations, type Perturbations } from '../../../mcp-servers/twin/src/spiking/perturbation.ts';
import { refuseSharedStreams } from '../../../mcp-servers/twin/src/spiking/random-streams.ts';
import { NeuronIndex } from '../../../mcp-servers/twin/src/spiking/select-neurons.ts';

const connectome: Connectome = {
  neurons: ['A', 'B', 'B', 'D'],
  ids: ['720575940620875399', '720575940620875392', '3', '4'],
  types: ['x', 'x', 'y', ''],
  subtypes: ['x1', 'x2', '', 'y'],
  signs: Int8Array.of(1, 1, 1, 1),
  pre: Int32Array.of(0),
  post: Int32Array.of(3),
  weight: Float64Array.of(100),
  electrical: new Uint8Array(1),
};
const index = new NeuronIndex(connectome);

describe('neurons are named', () => {
  test('by id, to the last digit, by name, by type and by subtype', () => {
    expect(index.select({ neurons: ['720575940620875399'] })).toEqual([0]);
    expect(index.select({ neurons: ['720575940620875392', 'A'] })).toEqual([0, 1]);
    expect(index.select({ cellTypes: ['x'] })).toEqual([0, 1]);
    expect(index.select({ neurons: ['type:x2', 'D'] })).toEqual([1, 3]);
  });

  test('by a name that several have: refused, with their ids', () => {
    expect(() => index.select({ neurons: ['B'] })).toThrow("'B' is the name of 2 neurons.");
    expect(() => index.select({ neurons: ['B'] })).toThrow(
      expect.objectContaining({ next: 'Name them by id: 720575940620875392, 3.' }),
    );
  });

  test('by a type that is also a subtype of others: refused', () => {
    expect(() => index.select({ cellTypes: ['y'] })).toThrow(
      "'y' is a cell type of 1 neurons and a subtype of 1 others.",
    );
  });

  test.each([
    [{ neurons: ['AA'] }, "No neuron 'AA'. Did you mean A", 'Neurons are named by id or name'],
    [{ neurons: ['x'] }, "No neuron 'x'", "'x' is a cell type of 2 neurons: pass cell_type"],
    [{ cellTypes: ['x3'] }, "No cell type 'x3'. Did you mean x", undefined],
    [{ cellTypes: ['A'] }, "No cell type 'A'", "'A' is a neuron"],
    [{ neurons: ['720575940620875400'] }, "No neuron '720575940620875400'", 'do not persist between releases'],
  ])('%j is not there: the nearest are', (group, message, next) => {
    const call = () => index.select(group);
    expect(call).toThrow(message);
    if (next) expect(call).toThrow(expect.objectContaining({ next: expect.stringContaining(next) }));
  });
});

const signal = new AbortController().signal;
/** A drives D strongly; how often each fires in 200 ms. */
async function spikes(perturbations: Partial<Perturbations>): Promise<number[]> {
  const { input } = applyPerturbations(index, { activate: [], silence: [], scale: [], ...perturbations }, shiu2024);
  const network = packNetwork(4, connectome.pre, connectome.post, Int32Array.of(100));
  const { results } = await simulateTrials(network, input, {
    durationMs: 200,
    seeds: [5n],
    signal,
    backend: 'wasm-f64',
  });
  return [...results[0].counts];
}
const activate = [{ neurons: ['A'], rateHz: 200 }];

describe('perturbations that meet on a neuron', () => {
  test('two activations add their rates', async () => {
    const once = await spikes({ activate: [{ neurons: ['A'], rateHz: 500 }] });
    const twice = await spikes({
      activate: [
        { neurons: ['A'], rateHz: 500 },
        { cellTypes: ['x1'], rateHz: 500 },
      ],
    });
    // 100 against 200 expected spikes; the standard deviation is at most 14.
    expect(twice[0]).toBeGreaterThan(once[0] + 40);
  });

  test('silence outgoing leaves a driven neuron firing unheard; both also takes its input away', async () => {
    const free = await spikes({ activate });
    const outgoing = await spikes({ activate, silence: [{ neurons: ['A'], scope: 'outgoing' }] });
    const both = await spikes({ activate, silence: [{ neurons: ['A'], scope: 'both' }] });
    expect(free[3]).toBeGreaterThan(0);
    expect([outgoing[0], outgoing[3]]).toEqual([free[0], 0]);
    expect([both[0], both[3]]).toEqual([0, 0]);
  });

  test('silence wins over scale whatever the factor, and in any order of windows', async () => {
    const silence = [{ neurons: ['A'], scope: 'outgoing' as const }];
    expect((await spikes({ activate, silence, scale: [{ neurons: ['A'], factor: 50 }] }))[3]).toBe(0);
  });

  test('silence and activation end with their windows', async () => {
    const late = await spikes({ activate, silence: [{ neurons: ['A'], scope: 'both', untilMs: 100 }] });
    const free = await spikes({ activate });
    expect(late[0]).toBeGreaterThan(0);
    expect(late[0]).toBeLessThan(free[0]);
    const early = await spikes({ activate: [{ ...activate[0], untilMs: 100 }] });
    expect(early[0]).toBeLessThan(free[0]);
  });

  test('factors multiply: halving twice is a quarter', () => {
    const scale = [
      { neurons: ['A'], factor: 0.5 },
      { neurons: ['A'], factor: 0.5 },
    ];
    const { input } = applyPerturbations(index, { activate: [], silence: [], scale }, shiu2024);
    expect(input.outputScale.map(({ neuron, factor }) => [neuron, factor])).toEqual([
      [0, 0.5],
      [0, 0.5],
    ]);
  });

  test.each([0, -5, 10_001, Number.NaN])('a rate of %d Hz is refused', (rateHz) => {
    const call = () =>
      applyPerturbations(index, { activate: [{ neurons: ['A'], rateHz }], silence: [], scale: [] }, shiu2024);
    expect(call).toThrow('cannot be drawn in steps of 0.1 ms');
    expect(call).toThrow(expect.objectContaining({ next: expect.stringContaining('up to 10000 Hz') }));
  });
});

describe('equal random streams', () => {
  const result = (spikes: number[]): TrialResult => ({
    counts: new Uint32Array(4),
    spikesTotal: spikes.length / 2,
    spikes: Uint32Array.from(spikes),
  });
  const run = { dtMs: 0.1, durationMs: 500 };
  const drive = [{ neuron: 0, rateHz: 150 }];

  test('are found where driven neurons fired at the same moments', () => {
    const first = result([0, 10, 0, 700, 3, 720]);
    expect(() =>
      refuseSharedStreams([first, result([0, 12, 0, 701]), result([0, 10, 0, 700, 3, 999])], drive, run),
    ).toThrow('Trials 1 and 3 drove their neurons at the same moments');
  });

  test('are not suspected where only the counts, or only the other neurons, are equal', () => {
    expect(() => refuseSharedStreams([result([0, 10, 3, 30]), result([0, 11, 3, 30])], drive, run)).not.toThrow();
  });

  test('are not suspected where equal input was likely: a weak drive that never fired, or one spike in every step', () => {
    const weak = [{ neuron: 0, rateHz: 0.1 }];
    expect(() => refuseSharedStreams([result([]), result([])], weak, run)).not.toThrow();
    const sure = [{ neuron: 0, rateHz: 10_000 }];
    expect(() => refuseSharedStreams([result([0, 1, 0, 2]), result([0, 1, 0, 2])], sure, run)).not.toThrow();
  });

  test('do not occur in trials with seeds of their own, also with sparse activity, and do occur with one seed', async () => {
    const network = packNetwork(4, connectome.pre, connectome.post, Int32Array.of(100));
    const simulate = async (seeds: bigint[]) =>
      (await simulateTrials(network, { poisson: drive }, { durationMs: 500, seeds, signal, keepSpikes: true })).results;
    const trials = await simulate([1n, 2n, 3n, 4n]);
    expect(() => refuseSharedStreams(trials, drive, run)).not.toThrow();
    const [again] = await simulate([1n]);
    expect(() => refuseSharedStreams([...trials, again], drive, run)).toThrow('Trials 1 and 5');
  });
});
