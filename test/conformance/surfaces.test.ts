import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FormatBench, formatBench } from '../fixtures/formats.ts';

let bench: FormatBench;
beforeAll(async () => {
  bench = await formatBench();
});
afterAll(() => bench.close());

const mirror = process.env.BREGMA_MIRROR;
const zoo = (name: string) => path.join(mirror ?? '', 'formats-zoo', name);
const python = process.env.BREGMA_REFERENCE_PYTHON;
const formatOf: Record<string, string> = {
  g: 'gifti',
  s: 'freesurfer-surface',
  c: 'freesurfer-map',
  a: 'freesurfer-annot',
  t: 'trk',
  k: 'tck',
};
const seed = 20_261_126;
type Nested = number | Nested[];
const flat = (values: Nested): number[] => [values].flat(9) as number[];

test.skipIf(!python)(
  `surfaces, labels and streamlines are what nibabel reads, seed ${seed} (skipped without BREGMA_REFERENCE_PYTHON)`,
  async () => {
    execFileSync(python ?? '', ['test/reference/surfaces.py', bench.folder, String(seed), '60'], { stdio: 'pipe' });
    const listed = JSON.parse(readFileSync(path.join(bench.folder, 'listed.json'), 'utf8'));
    expect(listed).toHaveLength(120);
    for (const { file, arrays } of listed as { file: string; arrays: Record<string, Nested> }[]) {
      const parts = await bench.read(formatOf[file[0]], file);
      const column = async (table: string, order: string, name: string) =>
        (await bench.rows(parts, table, order)).map((row) => Number(row[name]));
      for (const [name, values] of Object.entries(arrays)) {
        if (parts.arrays.length > 0) {
          expect([file, name, [...bench.array(parts, name).data].map(Number)]).toEqual([file, name, flat(values)]);
          continue;
        }
        const order = 'streamline, position';
        const found =
          name === 'points'
            ? (await bench.rows(parts, 'points', order)).flatMap(({ x, y, z }) => [Number(x), Number(y), Number(z)])
            : name === 'counts'
              ? await column('streamlines', 'streamline', 'points')
              : name === 'fa'
                ? await column('points', order, name)
                : await column('streamlines', 'streamline', name);
        const expected = flat(values);
        expect([file, name, found.length]).toEqual([file, name, expected.length]);
        // nibabel moves points in single precision.
        found.forEach((value, at) => {
          expect(Math.abs(value - expected[at])).toBeLessThan(1e-3);
        });
      }
    }
  },
);

describe.skipIf(!mirror)('files as programs write them', () => {
  test('GIFTI: a surface in text, labels of FreeSurfer, and labels with a table', async () => {
    const ascii = await bench.read('gifti', zoo('gifti/ascii.gii'));
    expect(ascii.arrays.map(({ name, shape, axes }) => [name, shape, axes])).toEqual([
      ['pointset', [3, 3], ['vertex', 'xyz']],
      ['triangle', [1, 3], ['triangle', 'corner']],
    ]);
    const aparc = await bench.read('gifti', zoo('gifti/rh.aparc.annot.gii'));
    expect([aparc.arrays[0].name, aparc.tables[0].name]).toEqual(['label', 'labels']);
    const label = await bench.read('gifti', zoo('gifti/label.gii'));
    expect(label.tables[0].rows).toBeGreaterThan(1);
  });

  test('SWC: three neurons of the hemibrain, whose unit is not stated', async () => {
    for (const id of ['754538881', '754534424', '1734350908']) {
      const file = zoo(`swc/${id}.swc`);
      const { tables, warnings } = await bench.read('swc', file);
      const nodes = readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => /^\s*\d/.test(line));
      expect(tables[0].rows).toBe(nodes.length);
      expect(warnings.join(' ')).toContain('unit of its lengths is not stated');
    }
  });

  test('streamlines of TrackVis and of MRtrix are the same', async () => {
    const [trk, tck] = [
      await bench.read('trk', zoo('tracks/standard.trk')),
      await bench.read('tck', zoo('tracks/standard.tck')),
    ];
    const [a, b] = [
      await bench.rows(trk, 'points', 'streamline, position'),
      await bench.rows(tck, 'points', 'streamline, position'),
    ];
    expect(trk.tables[0].rows).toBe(120);
    expect(a).toHaveLength(b.length);
  });
});

