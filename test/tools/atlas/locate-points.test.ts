import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect, temporaryWorkspace } from '../../fixtures/client.ts';
import { niftiFile } from '../../fixtures/nifti.ts';

const space = temporaryWorkspace();
let atlas: Connection;
/** A brain of 4 × 3 × 2 voxels of 1 × 2 × 3 mm in MNI152, symmetric: a frontal region 1, a rear one with parts 2 and 3; 0 below. */
const sizes = [4, 3, 2];
const label = (i: number, j: number, k: number) => (k === 0 ? 0 : j === 2 ? 1 : i === 0 || i === 3 ? 2 : 3);
beforeAll(async () => {
  const voxels = new Uint8Array(24);
  for (let k = 0, at = 0; k < 2; k++)
    for (let j = 0; j < 3; j++) for (let i = 0; i < 4; i++) voxels[at++] = label(i, j, k);
  const rows = [
    [1, 0, 0, -1.5],
    [0, 2, 0, -2],
    [0, 0, 3, 0],
  ];
  const write = (name: string, text: string | Uint8Array) => writeFileSync(path.join(space.folder, name), text);
  write('atlas.nii', niftiFile({ sizes, voxels, sform: { code: 4, rows } }));
  write(
    'names.csv',
    'id,acronym,name,parent\n9,B,brain,\n1,F,frontal,9\n8,R,rear,9\n2,Rl,rear outer,8\n3,Rm,rear inner,8\n',
  );
  write('points.csv', 'cell,x,y,z\na,-1.5,2,3\nb,1.5,-2,3\nc,,0,3\nd,99,0,3\ne,0.5,0,0\n');
  write(
    'map.nii',
    niftiFile({
      sizes,
      type: 16,
      bits: 32,
      voxels: new Uint8Array(Float32Array.from({ length: 24 }, (_, i) => i + 0.5).buffer),
      sform: { code: 4, rows },
    }),
  );
  write('bare.nii', niftiFile({ sizes, voxels }));
  atlas = await connect('atlas', space.folder);
  await atlas.call('add_data', { source: 'atlas.nii', options: { labels: 'names.csv' } });
  for (const source of ['points.csv', 'map.nii', 'bare.nii']) await atlas.call('add_data', { source });
});
afterAll(async () => {
  await atlas.close();
  space.remove();
});

describe('points', () => {
  test('have a region, its ancestors, a side, and the nearest border', async () => {
    const { value, n } = await atlas.call('locate_points', {
      data: 'atlas',
      points: [[-1.5, 2, 3], { ml: 0.5, ap: 0, dv: 3 }],
    });
    expect(value.space).toMatchObject({
      name: 'MNI152',
      growTo: 'RAS',
      unit: 'mm',
      origin: 'anterior commissure',
      midline: 0,
    });
    expect(n).toEqual({ count: 2, of: 'points' });
    expect(value.points[0]).toEqual({
      at: [-1.5, 2, 3],
      voxel: [0, 2, 1],
      hemisphere: 'left',
      region: { id: '1', acronym: 'F', name: 'frontal' },
      ancestors: ['B'],
      // The rear outer region begins at y = 1, label 0 at z = 1.5.
      border: { distance: 1, unit: 'mm', to: 'Rl' },
    });
    expect(value.points[1]).toMatchObject({ hemisphere: 'right', ancestors: ['B', 'R'], region: { acronym: 'Rm' } });
    expect(value.points[1].border).toEqual({ distance: 0.5, unit: 'mm', to: 'Rl' });
  });

  test('come in µm, in voxels, and along axes of any order and sense', async () => {
    const ask = async (more: object) =>
      (await atlas.call('locate_points', { data: 'atlas', ...more })).value.points.map(({ at, voxel }: never) => [
        at,
        voxel,
      ]);
    const same = [
      [
        [-1.5, 2, 3],
        [0, 2, 1],
      ],
    ];
    expect(await ask({ points: [[-1500, 2000, 3000]], unit: 'um' })).toEqual(same);
    expect(await ask({ points: [[0, 2, 1]], unit: 'voxel' })).toEqual(same);
    expect(await ask({ points: [[1.5, -2, 3]], axes: 'LPS' })).toEqual(same);
    expect(await ask({ points: [[3, -1.5, 2]], axes: 'SRA' })).toEqual(same);
  });

  test('outside, below and on the midline are three answers', async () => {
    const { value } = await atlas.call('locate_points', {
      data: 'atlas',
      points: [
        [50, 0, 0],
        [0.5, 0, 0],
        [0, 0, 3],
      ],
    });
    expect(value.points.map(({ region, why, hemisphere }: never) => [region === null, why, hemisphere])).toEqual([
      [true, 'outside the volume', 'right'],
      [true, 'label 0: no region', 'right'],
      [false, undefined, 'midline'],
    ]);
  });

  test('of a table are located at once, with what the table says of them', async () => {
    const { value, completeness, n } = await atlas.call('locate_points', {
      data: 'atlas',
      sql: 'SELECT cell, x, y AS Y, z FROM points.points',
    });
    expect(value).toMatchObject({ points: 5, inRegions: 2, outside: 1, notNumbers: 1 });
    expect([n?.count, completeness]).toEqual([5, { returned: 2, available: 2, of: 'regions with points' }]);
    expect(value.result.columns).toEqual(['cell', 'x', 'Y', 'z', 'hemisphere', 'region_id', 'region', 'border']);
  });

  test('of a map of values have its value', async () => {
    const { value } = await atlas.call('locate_points', {
      data: 'map',
      points: [
        [-1.5, -2, 0],
        [1.5, 2, 3],
      ],
    });
    expect(value.points.map((point: { value: number }) => point.value)).toEqual([0.5, 23.5]);
  });

  test.each<[string, object, RegExp]>([
    ['two questions at once', { points: [[0, 0, 0]], region: 'F' }, /at a time/],
    ['none', {}, /at a time/],
    ['a point of two numbers', { points: [[1, 2]] }, /Point 0 is \[1,2\]/],
    ['a point with other names', { points: [{ ml: 1, ap: 2, height: 3 }] }, /Point 0/],
    ['axes that are none', { points: [[0, 0, 0]], axes: 'RRS' }, /axes 'RRS' are none/],
    ['a query without coordinates', { sql: 'SELECT cell FROM points.points' }, /columns cell; coordinates/],
    ['a region of a map of values', { data: 'map', region: 'F' }, /measured and no labels/],
    ['a region that is not there', { region: 'Frontl' }, /No region 'Frontl'. Did you mean/],
    ['data without a volume', { data: 'points', points: [[0, 0, 0]] }, /no volume with a place/],
  ])('%s is refused', async (_, more, message) => {
    const error = await atlas.fail('locate_points', { data: 'atlas', ...more });
    expect(error.message).toMatch(message);
    expect(error.next).toBeTruthy();
  });

  test('a volume without a stated place is asked in its own coordinates, and says so', async () => {
    const { value } = await atlas.call('locate_points', { data: 'bare', points: [[3, 2, 1]], unit: 'voxel' });
    expect(value.space).toMatchObject({ name: 'not stated', hemispheres: 'not defined by this space' });
    expect(value.points[0].region).toEqual({ id: '1', acronym: '1', name: 'label 1' });
    expect((await atlas.fail('locate_points', { data: 'bare', points: [[3, 2, 1]], axes: 'LPS' })).message).toMatch(
      /not stated/,
    );
  });
});

