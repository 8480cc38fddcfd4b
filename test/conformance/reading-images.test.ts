import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BregmaError } from '@bregma/core/errors';
import { parseNpy, writeNpy } from '@bregma/core/npy';
import { type OpenWorkspace, openWorkspace } from '@bregma/core/workspace';
import type { Duck } from '@bregma/readers/duck';
import { readFileSql } from '@bregma/readers/sql-text';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FormatKit, Parts } from '../../mcp-servers/atlas/src/formats/format.ts';
import { npy } from '../../mcp-servers/atlas/src/formats/npy.ts';
import { stimulusResponse } from '../../mcp-servers/atlas/src/formats/stimulus-response.ts';
import { decodeImage } from '../../mcp-servers/atlas/src/read/images/decode.ts';
import { over } from '../../mcp-servers/atlas/src/read/images/pixels.ts';
import { openDuck } from '../../mcp-servers/atlas/src/read/open-duck.ts';
import { root } from '../fixtures/client.ts';
import { image } from '../fixtures/image.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'bregma-images-'));
let workspace: OpenWorkspace;
let kit: FormatKit;
let duck: Duck;
beforeAll(async () => {
  workspace = openWorkspace(folder);
  duck = await openDuck(workspace.objects, new AbortController().signal, { also: [folder] });
  kit = {
    objects: workspace.objects,
    duck,
    signal: new AbortController().signal,
    progress: () => {},
    resolve: (file) => path.resolve(folder, file),
  };
});
afterAll(() => {
  duck.close();
  workspace.close();
  rmSync(folder, { recursive: true, force: true });
});

function file(name: string, bytes: Uint8Array | string): string {
  const full = path.join(folder, name);
  mkdirSync(path.dirname(full), { recursive: true });
  writeFileSync(full, bytes);
  return full;
}
const read = (stimuli: string, responses: string, options: Record<string, unknown> = {}) =>
  stimulusResponse.read('', { stimuli, responses, ...options }, kit);
const refusal = (working: Promise<Parts>): Promise<BregmaError> =>
  working.then(
    (parts) => Promise.reject(new Error(`was read: ${parts.warnings.join(' ')}`)),
    (error) => error,
  );
const measured = (columns: number, neurons = 2) =>
  file(
    `responses-${neurons}x${columns}.npy`,
    writeNpy({
      data: Float64Array.from({ length: neurons * columns }, (_, i) => i),
      shape: [neurons, columns],
    }),
  );
const stackOf = (parts: Parts) => parseNpy(workspace.objects.get(parts.arrays[0].object));
/** First red value of each image. */
const brightness = (parts: Parts) => {
  const { data, shape } = stackOf(parts);
  return Array.from({ length: shape[0] }, (_, i) => Number(data[i * (data.length / shape[0])]));
};
const table = (parts: Parts, name: string) => {
  const found = parts.tables.find((one) => one.name === name);
  return duck.rows(`SELECT * FROM ${readFileSql('parquet', workspace.objects.pathOf(found?.object ?? ''))}`);
};
const zipOf = (entries: Record<string, Uint8Array>, name = 'set.zip') => file(name, zipSync(entries));
const pngs = (...names: string[]) => Object.fromEntries(names.map((name, i) => [name, image('png', 10 * (i + 1))]));

const cases = path.join(root, '../shared/cases/data-in');
if (!existsSync(cases)) console.log('Skipped without ../shared/cases: the inputs that were once read wrongly.');
describe.skipIf(!existsSync(cases))('an input that was once read wrongly', () => {
  test.each([
    ['img-order-decimal', [10, 30, 50, 70, 90, 110]],
    ['img-order-folders', [110, 120, 130, 210, 220, 230]],
    ['img-order-signed', [0, 30, 60, 90, 120]],
    ['img-order-size', [20, 40, 60, 200, 220]],
    ['img-order-suffix', [20, 40, 60, 200, 220]],
  ])('%s stands in the order of its names', async (name, right) => {
    const parts = await read(path.join(cases, name, 'images.zip'), path.join(cases, name, 'responses.npy'));
    expect(brightness(parts)).toEqual(right);
    expect(parts.warnings[0]).toMatch(/^Order of the images: natural order of the names; first .*, second .*, last /);
  });

  test('rgb-jpeg has the colours that Pillow sees', async () => {
    const parts = await read(path.join(cases, 'rgb-jpeg/images.zip'), path.join(cases, 'rgb-jpeg/responses.npy'));
    expect([...stackOf(parts).data.subarray(0, 3)]).toEqual([121, 131, 193]);
  });

  test('alpha-png is laid over a grey that is said and can be chosen', async () => {
    const [stimuli, responses] = ['images.zip', 'responses.npy'].map((name) => path.join(cases, 'alpha-png', name));
    const parts = await read(stimuli, responses);
    expect(parts.warnings.join(' ')).toMatch(/transparent pixels: they were laid over \[128, 128, 128\], mid grey/);
    const over255 = await read(stimuli, responses, { background: 255 });
    expect(over255.warnings.join(' ')).toContain('[255, 255, 255]');
    expect(Buffer.compare(Buffer.from(stackOf(parts).data.buffer), Buffer.from(stackOf(over255).data.buffer))).not.toBe(
      0,
    );
  });

  test('ok-object-npy is refused with what it holds and what to do', async () => {
    const error = await refusal(npy.read(path.join(cases, 'ok-object-npy/stat.npy'), {}, kit));
    expect(error.message).toContain('pickled Python objects');
    expect(error.next).toContain('allow_pickle=True');
  });
});

