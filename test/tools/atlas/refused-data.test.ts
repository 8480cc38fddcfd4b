import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { writeNpy } from '@bregma/core/npy';
import { makeRandom } from '@bregma/core/statistics/random';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect, temporaryWorkspace } from '../../fixtures/client.ts';
import { image } from '../../fixtures/image.ts';

const space = temporaryWorkspace();
const empty = path.join(space.folder, 'empty-mirror');
let atlas: Connection;
beforeAll(async () => {
  mkdirSync(empty, { recursive: true });
  atlas = await connect('atlas', space.folder, { env: { BREGMA_MIRROR: empty } });
});
afterAll(async () => {
  await atlas.close();
  space.remove();
});

/** Writes a file into the workspace and gives its relative name. */
function file(name: string, bytes: string | Uint8Array): string {
  const full = path.join(space.folder, name);
  mkdirSync(path.dirname(full), { recursive: true });
  writeFileSync(full, bytes);
  return name;
}

const added = async () =>
  (await atlas.call('find_data', { limit: 100 })).value.datasets
    .filter((row: { added: boolean }) => row.added)
    .map((row: { dataset: string }) => row.dataset);
const random = makeRandom(5);
const responses = (shape: number[]) =>
  writeNpy({ data: Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()), shape });

describe('what cannot be read is refused with its name and the next step, and nothing is added', () => {
  const zip = (files: Record<string, Uint8Array>) => zipSync(files);
  const good = () => file('good.npy', responses([2, 2]));
  const stimuli = (source: string, other = good()) => ({
    source: 'bad',
    id: 'bad',
    format: 'stimulus-response',
    options: { stimuli: source, responses: other },
  });
  const cases: [string, () => Record<string, unknown>, RegExp][] = [
    ['a CSV with ragged rows', () => ({ source: file('ragged.csv', 'a,b\n1,2\n3\n4,5,6\n') }), /ragged\.csv/],
    ['a CSV with a NUL byte', () => ({ source: file('nul.csv', 'a,b\n1,2\n3,\0\n') }), /NUL byte in line 3/],
    ['a gzip that is none', () => ({ source: file('not.csv.gz', 'a,b\n1,2\n') }), /not\.csv\.gz cannot be read/],
    [
      'a Parquet file cut short',
      () => ({ source: file('cut.parquet', 'PAR1 nothing') }),
      /cut\.parquet is no readable Parquet/,
    ],
    [
      'an Excel file that is none',
      () => ({ source: file('no.xlsx', 'hello') }),
      /no\.xlsx is no XLSX workbook: it is text/,
    ],
    ['an NPY file that is none', () => ({ source: file('no.npy', 'hello world') }), /no\.npy is no NPY file/],
    [
      'an NPY file cut short',
      () => ({ source: file('cut.npy', responses([10, 10]).subarray(0, 400)) }),
      /cut\.npy ends early/,
    ],
    [
      'an NPY file with a shape that no memory holds',
      () => ({
        source: file(
          'huge.npy',
          Buffer.from(
            Buffer.from(responses([2, 2]))
              .toString('latin1')
              .replace('(2, 2), }', '(99999999999, 99999999999), }')
              .slice(0, 150),
            'latin1',
          ),
        ),
      }),
      /huge\.npy/,
    ],
    [
      'an NPY file of pickled objects',
      () => ({
        source: file(
          'object.npy',
          Buffer.from(
            `\x93NUMPY\x01\x00\x46\x00{'descr': '|O', 'fortran_order': False, 'shape': (1,), }              \n`,
            'latin1',
          ),
        ),
      }),
      /pickled Python objects \(type '\|O'\)/,
    ],
    ['a zip that is none', () => stimuli(file('bad.zip', 'not a zip')), /bad\.zip is no readable zip/],
    ['a zip without images', () => stimuli(file('none.zip', zip({ 'a.txt': new Uint8Array(3) }))), /holds no image/],
    [
      'a zip cut short',
      () => stimuli(file('cut.zip', zip({ '1.png': image('png', 9), '2.png': image('png', 9) }).subarray(0, 60))),
      /cut\.zip/,
    ],
    [
      'a damaged JPEG',
      () => stimuli(file('jpg.zip', zip({ '1.jpg': image('jpg', 9).subarray(0, 40), '2.jpg': image('jpg', 9) }))),
      /image 1\.jpg cannot be decoded/,
    ],
    [
      'a damaged PNG',
      () => stimuli(file('png.zip', zip({ '1.png': image('png', 9), '2.png': image('png', 9).subarray(0, 50) }))),
      /image 2\.png cannot be decoded/,
    ],
    [
      'images of two sizes',
      () => stimuli(file('sizes.zip', zip({ '1.png': image('png', 9, 8), '2.png': image('png', 9, 16) }))),
      /2\.png is 16 × 16, 1\.png is 8 × 8/,
    ],
    [
      'more images than columns',
      () =>
        stimuli(
          file('three.zip', zip({ '1.png': image('png', 1), '2.png': image('png', 2), '3.png': image('png', 3) })),
        ),
      /3 images \(1\.png to 3\.png\), good\.npy has 2 columns/,
    ],
    [
      'responses that are a vector',
      () => stimuli(file('one.zip', zip({ '1.png': image('png', 1) })), file('vector.npy', responses([5]))),
      /shape \[5\]/,
    ],
    [
      'responses that are infinite',
      () =>
        stimuli(
          file('two.zip', zip({ '1.png': image('png', 1), '2.png': image('png', 2) })),
          file('inf.npy', writeNpy({ data: Float64Array.of(1, 2, Infinity, 4), shape: [2, 2] })),
        ),
      /infinite response at \[1, 0\]/,
    ],
    [
      'responses of 64 bits that a number would round',
      () =>
        stimuli(
          file('wide.zip', zip({ '1.png': image('png', 1), '2.png': image('png', 2) })),
          file('wide.npy', writeNpy({ data: BigInt64Array.of(1n, 2n, 3n, 2n ** 53n + 1n), shape: [2, 2] })),
        ),
      /wide\.npy holds 9007199254740993 at \[1, 1\].*last digits/,
    ],
    [
      'and responses to stimulation likewise',
      () => ({
        source: 'causal',
        format: 'causal-responses',
        options: {
          responses: file(
            'ids.npy',
            writeNpy({ data: BigInt64Array.of(0n, -(2n ** 53n) - 1n, 3n, 0n), shape: [2, 2] }),
          ),
          neurons: file('ids.csv', 'name\na\nb\n'),
        },
      }),
      /ids\.npy holds -9007199254740993 at \[0, 1\]/,
    ],
    ['options that are missing', () => ({ source: 'x', format: 'stimulus-response', options: {} }), /options\.stimuli/],
    [
      'an option that does not exist',
      () => ({ source: file('o.csv', 'a\n1\n'), options: { delimeter: ';' } }),
      /no option 'delimeter'/,
    ],
    [
      'a format that does not exist',
      () => ({ source: file('f.csv', 'a\n1\n'), format: 'parket' }),
      /Did you mean parquet/,
    ],
    ['a folder that has a file’s name', () => ({ source: path.dirname(file('folder.csv/x.txt', 'a')) }), /folder\.csv/],
    [
      'a file of an unknown kind',
      () => ({ source: file('notes.docx', 'hello') }),
      /notes\.docx.*connectome, csv, flywire,.* npy,.* parquet/,
    ],
    ['an id that is no id', () => ({ source: file('own2.csv', 'a\n1\n'), id: '../own' }), /cannot be a data set's id/],
    ['an empty file', () => ({ source: file('nothing.csv', '') }), /nothing\.csv is empty/],
    ['a file that is not there', () => ({ source: 'nowhere.csv' }), /neither a registered data set nor a file/],
    ['a registered id with a slip', () => ({ source: 'celegans-cook2091' }), /Did you mean celegans-cook2019/],
    [
      'an id that a registered data set has',
      () => ({ source: file('own.csv', 'a\n1\n'), id: 'flywire-v783' }),
      /registered data set/,
    ],
    [
      'a kind that does not exist',
      () => ({ source: file('k.csv', 'a\n1\n'), options: { kind: 'guessed' } }),
      /measured, derived/,
    ],
    ['data with terms that nobody agreed to', () => ({ source: 'flywire-v783' }), /non-commercial/],
  ];
  test.each(cases)('%s', async (_, request, message) => {
    const before = await added();
    const error = await atlas.fail('add_data', request());
    expect(`${error.message} ${error.next ?? ''}`).toMatch(message);
    expect(await added()).toEqual(before);
  });

  test('terms are shown before the data are fetched, with how to agree to them', async () => {
    const error = await atlas.fail('add_data', { source: 'flywire-v783' });
    expect(error).toMatchObject({ code: 'needs-agreement', next: expect.stringContaining('agree: true') });
    expect(error.message).toContain('codex.flywire.ai');
  });

  test('a mirror file with other bytes than the pinned ones is refused and named', async () => {
    const wrong = path.join(empty, 'macaque-v4-cowley2023/images_190923.zip');
    mkdirSync(path.dirname(wrong), { recursive: true });
    writeFileSync(wrong, 'not the images');
    const error = await atlas.fail('add_data', { source: 'macaque-v4-190923' });
    expect(error.code).toBe('corrupt');
    expect(error.message).toMatch(/images_190923\.zip from the mirror has sha256 .* pinned to e99a4df1c7476bdc/);
    expect(error.next).toContain(wrong);
  });
});
