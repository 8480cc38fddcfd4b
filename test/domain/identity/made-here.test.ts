import { madeHere } from '@bregma/core/identity/made-here';
import { originOf } from '@bregma/core/identity/origin';
import { writeNpy } from '@bregma/core/npy';
import { makeRandom } from '@bregma/core/statistics/random';
import { describe, expect, test } from 'vitest';

const random = makeRandom('made here');
const [neurons, columns] = [4, 60];
const drawn = () => Array.from({ length: neurons }, () => Float64Array.from({ length: columns }, random.normal));
const predicted = drawn();
const bytes = Buffer.from(
  writeNpy({ data: Float64Array.from(predicted.flatMap((row) => [...row])), shape: [neurons, columns] }),
);
/** A workspace in which one call predicted responses, and nothing was measured. */
const store = {
  ledger: {
    list: (kind: string) =>
      kind === 'activity'
        ? [{ id: 'act-1', seq: 1, body: { status: 'ok', valueKind: 'predicted', outputs: ['predictions'] } }]
        : [],
  },
  objects: { size: () => bytes.length, get: () => bytes },
};

// SAFETY: of a workspace, nothing but these parts is read.
const kindOf = (rows: Float64Array[]) =>
  madeHere({ digests: [], rows }, store as unknown as Parameters<typeof madeHere>[1])?.kind;
const changed = (change: (value: number, column: number, neuron: number) => number) =>
  predicted.map((row, neuron) => row.map((value, column) => change(value, column, neuron)));

describe('what a twin predicted is no measurement', () => {
  test.each<[string, Float64Array[]]>([
    ['with a tenth of noise', changed((value) => value + 0.1 * random.normal())],
    ['in another unit', changed((value, _, neuron) => 3 * value + neuron)],
    [
      'in another unit and order, every other value new',
      predicted.map((row) => {
        const values = row.map((value, column) => 2 * (column % 2 ? random.normal() : value) + 1);
        return Float64Array.from(random.shuffle([...values]));
      }),
    ],
  ])('%s', (_, rows) => expect(kindOf(rows)).toBe('predicted'));
});

test.each<[string, Float64Array[]]>([
  ['was measured of other neurons', drawn()],
  ['a good twin predicts', changed((value) => value + 0.3 * random.normal())],
  [
    'is one neuron of four that follows closely',
    predicted.map((row, neuron) => row.map((value) => (neuron === 0 ? value : 0) + 0.1 * random.normal())),
  ],
])('what %s is measured', (_, rows) => expect(kindOf(rows)).toBeUndefined());

test('responses to the pictures that a twin was shown too are measured', () => {
  const measured = Float64Array.from(drawn().flatMap((row) => [...row]));
  const objects: Record<string, Buffer> = {
    predictions: bytes,
    measured: Buffer.from(writeNpy({ data: measured, shape: [neurons, columns] })),
  };
  const outputs = ['shown', 'predictions'];
  const shared = {
    ledger: {
      list: (kind: string) =>
        kind === 'activity' ? [{ id: 'act-1', seq: 1, body: { status: 'ok', valueKind: 'predicted', outputs } }] : [],
    },
    objects: {
      size: (object: string) => objects[object]?.length,
      get: (object: string) => objects[object],
    },
  };
  const origin = (object: string) =>
    // SAFETY: of a release and a workspace, nothing but these parts is read.
    originOf(
      {
        id: 'mine',
        release: '1',
        arrays: [{ name: 'responses', object }],
        files: [{ sha256: 'shown' }],
      } as unknown as Parameters<typeof originOf>[0],
      shared as unknown as Parameters<typeof originOf>[1],
    );
  expect(origin('measured')).toBeUndefined();
  expect(origin('predictions')).toEqual({ kind: 'predicted', record: 'act-1' });
});