const python = process.env.BREGMA_REFERENCE_PYTHON;
if (!python) console.log('Skipped without BREGMA_REFERENCE_PYTHON: comparison of pixels with Pillow.');
describe.skipIf(!python)('pixels are those that Pillow sees', () => {
  const seed = Number(process.env.BREGMA_SEED ?? Date.now() % 1e6);
  const made = path.join(folder, 'pillow');
  let kinds: Record<string, string> = {};
  beforeAll(() => {
    mkdirSync(made);
    console.log(`images drawn with BREGMA_SEED=${seed}`);
    execFileSync(python ?? '', [path.join(root, 'test/reference/images.py'), made, String(seed)], { stdio: 'inherit' });
    kinds = JSON.parse(readFileSync(path.join(made, 'kinds.json'), 'utf8'));
  });

  /** Largest difference of each kind of image, in grey levels, or why one was refused. */
  async function differences(form: string): Promise<Record<string, unknown>> {
    const worst: Record<string, unknown> = {};
    for (const [name, kind] of Object.entries(kinds).filter(([, kind]) => kind.startsWith(form))) {
      const right = parseNpy(readFileSync(path.join(made, `${name}.npy`)));
      const look = { turn: true, levels: kind.endsWith('levels') ? ([0, 1] as const) : undefined };
      const { pixels } = await decodeImage(readFileSync(path.join(made, name)), name, 'set', look);
      expect([pixels.height, pixels.width, 3], name).toEqual(right.shape);
      const ours = over(pixels, [128, 128, 128]);
      const most = ours.reduce((worst, value, i) => Math.max(worst, Math.abs(value - Number(right.data[i]))), 0);
      worst[kind] = Math.max(Number(worst[kind] ?? 0), most);
    }
    return worst;
  }

  test('JPEG: every quality and sampling, progressive, Adobe RGB, CMYK, YCCK, grey with ICC, turned by EXIF: within 1', async () => {
    const found = await differences('jpeg');
    expect(Object.keys(found)).toContain('jpeg YCCK');
    expect(Object.entries(found).filter(([, most]) => Number(most) > 1)).toEqual([]);
  });

  test('TIFF, GIF, BMP and WebP: every packing, depth, order and palette: exactly, and within 1 under transparency', async () => {
    for (const [form, least] of [
      ['tiff', 40],
      ['gif', 5],
      ['bmp', 8],
      ['webp', 8],
    ] as const) {
      const found = await differences(form);
      expect(Object.keys(found).length).toBeGreaterThan(least);
      const allowed = (kind: string) => (/alpha|clear/.test(kind) ? 1 : 0);
      expect(Object.entries(found).filter(([kind, most]) => Number(most) > allowed(kind))).toEqual([]);
    }
  });

  test('an animated WebP is no picture, and the answer says what to save', async () => {
    const moving = decodeImage(readFileSync(path.join(made, 'moving.webp')), 'moving.webp', 'set', { turn: true });
    await expect(moving).rejects.toThrow(/is an animation: save the picture that was shown as PNG/);
  });

  test('the beginning of a file of four components is not read as the whole', async () => {
    const name = Object.keys(kinds).find((one) => one.startsWith('cmykprog-33')) ?? '';
    const whole = readFileSync(path.join(made, name));
    for (let length = 0; length < whole.length; length += 97)
      await expect(decodeImage(whole.subarray(0, length), name, 'set', { turn: true })).rejects.toMatchObject({
        code: 'corrupt',
      });
  });

  test('PNG: every colour type and depth, interlaced or not: exactly, and within 1 under transparency', async () => {
    const found = await differences('png');
    expect(Object.keys(found).length).toBeGreaterThan(20);
    const allowed = (kind: string) => (/alpha|key/.test(kind) ? 1 : 0);
    expect(Object.entries(found).filter(([kind, most]) => Number(most) > allowed(kind))).toEqual([]);
  });
});

