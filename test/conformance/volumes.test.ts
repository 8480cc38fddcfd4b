import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { parseNpy } from '@bregma/core/npy';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FormatBench, formatBench } from '../fixtures/formats.ts';
import { niftiFile } from '../fixtures/nifti.ts';

let bench: FormatBench;
beforeAll(async () => {
  bench = await formatBench();
});
afterAll(() => bench.close());

const mirror = process.env.BREGMA_MIRROR;
const zoo = (name: string) => path.join(mirror ?? '', 'formats-zoo', name);
const python = process.env.BREGMA_REFERENCE_PYTHON;
const formatOf: Record<string, string> = { n: 'nifti', m: 'mgh', r: 'nrrd' };
const seed = 20_261_126;

test.skipIf(!python)(
  `volumes of nibabel and pynrrd are read to the bit, with the place of their voxels, seed ${seed} (skipped without BREGMA_REFERENCE_PYTHON)`,
  async () => {
    execFileSync(python ?? '', ['test/reference/volumes.py', bench.folder, String(seed), '150'], { stdio: 'pipe' });
    const listed = JSON.parse(readFileSync(path.join(bench.folder, 'listed.json'), 'utf8'));
    expect(listed).toHaveLength(150);
    for (const { file, affine } of listed as { file: string; affine: number[][] | null }[]) {
      const parts = await bench.read(formatOf[file[0]], file);
      const read = bench.array(parts);
      const expected = parseNpy(readFileSync(path.join(bench.folder, `${file}.expected.npy`)));
      expect([file, read.dtype, read.shape]).toEqual([file, expected.dtype, expected.shape]);
      const bits = ({ data }: typeof read) => Buffer.from(data.buffer, data.byteOffset, data.byteLength);
      expect([file, bits(read).equals(bits(expected))]).toEqual([file, true]);
      expect(parts.arrays[0].axes).toHaveLength(read.shape.length);
      if (!affine) continue;
      parts.arrays[0].frame?.affine.flat().forEach((value, at) => {
        expect(Math.abs(value - affine.flat()[at])).toBeLessThan(1e-4);
      });
    }
  },
);

describe.skipIf(!mirror)('files as programs write them', () => {
  test('NIfTI-1 with two volumes and a scale, as nibabel has it', async () => {
    const parts = await bench.read('nifti', zoo('nifti/example4d.nii.gz'));
    const [array] = parts.arrays;
    expect([array.shape, array.dtype, array.axes]).toEqual([[128, 96, 24, 2], 'i2', ['rl', 'pa', 'vd', 'time']]);
    // nibabel.load(…).affine
    expect(array.frame?.affine[0].map((value) => Math.round(value * 1e4) / 1e4)).toEqual([-2, 0, 0, 117.8551]);
    expect(array.frame).toMatchObject({ space: 'scanner', axes: 'RAS', unit: 'mm' });
  });

  test('NIfTI-2, an anatomical image, and a file of 143 bytes', async () => {
    expect((await bench.read('nifti', zoo('nifti/example_nifti2.nii.gz'))).arrays[0].shape).toEqual([32, 20, 12, 2]);
    expect((await bench.read('nifti', zoo('nifti/anatomical.nii'))).arrays[0].shape).toEqual([33, 41, 25]);
    const { arrays, warnings } = await bench.read('nifti', zoo('nifti/neuroglancer_standard.nii.gz'));
    expect(arrays[0].shape).toEqual([4, 5, 7]);
    expect(warnings.join(' ')).toContain('unit of its lengths is not stated');
  });

  test('CIFTI-2: a matrix between grayordinates', async () => {
    const parts = await bench.read('nifti', zoo('cifti/row_major.dconn.nii'));
    const [array] = parts.arrays;
    expect(array.axes).toEqual(['grayordinate', 'grayordinate_2']);
    const [first] = parts.tables;
    expect([first.name, first.rows]).toEqual(['grayordinate', array.shape[0]]);
  });

  test('FreeSurfer: four frames', async () => {
    const parts = await bench.read('mgh', zoo('mgh/test.mgz'));
    expect([parts.arrays[0].shape, parts.arrays[0].axes]).toEqual([
      [3, 4, 5, 2],
      ['vd', 'pa', 'lr', 'frame'],
    ]);
  });

  test('the atlas of the mouse as NIfTI and as NRRD holds the same 670 labels', async () => {
    const counts = async (format: string, file: string) => {
      const { data } = bench.array(await bench.read(format, path.join(mirror ?? '', 'mouse-ccfv3-50um', file)));
      const found = new Map<number, number>();
      // Labels lie in runs: one look-up a run.
      for (let at = 0, from = 0; at < data.length; from = at) {
        while (at < data.length && data[at] === data[from]) at++;
        found.set(Number(data[from]), (found.get(Number(data[from])) ?? 0) + at - from);
      }
      return [...found].sort(([a], [b]) => a - b);
    };
    const nrrd = await counts('nrrd', 'annotation.nrrd');
    expect(nrrd).toHaveLength(671);
    expect(await counts('nifti', 'annotation.nii.gz')).toEqual(nrrd);
  });
});

