import { writeNpy } from '@bregma/core/npy';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FormatBench, formatBench } from '../fixtures/formats.ts';

let bench: FormatBench;
beforeAll(async () => {
  bench = await formatBench();
});
afterAll(() => bench.close());

const doubles = (...values: number[]) => writeNpy({ data: Float64Array.from(values), shape: [values.length] });
let written = 0;
const npz = (members: Record<string, Uint8Array>, level: 0 | 6 = 6) =>
  bench.file(`file${written++}.npz`, zipSync(members, { level }));
/** An array of NumPy with a head of one's own. */
const saved = (head: string, bytes: Uint8Array = new Uint8Array(0)) =>
  Buffer.concat([
    Buffer.from('\x93NUMPY\x01\x00', 'latin1'),
    Buffer.from(Uint16Array.of(head.length).buffer),
    Buffer.from(head),
    bytes,
  ]);

describe('NPZ', () => {
  test('has each array under its name, those of one length too', async () => {
    const parts = await bench.read('npz', npz({ 'times.npy': doubles(1, 2), 'a/b.npy': doubles(3, 4) }));
    expect(parts.arrays.map(({ name, shape }) => [name, shape])).toEqual([
      ['times', [2]],
      ['a_b', [2]],
    ]);
    expect(parts.tables).toEqual([]);
    expect([...bench.array(parts, 'a_b').data]).toEqual([3, 4]);
  });

  test('names what is no array, and what Python pickled', async () => {
    const objects = saved("{'descr': '|O', 'fortran_order': False, 'shape': (2,), }\n", Buffer.from('\x80\x03.'));
    const parts = await bench.read(
      'npz',
      npz({ 'x.npy': doubles(1, 2), 'notes.txt': Buffer.from('hi'), 'units.npy': objects }),
    );
    expect(parts.arrays.map(({ name }) => name)).toEqual(['x']);
    expect(parts.warnings).toEqual([
      '/units holds pickled Python objects: it was left out.',
      'notes.txt is no array of NumPy: it was left out.',
    ]);
  });

  test.each<[string, Record<string, Uint8Array>, RegExp]>([
    ['no array in it', { 'a.txt': Buffer.from('a') }, /no array lies in it/],
    [
      'a member that is no array',
      { 'x.npy': Buffer.from('nonsense and more of it') },
      /^x\.npy of file\d+\.npz is no array/,
    ],
    [
      'a shape that its bytes do not hold',
      { 'x.npy': saved("{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000,), }", doubles(1)) },
      /ends early: its shape \[1000000000000\] takes 8000000000000 bytes/,
    ],
    [
      'a shape beyond all memory',
      { 'x.npy': saved("{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999, 99999999999), }") },
      /no memory holds/,
    ],
    ['a head that runs', { 'x.npy': saved("__import__('os').system('true')") }, /unreadable head/],
    ['one name twice', { 'a/x.npy': doubles(1), 'a//x.npy': doubles(2) }, /holds a\/\/x\.npy twice/],
  ])('with %s is refused', async (_, members, message) => {
    const error = await bench.refusal('npz', npz(members));
    expect(error.message).toMatch(message);
    expect(error.next).toBeTruthy();
  });

  test.each([0, 6] as const)('of level %i whose bytes were changed or cut is refused', async (level) => {
    const whole = zipSync({ 'x.npy': doubles(...Array.from({ length: 500 }, (_, i) => i / 7)) }, { level });
    const flipped = Uint8Array.from(whole);
    flipped[700] ^= 1;
    for (const bytes of [flipped, whole.subarray(0, 700)]) {
      const error = await bench.refusal('npz', bench.file(`damaged${written++}.npz`, bytes));
      expect([error.code, error.message]).toEqual([
        'corrupt',
        expect.stringMatching(/damaged\d+\.npz is no readable zip/),
      ]);
    }
  });

  test('leaves out what a person names', async () => {
    const file = npz({ 'x.npy': doubles(1), 'y.npy': doubles(2) });
    const parts = await bench.read('npz', file, { leave_out: ['y'] });
    expect([parts.arrays.map(({ name }) => name), parts.warnings]).toEqual([['x'], ['Left out as asked for: /y.']]);
  });
});