describe('damage is told, never filled', () => {
  test('a zip that claims to unpack to far more than its bytes can hold is refused before it is', async () => {
    const bytes = Buffer.from(zipSync(pngs('a.png', 'b.png')));
    // Length of the first file, as the directory says: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3.12.
    bytes.writeUInt32LE(50_000_000, bytes.indexOf('PK\x01\x02') + 24);
    const refused = await refusal(read(file('bomb.zip', bytes), measured(2)));
    expect([refused.code, refused.message]).toEqual(['too-large', expect.stringContaining('a.png')]);
  });

  test.skipIf(!python)(
    'the beginning of a TIFF, GIF, BMP or WebP is not read as the whole, and a changed byte ends in a picture or a refusal',
    async () => {
      const tiffs = ['rgb-tiff_lzw', 'tilez-little', 'rgb-packbits', 'rgb-zstd'].map((name) => `${name}-8x8.tif`);
      const webps = ['lossy60', 'lossless', 'alpha'].map((name) => `${name}-8x8.webp`);
      for (const name of [...tiffs, ...webps, 'plain-8x8.gif', 'rgb-8x8.bmp', 'rle8-8x8.bmp']) {
        const whole = readFileSync(path.join(folder, 'pillow', name));
        const { pixels } = await decodeImage(whole, name, 'set', { turn: true });
        for (let length = 0; length < whole.length; length += 5) {
          const part = decodeImage(whole.subarray(0, length), name, 'set', { turn: true });
          // What stands behind the last pixel may be missing.
          const read = await part.catch((error: BregmaError) => error.code);
          if (typeof read !== 'string') expect(read.pixels, name).toEqual(pixels);
          else expect(['corrupt', 'too-large']).toContain(read);
        }
        for (let at = 0; at < whole.length; at++) {
          const changed = Buffer.from(whole);
          changed[at] ^= 1 << (at % 8);
          const read = await decodeImage(changed, name, 'set', { turn: true }).catch(
            (error: BregmaError) => error.code,
          );
          expect(typeof read === 'object' || ['corrupt', 'too-large'].includes(read), `${name} ${at} ${read}`).toBe(
            true,
          );
        }
      }
    },
  );

  test.each(['png', 'jpg'] as const)('the beginning of a %s file is not read as the whole', async (kind) => {
    const whole = Buffer.from(image(kind, 77, 24));
    await decodeImage(whole, 'whole', 'set', { turn: true });
    const read: number[] = [];
    for (let length = 0; length < whole.length; length += 7)
      await decodeImage(whole.subarray(0, length), 'part', 'set', { turn: true }).then(
        () => read.push(length),
        (error: BregmaError) => {
          expect(['corrupt', 'too-large']).toContain(error.code);
          expect(error.message).toContain('part');
        },
      );
    expect(read).toEqual([]);
  });

  test('a PNG with any changed byte is refused, or is the same picture', async () => {
    const whole = Buffer.from(image('png', 77, 16));
    const { pixels } = await decodeImage(whole, 'whole', 'set', { turn: true });
    for (let at = 0; at < whole.length; at++) {
      const changed = Buffer.from(whole);
      changed[at] ^= 1 << (at % 8);
      const decoded = await decodeImage(changed, 'changed', 'set', { turn: true }).catch(() => undefined);
      if (decoded) expect(decoded.pixels).toEqual(pixels);
    }
  });

  test('a header that claims more than the data hold is refused before anything is decoded', async () => {
    const tall = Buffer.from(image('png', 1));
    tall.writeUInt32BE(120_000, 20);
    await expect(decodeImage(tall, 'tall.png', 'set', { turn: true })).rejects.toMatchObject({ code: 'too-large' });
    const jpeg = Buffer.from(image('jpg', 1));
    jpeg.writeUInt16BE(60_000, jpeg.indexOf(Buffer.from([0xff, 0xc0])) + 5);
    await expect(decodeImage(jpeg, 'tall.jpg', 'set', { turn: true })).rejects.toMatchObject({ code: 'too-large' });
  });

  test('files of a zip that share their bytes are refused', async () => {
    const honest = Buffer.from(zipSync(pngs('a1.png', 'a2.png')));
    const second = honest.indexOf(
      Buffer.from('PK\x01\x02', 'latin1'),
      honest.indexOf(Buffer.from('PK\x01\x02', 'latin1')) + 1,
    );
    honest.writeUInt32LE(0, second + 42);
    const error = await refusal(read(file('overlap.zip', honest), measured(2)));
    expect([error.code, error.message]).toEqual(['corrupt', expect.stringContaining('share bytes')]);
  });

  test.skipIf(process.platform === 'win32')('a pipe is refused at once, wherever a file is named', async () => {
    const pipe = path.join(folder, 'pipe.npy');
    execFileSync('mkfifo', [pipe]);
    const set = zipOf(pngs('a1.png', 'a2.png'), 'two.zip');
    for (const error of [
      await refusal(npy.read(pipe, {}, kit)),
      await refusal(read(pipe, measured(2))),
      await refusal(read(set, pipe)),
    ])
      expect([error.code, error.message]).toEqual(['bad-input', 'pipe.npy is no regular file.']);
  });
});

