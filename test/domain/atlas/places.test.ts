import fc from 'fast-check';
import { expect, test } from 'vitest';
import { labelled, nearestBorder } from '../../../mcp-servers/atlas/src/domain/labels.ts';
import { apply, inverseOf, voxelAt } from '../../../mcp-servers/atlas/src/domain/places.ts';

const number = fc.double({ min: -5, max: 5, noNaN: true });
const row = fc.tuple(number, number, number, number).map((values): number[] => values);

test('an affine and its inverse lead back to the same voxel', () => {
  fc.assert(
    fc.property(fc.tuple(row, row, row), fc.tuple(number, number, number), (drawn, index) => {
      // A strong diagonal: it spans space.
      const affine = drawn.map((values, at) => values.map((value, axis) => (axis === at ? value + 20 : value)));
      const back = apply(inverseOf(affine), apply(affine, index));
      back.forEach((value, axis) => {
        expect(Math.abs(value - index[axis])).toBeLessThan(1e-6);
      });
    }),
  );
});

test('a face belongs to the voxel behind it, also where rounding has moved it, and the last face to none', () => {
  const shape = [3, 3, 3];
  expect(voxelAt([0.5, 0.5 - 1e-9, -0.5], shape)).toEqual([1, 1, 0]);
  expect(voxelAt([2.5, 0, 0], shape)).toBeUndefined();
  expect(voxelAt([-0.6, 0, 0], shape)).toBeUndefined();
});

test('the nearest border is that of a search over all voxels', () => {
  const shape: [number, number, number] = [6, 5, 4];
  const strides: [number, number, number] = [20, 4, 1];
  const sizes = [1, 2, 0.5];
  const place = fc.tuple(fc.nat(5), fc.nat(4), fc.nat(3), fc.double({ min: -0.5, max: 0.49, noNaN: true }));
  fc.assert(
    fc.property(fc.array(fc.nat(2), { minLength: 120, maxLength: 120 }), place, (data, [i, j, k, shift]) => {
      const volume = labelled(data, shape, strides);
      if (!volume) throw new Error('Whole numbers are labels.');
      const index = [i + shift, j - shift, k + shift];
      const voxel = voxelAt(index, shape);
      fc.pre(voxel !== undefined);
      const own = volume.of[voxel[0] * 20 + voxel[1] * 4 + voxel[2]];
      let best = Number.POSITIVE_INFINITY;
      for (let at = 0; at < 120; at++) {
        if (volume.of[at] === own) continue;
        const there = [Math.floor(at / 20), Math.floor(at / 4) % 5, at % 4];
        const gaps = there.map((one, axis) => Math.max(0, Math.abs(one - index[axis]) - 0.5) * sizes[axis]);
        best = Math.min(best, Math.hypot(...gaps));
      }
      const found = nearestBorder(volume, voxel, index, sizes)?.distance ?? Number.POSITIVE_INFINITY;
      if (best === Number.POSITIVE_INFINITY) expect(found).toBe(best);
      else expect(found).toBeCloseTo(best, 9);
    }),
  );
});

test('values that are no whole numbers are no labels', () => {
  expect(labelled([0, 1, 1.5], [3, 1, 1], [1, 1, 1])).toBeUndefined();
  expect(labelled([0n, 5n, 5n], [3, 1, 1], [1, 1, 1])).toMatchObject({ labels: [0, 5], counts: Float64Array.of(1, 2) });
});
