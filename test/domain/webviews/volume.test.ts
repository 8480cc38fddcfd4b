import { atlasOf, middleOf, pathOf, withParts } from '@bregma/webviews/volume/atlas';
import { indexOf, planes, sliceOf, voxelAt } from '@bregma/webviews/volume/slice';
import { describe, expect, test } from 'vitest';

const regions = [
  { id: '997', acronym: 'root', name: 'root', parent: null },
  { id: '315', acronym: 'Isocortex', name: 'Isocortex', parent: '997' },
  { id: '385', acronym: 'VISp', name: 'Primary visual area', parent: '315' },
  { id: '549', acronym: 'TH', name: 'Thalamus', parent: '997' },
];
const shape = [2, 3, 4];
const labels = Uint8Array.from({ length: 24 }, (_, i) => (i === 5 || i === 6 ? 3 : i === 20 ? 4 : 0));
const model = {
  title: 't',
  kind: 'derived' as const,
  space: 'CCFv3',
  voxelUm: [50, 50, 50],
  labels: { dtype: 'u1' as const, shape, bytes: labels },
  regions,
};

describe('an atlas volume', () => {
  const atlas = atlasOf(model);
  test('counts the voxels of each region', () => {
    expect([...atlas.counts]).toEqual([0, 0, 2, 1]);
  });
  test('takes a region together with what lies below it', () => {
    expect([...withParts(regions, 1)]).toEqual([0, 0, 1, 1, 0]);
  });
  test('names what a region is part of, without the root', () => {
    expect(pathOf(regions, 2)).toEqual(['Isocortex', 'Primary visual area']);
    expect(pathOf(regions, 0)).toEqual(['root']);
  });
  test('finds a voxel in the middle of a region', () => {
    expect(middleOf(atlas, withParts(regions, 3))).toEqual([1, 2, 0]);
    expect(middleOf(atlas, withParts(regions, 0).fill(0))).toBeUndefined();
  });
  test('with a voxel of an unknown region is refused', () => {
    expect(() => atlasOf({ ...model, regions: regions.slice(0, 3) })).toThrow('Voxel 20 is of region 4; there are 3.');
  });
});

test.each(planes)('a $name slice has the voxels that its plane says', (plane) => {
  const volume = Float64Array.from({ length: 24 }, (_, i) => i);
  const at: [number, number, number] = [1, 2, 3];
  const slice = sliceOf(volume, [2, 3, 4], plane, at);
  const width = shape[plane.across];
  expect(slice.length).toBe(width * shape[plane.down]);
  for (let row = 0; row < shape[plane.down]; row++)
    for (let column = 0; column < width; column++)
      expect(slice[row * width + column]).toBe(indexOf(voxelAt(plane, at, column, row), [2, 3, 4]));
});
