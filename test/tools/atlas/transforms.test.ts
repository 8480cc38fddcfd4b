import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fitAffine } from '../../../mcp-servers/atlas/src/domain/fit-affine.ts';
import { type Connection, connect, temporaryWorkspace } from '../../fixtures/client.ts';
import { niftiFile } from '../../fixtures/nifti.ts';

const space = temporaryWorkspace();
const write = (name: string, text: string | Uint8Array) => writeFileSync(path.join(space.folder, name), text);
const itk = (parameters: number[], fixed: number[]) =>
  `#Insight Transform File V1.0\n#Transform 0\nTransform: AffineTransform_double_3_3\nParameters: ${parameters.join(' ')}\nFixedParameters: ${fixed.join(' ')}\n`;

/** A variable of MATLAB 4: doubles in one column (MAT-File Format, "Level 4"). */
function level4(name: string, values: number[], big = false): Buffer {
  const head = Buffer.alloc(20);
  [big ? 1000 : 0, values.length, 1, 0, name.length + 1].forEach((value, at) =>
    big ? head.writeInt32BE(value, 4 * at) : head.writeInt32LE(value, 4 * at),
  );
  const body = Buffer.alloc(8 * values.length);
  values.forEach((value, at) => (big ? body.writeDoubleBE(value, 8 * at) : body.writeDoubleLE(value, 8 * at)));
  return Buffer.concat([head, Buffer.from(`${name}\0`, 'latin1'), body]);
}

/** A turn of 90° about the third axis of LPS, about the place (1, 2, 3), and a shift. */
const turned = [0, -1, 0, 1, 0, 0, 0, 0, 1, 0.5, 0, -1];
const centre = [1, 2, 3];
/** ITK's own words, y = A·(x − c) + t + c in LPS, for a place in RAS. */
function byHand([x, y, z]: number[]): number[] {
  const [l, p, s] = [-x - 1, -y - 2, z - 3];
  const out = [-p + 0.5 + 1, l + 2, s - 1 + 3];
  return [-out[0], -out[1], out[2]];
}

let atlas: Connection;
beforeAll(async () => {
  const voxels = new Uint8Array(20 ** 3).map((_, at) => (at % 20 < 10 ? 1 : 2));
  const rows = [
    [1, 0, 0, -9.5],
    [0, 1, 0, -10],
    [0, 0, 1, -10],
  ];
  write('atlas.nii', niftiFile({ sizes: [20, 20, 20], voxels, sform: { code: 4, rows } }));
  write('affine.tfm', itk(turned, centre));
  write('little.mat', Buffer.concat([level4('AffineTransform_double_3_3', turned), level4('fixed', centre)]));
  write('big.mat', Buffer.concat([level4('AffineTransform_double_3_3', turned, true), level4('fixed', centre, true)]));
  write('points.csv', 'x,y,z\n1,2,3\n-1,0,2\n0.2,0,0\n,1,1\n');
  atlas = await connect('atlas', space.folder);
  for (const source of ['atlas.nii', 'points.csv']) await atlas.call('add_data', { source });
  const spaces = { from: 'fixed scan', to: 'MNI152', error: 0.8 };
  for (const source of ['affine.tfm', 'little.mat', 'big.mat'])
    await atlas.call('add_data', { source, format: 'transform', id: source.replace(/\..*/, ''), options: spaces });
});
afterAll(async () => {
  await atlas.close();
  space.remove();
});

const placed = async (through: string, points: number[][], more: object = {}) =>
  (await atlas.call('locate_points', { data: 'atlas', through, points, ...more })).value;
const close = (point: number[]) => point.map((value) => expect.closeTo(value, 6));

