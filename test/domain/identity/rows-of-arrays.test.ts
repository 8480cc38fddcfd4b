import { arrayRows } from '@bregma/core/identity/made-here';
import { writeNpy } from '@bregma/core/npy';
import { openWorkspace } from '@bregma/core/workspace';
import { afterAll, expect, test } from 'vitest';
import { temporaryWorkspace } from '../../fixtures/client.ts';

const temporary = temporaryWorkspace();
const { objects, close } = openWorkspace(temporary.folder);
afterAll(() => {
  close();
  temporary.remove();
});
const rowsOf = (shape: number[]) => {
  const data = Float32Array.from({ length: shape.reduce((product, size) => product * size, 1) }, (_, i) => i);
  return arrayRows(objects.put(writeNpy({ data, shape }), 'application/x-npy').object, { objects });
};

test('an array without values, or with rows too short to prove anything, has no rows to compare, however many it claims', () => {
  for (const shape of [
    [9_000_000, 0],
    [9_000_000, 0, 4],
    [9_000_000, 4, 0],
    [300_000, 1],
  ])
    expect(rowsOf(shape)).toEqual([]);
});

test('of very many rows those at even steps stand for all', () => {
  const rows = rowsOf([250_000, 4]);
  expect(rows.length).toBeLessThanOrEqual(100_000);
  expect([rows[0], rows[1]].map(([first]) => first)).toEqual([0, 12]);
  expect(rowsOf([5, 4, 2])).toHaveLength(10);
});