describe('what is damaged is refused for what it is', () => {
  const gii = (data: string, more = '') =>
    `<?xml version="1.0"?><GIFTI Version="1.0" NumberOfDataArrays="1"><DataArray Intent="NIFTI_INTENT_LABEL" DataType="NIFTI_TYPE_INT32" ArrayIndexingOrder="RowMajorOrder" Dimensionality="1" Dim0="2" Encoding="ASCII" Endian="LittleEndian" ${more}><Data>${data}</Data></DataArray></GIFTI>`;

  test.each<[string, string, string, string | Uint8Array, RegExp]>([
    ['GIFTI cut off', 'gifti', 'a.gii', gii('1 2').slice(0, -20), /a\.gii cannot be read: its XML/],
    ['GIFTI with too few values', 'gifti', 'a.gii', gii('1'), /1 numbers where 2 are claimed/],
    ['GIFTI with words', 'gifti', 'a.gii', gii('1 two'), /not a list of numbers/],
    ['GIFTI with half numbers for whole ones', 'gifti', 'a.gii', gii('1 2.5'), /2\.5 is no whole number/],
    [
      'GIFTI of 10¹² values',
      'gifti',
      'a.gii',
      gii('1 2').replace('Dim0="2"', 'Dim0="1000000000000"'),
      /1000000000000 voxels/,
    ],
    [
      'GIFTI with its values elsewhere',
      'gifti',
      'a.gii',
      gii('', 'ExternalFileName="/etc/passwd"').replace('"ASCII"', '"ExternalFileBinary"'),
      /outside its own folder/,
    ],
    ['XML that is no GIFTI', 'gifti', 'a.gii', '<svg></svg>', /XML of 'svg'/],
    [
      'a surface with a corner that is no vertex',
      'freesurfer-surface',
      'a.white',
      surface(1, 7),
      /corner 7, and there are 3/,
    ],
    ['a surface cut off', 'freesurfer-surface', 'a.white', surface(1, 2).subarray(0, 40), /ends early/],
    ['a surface with more than it holds', 'freesurfer-surface', 'a.white', surface(2 ** 30, 2), /ends early/],
    ['an annotation that is cut off', 'freesurfer-annot', 'a.annot', Uint8Array.of(0, 0, 0, 9, 0), /ends early/],
    [
      'SWC with a parent that is not there',
      'swc',
      'a.swc',
      '1 1 0 0 0 1 -1\n2 3 0 0 0 1 9\n',
      /line 2: node 2 follows node 9/,
    ],
    ['SWC with a circle', 'swc', 'a.swc', '1 1 0 0 0 1 2\n2 3 0 0 0 1 1\n', /circle/],
    ['SWC with an id twice', 'swc', 'a.swc', '1 1 0 0 0 1 -1\n1 3 0 0 0 1 1\n', /node 1 is there twice/],
    ['SWC with a word for a number', 'swc', 'a.swc', '# x\n1 1 0 zero 0 1 -1\n', /line 2: '1 1 0 zero/],
    ['TrackVis cut off in its header', 'trk', 'a.trk', 'TRACK', /no TrackVis file/],
    ['MRtrix without its end', 'tck', 'a.tck', tck([1, 2, 3]), /three infinities/],
    [
      'MRtrix whose points are elsewhere',
      'tck',
      'a.tck',
      tck([1, 2, 3]).toString('latin1').replace('. 67', 'b 67'),
      /its points are at/,
    ],
  ])('%s', async (_, format, name, bytes, message) => {
    const error = await bench.refusal(format, bench.file(name, bytes));
    expect(error.message).toMatch(message);
    expect(error.next).toBeTruthy();
  });
});

/** A surface of three vertices with one triangle, whose last corner is given. */
function surface(triangles: number, corner: number): Buffer {
  const head = Buffer.concat([Buffer.from([0xff, 0xff, 0xfe]), Buffer.from('made by a test\n\n')]);
  const body = Buffer.alloc(8 + 36 + 12);
  body.writeInt32BE(3, 0);
  body.writeInt32BE(triangles, 4);
  body.writeInt32BE(corner, 52);
  return Buffer.concat([head, body]);
}

function tck(values: number[]): Buffer {
  const head = 'mrtrix tracks\ndatatype: Float32LE\ncount: 1\nfile: . 67\nEND\n'.padEnd(67, '\n');
  return Buffer.concat([Buffer.from(head), Buffer.from(Float32Array.from(values).buffer)]);
}