describe('an affine of ITK', () => {
  test.each(['affine', 'little', 'big'])('takes points of the fixed space as ITK does: %s', async (name) => {
    const value = await placed(name, [
      [1, 2, 3],
      [-4, 0.5, 2],
    ]);
    expect(value.points.map(({ at }: { at: number[] }) => at)).toEqual([
      close(byHand([1, 2, 3])),
      close(byHand([-4, 0.5, 2])),
    ]);
    expect(value.space).toMatchObject({
      name: 'MNI152',
      pointsIn: 'fixed scan',
      errorMm: 0.8,
      through: [{ from: 'fixed scan', to: 'MNI152', error: { mm: 0.8, of: 'as stated' } }],
    });
  });

  test('says of a region whether its border is nearer than the transform is off, on both sides of the midline', async () => {
    await atlas.call('add_data', {
      source: 'affine.tfm',
      id: 'same',
      options: { from: 'other', to: 'MNI152', error: 0.8 },
    });
    // The labels change at x = 0 in MNI152; A place (x, y, z) of the fixed space comes to x = −y − 3.5.
    const value = await placed('same', [
      [0, -3, 0],
      [0, -4, 0],
      [0, 0, 0],
      [0, -8, 0],
    ]);
    const told = value.points.map((point: { at: number[]; hemisphere: string; border: { withinError: boolean } }) => [
      Math.sign(point.at[0]),
      point.hemisphere,
      point.border.withinError,
    ]);
    for (const [sign, hemisphere] of told) expect(hemisphere).toBe(sign > 0 ? 'right' : 'left');
    expect(
      value.points.map((point: { at: number[]; border: { withinError: boolean } }) => point.border.withinError),
    ).toEqual(value.points.map(({ at }: { at: number[] }) => Math.abs(at[0]) <= 0.8));
    expect(new Set(told.map(([, , within]: unknown[]) => within)).size).toBe(2);
  });

  test('is used backwards where the volume lies at its beginning, and the answer says so', async () => {
    write('back.tfm', itk(turned, centre));
    await atlas.call('add_data', {
      source: 'back.tfm',
      options: { from: 'MNI152', to: 'scan B', error: 'not stated' },
    });
    const value = await placed('back', [byHand([1, 2, 3])]);
    expect(value.points[0].at).toEqual(close([1, 2, 3]));
    expect(value.space).toMatchObject({
      errorMm: 'not stated',
      through: [{ inverted: true, from: 'scan B', error: 'not stated' }],
    });
    expect(value.points[0].border.withinError).toBeUndefined();
  });

  test('takes a table of points at once, and counts those that are nearer to a border than it is off', async () => {
    const { value, n } = await atlas.call('locate_points', {
      data: 'atlas',
      through: 'affine',
      sql: 'SELECT * FROM points.points',
    });
    expect([n?.count, value.points, value.notNumbers]).toEqual([4, 4, 1]);
    const near = [
      [1, 2, 3],
      [-1, 0, 2],
      [0.2, 0, 0],
    ].filter((point) => Math.abs(byHand(point)[0]) <= 0.8).length;
    expect(value.nearerToABorderThanTheError).toBe(near);
  });
});