describe('regions', () => {
  test('count what lies below them, on both sides, and what they touch', async () => {
    const { value } = await atlas.call('locate_points', { data: 'atlas', region: 'R' });
    expect(value).toMatchObject({
      region: { id: '8', acronym: 'R', name: 'rear' },
      ancestors: ['B'],
      children: ['Rl', 'Rm'],
      voxels: 8,
      ofItsOwn: 0,
      volume: 48,
      volumeUnit: 'mm³',
      hemispheres: { left: { voxels: 4, volume: 24, middle: [-1, -1, 3] }, right: { voxels: 4, middle: [1, -1, 3] } },
      extent: [
        [-2, 2],
        [-3, 1],
        [1.5, 4.5],
      ],
      // Eight voxels stand on label 0 with 1 × 2 mm each; four touch the frontal region with 1 × 3 mm.
      neighbours: [
        { region: 'no region', area: 16 },
        { region: 'F', id: '1', area: 12 },
      ],
      areaUnit: 'mm²',
    });
  });
});

describe.skipIf(!process.env.BREGMA_MIRROR)('the mouse atlas CCFv3 (skipped without BREGMA_MIRROR)', () => {
  beforeAll(async () => {
    await atlas.call('add_data', { source: 'mouse-ccfv3-50um', agree: true });
  });

  test('AP 5.4, DV 4.0, ML 5.7 mm is the triangular nucleus of septum, on the midline', async () => {
    const ask = async (more: object) =>
      (await atlas.call('locate_points', { data: 'mouse-ccfv3-50um', ...more })).value;
    const { points, space: said } = await ask({ points: [[5.4, 4.0, 5.7]] });
    expect(points[0]).toMatchObject({ voxel: [108, 80, 114], hemisphere: 'midline', region: { acronym: 'TRS' } });
    expect(points[0].ancestors.slice(0, 2)).toEqual(['root', 'grey']);
    expect(said).toMatchObject({
      name: 'CCFv3',
      growTo: 'PIR',
      origin: expect.stringContaining('corner'),
      midline: 5.7,
    });
    for (const more of [
      { points: [{ dv: 4, ml: 5.7, ap: 5.4 }] },
      { points: [[5400, 4000, 5700]], unit: 'um' },
      { points: [[5.7, 5.4, 4]], axes: 'RPI' },
      { points: [[108, 80, 114]], unit: 'voxel' },
    ])
      expect((await ask(more)).points[0].region.acronym).toBe('TRS');
    expect(
      (await atlas.fail('locate_points', { data: 'mouse-ccfv3-50um', points: [[1, 2, 3]], axes: 'RAS' })).message,
    ).toMatch(/corner/);
  });

  test('the isocortex is alike on both sides, and lies on its white matter', async () => {
    const { value } = await atlas.call('locate_points', { data: 'mouse-ccfv3-50um', region: 'Isocortex' });
    const { left, right } = value.hemispheres;
    // Resampling to 50 µm has left the halves 0.2 % apart.
    expect(Math.abs(left.voxels / right.voxels - 1)).toBeLessThan(0.005);
    expect(value.volume).toBeCloseTo(value.voxels * 0.05 ** 3, 3);
    expect(left.middle[2] + right.middle[2]).toBeCloseTo(11.4, 1);
    expect(value.neighbours.map(({ region }: { region: string }) => region)).toContain('scwm');
  });
});