describe('what is no volume, or not all of one, is refused for what it is', () => {
  const whole = niftiFile({ sizes: [2, 3, 4], voxels: new Uint8Array(24) });

  test.each<[string, Buffer, string, RegExp]>([
    ['cut off', whole.subarray(0, 370), 'corrupt', /cut\.nii.* ends early: 2 × 3 × 4 voxels take 24 bytes/],
    ['cut off within its header', whole.subarray(0, 100), 'bad-input', /no NIfTI file/],
    ['of another kind', niftiFile({ sizes: [2], magic: 'xyz\0' }), 'bad-input', /no NIfTI file/],
    ['one of a pair', niftiFile({ sizes: [2], magic: 'ni1\0' }), 'bad-input', /pair/],
    [
      'of 10¹² voxels',
      niftiFile({ sizes: [10000, 10000, 10000] }),
      'too-large',
      /10000 × 10000 × 10000 voxels, 1\.00e\+3 GB/,
    ],
    ['of a billion voxels in a few bytes', niftiFile({ sizes: [1000, 1000, 900] }), 'corrupt', /ends early/],
    ['of negative size', niftiFile({ sizes: [-2, 3, 4] }), 'bad-input', /claims -2 × 3 × 4 voxels/],
    ['with eight axes', niftiFile({ sizes: [1, 1, 1, 1, 1, 1, 1, 1] }), 'corrupt', /8 axes/],
    ['of bits', niftiFile({ sizes: [2, 3, 4], type: 1 }), 'bad-input', /single bits/],
    [
      'whose voxels begin in its header',
      niftiFile({ sizes: [2], offset: 12 }),
      'corrupt',
      /byte 12, inside its header/,
    ],
  ])('a NIfTI file %s', async (_, bytes, code, message) => {
    for (const name of ['cut.nii', 'cut.nii.gz']) {
      const error = await bench.refusal('nifti', bench.file(name, name.endsWith('gz') ? gzipSync(bytes) : bytes));
      expect(error.message).toMatch(message);
      expect([error.code, typeof error.next]).toEqual([code, 'string']);
    }
  });

  test('gzip that was cut, and gzip that would fill a disk', async () => {
    const cut = gzipSync(
      niftiFile({ sizes: [50, 50, 50], voxels: Buffer.from(Array.from({ length: 125_000 }, (_, i) => (i * i) % 251)) }),
    );
    const error = await bench.refusal('nifti', bench.file('cut.nii.gz', cut.subarray(0, cut.length / 2)));
    expect([error.code, error.message]).toEqual([
      'corrupt',
      expect.stringContaining('cut.nii.gz is damaged or ends early'),
    ]);
    // What follows the voxels is not even inflated.
    const bomb = gzipSync(
      Buffer.concat([niftiFile({ sizes: [2, 2, 2], voxels: new Uint8Array(8) }), Buffer.alloc(5e6)]),
    );
    expect((await bench.read('nifti', bench.file('bomb.nii.gz', bomb))).arrays[0].shape).toEqual([2, 2, 2]);
  });

  const header = (more: string) => `NRRD0004\ntype: uint8\ndimension: 3\nsizes: 2 2 2\nencoding: raw\n${more}`;

  test('a detached NRRD file is read beside its header and nowhere else', async () => {
    bench.file('values.raw', Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7));
    const beside = await bench.read('nrrd', bench.file('one.nhdr', header('data file: values.raw\n')));
    expect([...bench.array(beside).data]).toEqual([0, 4, 2, 6, 1, 5, 3, 7]);
    expect(beside.files?.map((file) => path.basename(file))).toEqual(['one.nhdr', 'values.raw']);
    for (const place of ['../values.raw', '/etc/passwd', path.join(bench.folder, 'values.raw')]) {
      const error = await bench.refusal('nrrd', bench.file('in/one.nhdr', header(`data file: ${place}\n`)));
      expect([error.code, error.message]).toEqual(['not-allowed', expect.stringContaining('outside its own folder')]);
    }
    for (const place of ['LIST', 'slice%03d.raw 1 2 1']) {
      const error = await bench.refusal('nrrd', bench.file('one.nhdr', header(`data file: ${place}\n`)));
      expect(error.message).toContain('series of files');
    }
  });

  test.each<[string, string, string, RegExp]>([
    ['ends early', `${header('')}\nabc`, 'corrupt', /ends early/],
    ['is compressed in another way', header('').replace('raw', 'bzip2'), 'bad-input', /encoding 'bzip2'/],
    ['holds blocks', header('').replace('uint8', 'block'), 'bad-input', /type 'block'/],
    ['has lengths that do not fit its axes', header('').replace('2 2 2', '2 2'), 'corrupt', /3 axes and gives 2/],
    [
      'does not say its byte order',
      `${header('').replace('uint8', 'short')}\n${'x'.repeat(16)}`,
      'corrupt',
      /byte order/,
    ],
    ['has no type', header('').replace(/type.*\n/, ''), 'corrupt', /no field 'type'/],
    ['claims too much', header('').replace('2 2 2', '99999 99999 99999'), 'too-large', /GB are read/],
    ['holds words', `${header('').replace('raw', 'text')}\n1 2 3 four 5 6 7 8 ....`, 'corrupt', /other than numbers/],
  ])('an NRRD file that %s', async (_, text, code, message) => {
    const error = await bench.refusal('nrrd', bench.file('one.nrrd', text));
    expect(error.message).toMatch(message);
    expect(error.code).toBe(code);
  });
});