describe('landmarks', () => {
  const from = [
    [0, 0, 0],
    [5, 0, 1],
    [0, 6, 0],
    [1, 0, 7],
    [4, 5, 1],
    [3, 2, 6],
    [-2, 4, 3],
  ];
  /** RAS in mm to PIR in µm. */
  const exact = ([x, y, z]: number[]) => [-1000 * y + 40, -1000 * z + 7, 1000 * x + 3];
  const off = [0, 200, 0, -300, 100, 0, 250];
  const to = from.map((point, at) => exact(point).map((value, axis) => value + (axis === at % 3 ? off[at] : 0)));

  test('leave-one-out errors are those of fits that are made without each', () => {
    const { leaveOneOut } = fitAffine(from, to);
    from.forEach((point, out) => {
      const without = (rows: number[][]) => rows.filter((_, at) => at !== out);
      const { matrix } = fitAffine(without(from), without(to));
      const put = matrix.map(([a, b, c, d]) => a * point[0] + b * point[1] + c * point[2] + d);
      expect(leaveOneOut[out]).toBeCloseTo(Math.hypot(...put.map((value, axis) => value - to[out][axis])), 4);
    });
  });

  test('exact pairs give their affine back', () => {
    const { matrix, residuals } = fitAffine(from, from.map(exact));
    const wanted = [
      [0, -1000, 0, 40],
      [0, 0, -1000, 7],
      [1000, 0, 0, 3],
    ];
    matrix.flat().forEach((value, at) => expect(value).toBeCloseTo(wanted.flat()[at], 6));
    expect(Math.max(...residuals)).toBeLessThan(1e-6);
  });

  test('become a transform whose error is measured, with each pair beside it', async () => {
    const rows = from.map((point, at) => [...point, ...to[at].map((value) => value / 1000)].join(','));
    write('pairs.csv', `from_x,from_y,from_z,to_x,to_y,to_z\n${rows.join('\n')}\n`);
    const options = { from: 'MNI152', to: 'CCF', from_axes: 'RAS', to_axes: 'PIR', lengths: 'mm' };
    await atlas.call('add_data', { source: 'pairs.csv', format: 'transform', options });
    const { leaveOneOut } = fitAffine(from, to);
    const [row] = (
      await atlas.call('query_data', { sql: 'SELECT error, error_most, error_of FROM pairs.transform', digits: 17 })
    ).value.rows;
    const rms = Math.sqrt(leaveOneOut.reduce((sum, value) => sum + (value / 1000) ** 2, 0) / leaveOneOut.length);
    expect(row).toEqual([
      expect.closeTo(rms, 9),
      expect.closeTo(Math.max(...leaveOneOut) / 1000, 9),
      expect.stringContaining('7 landmarks'),
    ]);
    const { rows: each } = (await atlas.call('query_data', { sql: 'SELECT left_out FROM pairs.landmarks', digits: 17 }))
      .value;
    expect(each.flat()).toEqual([...leaveOneOut].map((value) => expect.closeTo(value / 1000, 9)));
  });
});

test('a displacement field of ITK adds what it has between its voxels, and reaches no further', async () => {
  // dx = 2·i in mm of L: linear between voxels; 3 × 2 × 2 voxels of 2 mm.
  const field = new Float32Array(3 * 2 * 2 * 3);
  for (let at = 0; at < 12; at++) field[at] = 2 * (at % 3);
  const rows = [
    [2, 0, 0, -2],
    [0, 2, 0, 0],
    [0, 0, 2, 0],
  ];
  write(
    'warp.nii',
    niftiFile({
      sizes: [3, 2, 2, 1, 3],
      type: 16,
      bits: 32,
      voxels: new Uint8Array(field.buffer),
      intent: 1007,
      sform: { code: 1, rows },
    }),
  );
  const options = { from: 'my scan', to: 'MNI152', error: 0 };
  await atlas.call('add_data', { source: 'warp.nii', format: 'transform', options });
  // x = 1 is i = 1.5: 3 mm to the left.
  const { points } = await placed('warp', [
    [1, 1, 1],
    [-2, 0, 0],
    [9, 0, 0],
  ]);
  expect(points.map(({ at }: { at: number[] | null }) => at)).toEqual([close([-2, 1, 1]), close([-2, 0, 0]), null]);
  expect(points[2]).toEqual({ at: null, region: null, why: 'outside the field of a transform' });
});

test('transforms follow each other where the spaces meet, and their errors add', async () => {
  write('plain.txt', '1 0 0 100\n0 1 0 0\n0 0 1 0\n0 0 0 1\n');
  const options = { from: 'slide', to: 'fixed scan', from_axes: 'RAS', to_axes: 'RAS', lengths: 'um', error: 0.2 };
  await atlas.call('add_data', { source: 'plain.txt', format: 'transform', options });
  const value = await placed('plain, affine', [[900, 2000, 3000]], { unit: 'um' });
  expect(value.points[0].at).toEqual(close(byHand([1, 2, 3])));
  expect(value.space).toMatchObject({ pointsIn: 'slide', errorMm: expect.closeTo(1, 9) });
  const error = await atlas.fail('locate_points', { data: 'atlas', through: 'plain', points: [[0, 0, 0]] });
  expect(error.message).toMatch(/leads from slide to fixed scan, not to MNI152/);
});