describe('images and their responses', () => {
  test('their names and the digests of their pixels lie in a table, in the order of the columns', async () => {
    const parts = await read(zipOf(pngs('im10.png', 'im2.png', 'im1.png')), measured(3));
    const rows = await table(parts, 'stimuli');
    expect(rows.map(({ index, name }) => [Number(index), name])).toEqual([
      [0, 'im1.png'],
      [1, 'im2.png'],
      [2, 'im10.png'],
    ]);
    expect(new Set(rows.map(({ digest }) => digest)).size).toBe(3);
    expect(parts.card?.notes?.[0]).toContain('first im1.png, second im2.png, last im10.png');
  });

  test('copies are counted by their pixels, whatever their names and formats', async () => {
    const [one, other] = [image('png', 50), image('png', 90)];
    const parts = await read(zipOf({ 'a1.png': one, 'a2.png': other, 'a3.png': one, 'a4.png': one }), measured(4));
    expect(parts.warnings.join(' ')).toContain('2 different images among 4: 2 are copies');
    expect(parts.warnings.join(' ')).toContain('a1.png and a3.png are the same');
  });

  test('the order can be said: by the zip, the alphabet, a list, or a CSV that counts from 0 or 1', async () => {
    const set = zipOf(pngs('b10.png', 'b2.png', 'b1.png'));
    const order = async (wish: unknown) => brightness(await read(set, measured(3), { order: wish }));
    expect(await order('file')).toEqual([10, 20, 30]);
    expect(await order('name')).toEqual([30, 10, 20]);
    expect(await order(['b2.png', 'b10', 'b1.png'])).toEqual([20, 10, 30]);
    expect(await order(file('order.csv', 'index,name\n2,b2.png\n1,b1.png\n3,b10.png\n'))).toEqual([30, 20, 10]);
    expect(await order(file('zero.csv', 'file,column\nb2.png,0\nb10.png,1\nb1.png,2\n'))).toEqual([20, 10, 30]);
    expect(await order(file('order.txt', 'b1.png\nb10.png\nb2.png\n'))).toEqual([30, 10, 20]);
    const repeated = await read(set, measured(4), { order: ['b1.png', 'b2.png', 'b1.png', 'b2.png'] });
    expect(brightness(repeated)).toEqual([30, 20, 30, 20]);
    expect(repeated.warnings.join(' ')).toContain('1 images belong to no column and were left out: b10.png');
    const unknown = await refusal(read(set, measured(3), { order: ['b1.png', 'b3.png', 'b2.png'] }));
    expect(unknown.message).toContain("'b3.png'");
  });

  test('a folder is read with the folders in it, as a zip of them is', async () => {
    for (const [name, bytes] of Object.entries(pngs('s1/i1.png', 's1/i2.png', 's2/i1.png')))
      file(`deep/${name}`, bytes);
    const inFolder = await read(path.join(folder, 'deep'), measured(3));
    const inZip = await read(zipOf(pngs('s1/i1.png', 's1/i2.png', 's2/i1.png')), measured(3));
    expect(inFolder.arrays).toEqual(inZip.arrays);
  });

  test.skipIf(!python)(
    'the pictures of one TIFF are the stimuli in its order, one of a set must be a single picture',
    async () => {
      const stack = (name: string) => path.join(folder, 'pillow/stacks', name);
      const parts = await read(stack('four.tif'), measured(4));
      expect([brightness(parts), stackOf(parts).shape]).toEqual([
        [0, 50, 100, 150],
        [4, 6, 5, 3],
      ]);
      const chosen = await read(stack('four.tif'), measured(2), { order: ['picture 4', 'picture 1'] });
      expect(brightness(chosen)).toEqual([150, 0]);
      const inSet = await refusal(read(zipOf({ 'a1.tif': readFileSync(stack('four.tif')) }), measured(1)));
      expect(inSet.message).toContain('it is a stack of 4 pictures: name it as options.stimuli');
      const lost = await refusal(read(stack('imagej.tif'), measured(4)));
      expect(lost.message).toContain('ImageJ wrote 4 pictures into it and lists 1');
      const asked = await refusal(read(stack('float.tif'), measured(4)));
      expect(asked.message).toMatch(
        /floating numbers of 32 bits, from 0 to 0: options.levels says which are black and white/,
      );
      const spread = await read(stack('float.tif'), measured(4), { levels: [0, 1] });
      expect(brightness(spread)).toEqual([0, 64, 128, 191]);
      const kept = await read(stack('twelve.tif'), measured(4));
      expect(kept.warnings.join(' ')).toMatch(/have 16 bits a sample: the upper 8 were kept; options.levels/);
      expect(brightness(kept)).toEqual([0, 3, 6, 9]);
      expect(brightness(await read(stack('twelve.tif'), measured(4), { levels: [0, 4080] }))).toEqual([
        0, 50, 100, 150,
      ]);
    },
  );

  test('counts that differ are named on both sides, and what is no image is named', async () => {
    const error = await refusal(read(zipOf(pngs('c1.png', 'c2.png')), measured(3)));
    expect(error.message).toBe('set.zip holds 2 images (c1.png to c2.png), responses-2x3.npy has 3 columns.');
    const other = await refusal(read(zipOf({ ...pngs('c1.png'), 'c2.avif': new Uint8Array(9) }), measured(2)));
    expect(other.message).toContain('1 images of formats that are not read: c2.avif');
    const read1 = await read(zipOf({ ...pngs('c1.png'), 'notes.txt': new Uint8Array(9) }), measured(1));
    expect(read1.warnings.join(' ')).toContain('1 files that are no images were left out: notes.txt');
  });

  test('neurons have the names that are given, once each', async () => {
    const set = zipOf(pngs('d1.png', 'd2.png', 'd3.png'));
    const names = async (neurons: unknown) =>
      (await table(await read(set, measured(3), { neurons }), 'neurons')).map(({ name }) => name);
    expect(await names(['u7', 'u3'])).toEqual(['u7', 'u3']);
    expect(await names(file('units.txt', 'u7\nu3\n'))).toEqual(['u7', 'u3']);
    expect(await names(file('units.csv', 'depth_um,name\n120,"u,7"\n340,u3\n'))).toEqual(['u,7', 'u3']);
    expect((await refusal(read(set, measured(3), { neurons: ['a'] }))).message).toBe(
      'options.neurons names 1 neurons, responses-2x3.npy has 2 rows.',
    );
    expect((await refusal(read(set, measured(3), { neurons: ['a', 'a'] }))).message).toContain('names a twice');
  });

  test('a stack of arrays asks for its axes where they can be taken in two ways', async () => {
    const stack = (shape: number[]) =>
      file(
        `stack-${shape.join('x')}.npy`,
        writeNpy({ data: Uint8Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i % 251), shape }),
      );
    const error = await refusal(read(stack([4, 5, 4]), measured(4)));
    expect(error.message).toContain('[image × y × x] or [y × x × image]');
    const last = await read(stack([4, 5, 4]), measured(4), { axes: ['y', 'x', 'image'] });
    expect(stackOf(last).shape).toEqual([4, 4, 5, 3]);
    expect(brightness(last)).toEqual([0, 1, 2, 3]);
    const turned = await read(stack([5, 6, 7]), measured(7));
    expect(turned.warnings.join(' ')).toContain('were taken as [y × x × image]');
    const planes = await read(stack([2, 3, 5, 6]), measured(2));
    expect([...stackOf(planes).data.subarray(0, 3)]).toEqual([0, 30, 60]);
    expect((await refusal(read(stack([3, 5, 6]), measured(2)))).message).toContain('holds 3 images');
  });
});
