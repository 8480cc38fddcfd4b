import { describe, expect, test } from 'vitest';
import type { Connectome } from '../../../mcp-servers/twin/src/domain/connectome.ts';
import { describeSelfLoops, treatSelfLoops } from '../../../mcp-servers/twin/src/spiking/self-loops.ts';

function all<Result>(work: Generator<number, Result>): Result {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

const big = '720575940620875399';

/** Two neurons with a chemical self-loop each, one of them listed twice, one with an electrical one, and a ring through all. */
function loops(more: Partial<Connectome> = {}): Connectome {
  const ids = [big, 'b', 'c'];
  return {
    neurons: ids,
    ids,
    types: ids.map(() => ''),
    signs: new Int8Array(3).fill(1),
    pre: Int32Array.of(0, 0, 1, 1, 1, 2, 2),
    post: Int32Array.of(0, 1, 1, 2, 1, 0, 2),
    weight: Float64Array.of(5, 1, 6, 2, 7, 3, 8),
    electrical: Uint8Array.of(0, 0, 0, 0, 0, 0, 1),
    ...more,
  };
}

describe('connections of a neuron to itself', () => {
  test('are kept as they are, and counted; an electrical one is none', () => {
    const given = loops();
    expect(all(treatSelfLoops(given, 'keep'))).toEqual({ connectome: given, count: 3 });
  });

  test('are left out with all that belongs to them, and nothing else is', () => {
    const edgeSigns = Int8Array.of(1, -1, 1, -1, 1, 0, 0);
    const given = loops({ edgeSigns });
    const { connectome, count } = all(treatSelfLoops(given, 'drop'));
    expect(count).toBe(3);
    expect(connectome).toEqual({
      ...given,
      pre: Int32Array.of(0, 1, 2, 2),
      post: Int32Array.of(1, 2, 0, 2),
      weight: Float64Array.of(1, 2, 3, 8),
      electrical: Uint8Array.of(0, 0, 0, 1),
      edgeSigns: Int8Array.of(-1, -1, 0, 0),
    });
    expect(given.pre).toHaveLength(7);
  });

  test('are refused by the ids of their neurons, each once', () => {
    expect(() => all(treatSelfLoops(loops(), 'refuse'))).toThrow(
      expect.objectContaining({
        code: 'bad-input',
        message: `3 connections lead from a neuron to itself: ${big}, b.`,
        next: expect.stringContaining('{"self_loops": "drop"}'),
      }),
    );
  });

  test('that there are none of change nothing, whatever is chosen', () => {
    const none = loops({ electrical: new Uint8Array(7).fill(1) });
    for (const choice of ['keep', 'drop', 'refuse'] as const) {
      const found = all(treatSelfLoops(none, choice));
      expect(found.connectome).toBe(none);
      expect(describeSelfLoops(found, choice)).toBe('0');
    }
  });
});