test.each<[string, string, string | Uint8Array, object, RegExp]>([
  ['no spaces', 'a.tfm', itk(turned, centre), { error: 1 }, /The space from which it leads is not stated/],
  ['no error', 'b.tfm', itk(turned, centre), { from: 'A', to: 'B' }, /How far this transform is off is not stated/],
  [
    'another kind of transform',
    'c.tfm',
    itk(turned, centre).replace('AffineTransform', 'BSplineTransform'),
    { from: 'A', to: 'B', error: 1 },
    /BSplineTransform_double_3_3, which is not read/,
  ],
  [
    'a flat matrix',
    'd.tfm',
    itk([1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0], centre),
    { from: 'A', to: 'B', error: 1 },
    /into one plane/,
  ],
  [
    'half a matrix',
    'e.mat',
    level4('AffineTransform_double_3_3', turned).subarray(0, 60),
    { from: 'A', to: 'B', error: 1 },
    /ends within a variable/,
  ],
  [
    'no unit',
    'f.txt',
    '1 0 0 0\n0 1 0 0\n0 0 1 0\n',
    { from: 'A', to: 'B', error: 1 },
    /The unit of both spaces is not stated/,
  ],
  [
    'axes that are none',
    'g.txt',
    '1 0 0 0\n0 1 0 0\n0 0 1 0\n',
    { from: 'A', to: 'B', lengths: 'mm', from_axes: 'RAR', error: 1 },
    /coordinates of A grow to is not stated/,
  ],
  [
    'four landmarks',
    'h.csv',
    'from_x,from_y,from_z,to_x,to_y,to_z\n0,0,0,0,0,0\n1,0,0,1,0,0\n0,1,0,0,1,0\n0,0,1,0,0,1\n',
    { from: 'A', to: 'B', lengths: 'mm', from_axes: 'RAS', to_axes: 'RAS' },
    /needs 5/,
  ],
  [
    'landmarks in one plane',
    'i.csv',
    'from_x,from_y,from_z,to_x,to_y,to_z\n0,0,0,0,0,0\n1,0,0,1,0,0\n0,1,0,0,1,0\n1,1,0,0,0,1\n2,3,0,1,1,1\n',
    { from: 'A', to: 'B', lengths: 'mm', from_axes: 'RAS', to_axes: 'RAS' },
    /lie in one plane/,
  ],
  [
    'a volume that is no field',
    'j.nii',
    niftiFile({ sizes: [2, 1, 1], voxels: new Uint8Array(2) }),
    { from: 'A', to: 'B', error: 1 },
    /no displacement field of ITK/,
  ],
])('a transform with %s is refused', async (_, name, bytes, options, message) => {
  write(name, bytes);
  const error = await atlas.fail('add_data', { source: name, format: 'transform', options });
  expect([error.message, error.next]).toEqual([expect.stringMatching(message), expect.any(String)]);
});

test('a mirror is told, and a turn of axes is none', async () => {
  const add = async (name: string, text: string, to: string) => {
    write(name, text);
    const options = { from: 'A', to: 'B', from_axes: 'RAS', to_axes: to, lengths: 'mm', error: 1 };
    return (await atlas.call('add_data', { source: name, format: 'transform', options })).value.warnings ?? [];
  };
  expect(await add('mirror.txt', '-1 0 0 0\n0 1 0 0\n0 0 1 0\n', 'RAS')).toEqual([
    expect.stringContaining('left into right'),
  ]);
  expect(await add('turn.txt', '-1 0 0 0\n0 1 0 0\n0 0 1 0\n', 'LAS')).toEqual([]);
});
