import { readFileSync } from 'node:fs';
import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import { parseNpy, writeNpy } from '@bregma/core/npy';
import { describe, expect, test } from 'vitest';
import { root } from '../fixtures/client.ts';

interface NumpyFile {
  name: string;
  dtype: string;
  shape: number[];
  values: string[];
  file: string;
}

/** Made by NumPy itself: test/fixtures/numpy-arrays.py. */
const numpy = JSON.parse(readFileSync(path.join(root, 'test/fixtures/numpy-arrays.json'), 'utf8')) as {
  read: NumpyFile[];
  refused: NumpyFile[];
};
const bytesOf = ({ file }: NumpyFile) => Buffer.from(file, 'base64');
const named = (files: NumpyFile[]) => files.map((file) => [file.name, file] as const);

function refusal(bytes: Uint8Array): BregmaError {
  try {
    parseNpy(bytes, 'culprit.npy');
  } catch (error) {
    expect(error).toBeInstanceOf(BregmaError);
    const refused = error as BregmaError;
    expect(refused.message).toContain('culprit.npy');
    return refused;
  }
  throw new Error('The file was read.');
}

describe('what NumPy saves', () => {
  test('comes in every type, in both byte orders and both memory orders', () => {
    const types = ['b1', 'f4', 'f8', 'i1', 'i2', 'i4', 'i8', 'u1', 'u2', 'u4', 'u8'];
    expect([...new Set(numpy.read.map(({ dtype }) => dtype))].sort()).toEqual(types);
  });

  test.each(named(numpy.read))('%s is read value by value, in C order', (_, file) => {
    const array = parseNpy(bytesOf(file));
    expect([array.dtype, array.shape, array.fortranOrder]).toEqual([file.dtype, file.shape, false]);
    const wide = /^[iu]8$/.test(file.dtype);
    expect([...array.data]).toEqual(file.values.map((value) => (wide ? BigInt(value) : Number(value))));
  });

  test.each(named(numpy.read))('%s is the same after it was written', (_, file) => {
    const array = parseNpy(bytesOf(file));
    const written = writeNpy(array);
    const again = parseNpy(written);
    expect([again.dtype, again.shape]).toEqual([array.dtype, array.shape]);
    expect([...again.data]).toEqual([...array.data]);
    expect((written.length - array.data.byteLength) % 64).toBe(0);
    if (/little-endian, C order/.test(file.name)) expect(Buffer.from(written).equals(bytesOf(file))).toBe(true);
  });

  test.each(named(numpy.read))(
    '%s is read the same from the middle of a buffer, and stays when that changes',
    (_, file) => {
      const bytes = bytesOf(file);
      const around = Buffer.alloc(bytes.length + 7, 0xff);
      bytes.copy(around, 3);
      const array = parseNpy(around.subarray(3, 3 + bytes.length));
      around.fill(0);
      expect(array).toEqual(parseNpy(bytes));
    },
  );

  test.each(named(numpy.refused))('%s is refused with the type and what to do', (name, file) => {
    const error = refusal(bytesOf(file));
    expect(error.code).toBe('bad-input');
    const type = /'descr': '([^']+)'/.exec(bytesOf(file).toString('latin1'))?.[1];
    expect(error.message).toContain(type ?? 'records with the fields x, y');
    expect(type === undefined).toBe(name === 'records');
    const next = { records: "numpy.save('x.npy', a['x'])", objects: 'allow_pickle=True' }[name] ?? 'float64';
    expect(error.next).toContain(next);
  });

  test('half precision comes as float32, which holds every value of it', () => {
    // IEEE 754 binary16: 1, -2, the largest, the smallest, the largest below normal, infinity, not a number.
    const bits = [0x3c00, 0xc000, 0x7bff, 0x0001, 0x03ff, 0x7c00, 0x7e00];
    const values = [1, -2, 65504, 2 ** -24, 1023 * 2 ** -24, Number.POSITIVE_INFINITY, Number.NaN];
    for (const order of ['<', '>']) {
      const head = `{'descr': '${order}f2', 'fortran_order': False, 'shape': (7,), }`.padEnd(117, ' ');
      const body = Buffer.alloc(14);
      bits.forEach((value, i) => (order === '<' ? body.writeUInt16LE(value, 2 * i) : body.writeUInt16BE(value, 2 * i)));
      const array = parseNpy(Buffer.concat([Buffer.from(`\x93NUMPY\x01\x00\x76\x00${head}\n`, 'latin1'), body]));
      expect([array.dtype, array.widened]).toEqual(['f4', true]);
      expect([...array.data]).toEqual(values);
    }
  });

  test('bytes behind an array are counted', () => {
    const whole = writeNpy({ data: Float64Array.of(1, 2), shape: [2] });
    expect(parseNpy(whole).behind).toBeUndefined();
    expect(parseNpy(Buffer.concat([whole, Buffer.alloc(5)])).behind).toBe(5);
  });
});

/** An NPY file with any header text. */
function withHeader(header: string, data = 64, version = 1): Buffer {
  const text = Buffer.from(header, 'latin1');
  const start = Buffer.from([0x93, ...Buffer.from('NUMPY'), version, 0, ...(version === 1 ? [0, 0] : [0, 0, 0, 0])]);
  if (version === 1) start.writeUInt16LE(text.length, 8);
  else start.writeUInt32LE(text.length, 8);
  return Buffer.concat([start, text, Buffer.alloc(data)]);
}
const header = (descr: string, shape: string, order = 'False') =>
  `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }\n`;

describe('a file that lies or is damaged', () => {
  test.each<[string, Buffer]>([
    ['nothing', Buffer.alloc(0)],
    ['three bytes', Buffer.from('\x93NU', 'latin1')],
    ['a picture', Buffer.from('\x89PNG\r\n\x1a\n and more of it', 'latin1')],
    ['text', Buffer.from('neuron,response\n1,2\n')],
    ['version 0', withHeader(header("'<f8'", '(2,)'), 64, 0)],
    ['version 4', withHeader(header("'<f8'", '(2,)'), 64, 4)],
    ['a shape beyond all numbers', withHeader(header("'<f8'", `(${'9'.repeat(400)},)`))],
    ['a shape that no memory holds', withHeader(header("'<f8'", '(99999999999, 99999999999)'))],
    [
      'a shape that overflows to nothing',
      withHeader(header("'<f8'", '(4294967296, 4294967296, 4294967296, 4294967296)')),
    ],
    ['nothing times more than all', withHeader(header("'<f8'", '(0, 99999999999999999999)'))],
    ['a header of 4 GB', Buffer.from('\x93NUMPY\x02\x00\xff\xff\xff\xff', 'latin1')],
    ['a version 2 that ends in its header’s length', Buffer.from('\x93NUMPY\x02\x00\x10\x00', 'latin1')],
  ])('%s is refused', (_, bytes) => {
    expect(refusal(bytes).code).toBe('bad-input');
  });

  test.each(['<constructor', '<toString', '<__proto__', '?f8', 'f8', ''])(
    'the type %j is called a type that is not read',
    (type) => {
      expect(refusal(withHeader(header(`'${type}'`, '(2,)'))).message).toMatch(
        /holds .*; numbers and booleans are read/,
      );
    },
  );

  test.each<[string, Buffer]>([
    ['only its first ten bytes', withHeader(header("'<f8'", '(2,)')).subarray(0, 10)],
    ['half a header', withHeader(header("'<f8'", '(2,)')).subarray(0, 40)],
    ['a header without shape', withHeader("{'descr': '<f8', 'fortran_order': False}\n")],
    ['a header without order', withHeader("{'descr': '<f8', 'shape': (2,)}\n")],
    ['a header of zeros', withHeader('\0'.repeat(118))],
    ['an order that is neither', withHeader(header("'<f8'", '(2,)', '2'))],
    ['a negative shape', withHeader(header("'<f8'", '(-1, 3)'))],
    ['a fractional shape', withHeader(header("'<f8'", '(1.5, 3)'))],
    ['a shape without commas', withHeader(header("'<f8'", '(2 3)'))],
    ['a shape with a gap', withHeader(header("'<f8'", '(2,,3)'))],
    ['a shape that is an expression', withHeader(header("'<f8'", '(__import__("os").getpid(),)'))],
    ['one value too few', withHeader(header("'<f8'", '(9,)'), 64)],
    ['one byte too few', withHeader(header("'<f8'", '(8,)'), 63)],
    ['a terabyte that is not there', withHeader(header("'|u1'", '(1099511627776,)'))],
  ])('%s is called damaged', (_, bytes) => {
    expect(refusal(bytes).code).toBe('corrupt');
  });

  test('every possible cut of a good file is found', () => {
    const good = bytesOf(numpy.read[0]);
    for (let length = 0; length < good.length; length++)
      expect(['bad-input', 'corrupt']).toContain(refusal(good.subarray(0, length)).code);
  });

  test('a header made to be slow is answered at once', () => {
    const before = performance.now();
    for (const filler of [' ', "'shape': (", "'descr': '", '1,', ', ', "'descr'"])
      refusal(withHeader(`{'descr': '<f8', 'shape': (${filler.repeat(Math.floor(65_000 / filler.length))}`));
    expect(performance.now() - before).toBeLessThan(1000);
  });
});

describe('what others write and NumPy reads', () => {
  test('lengths as Python 2 wrote them', () => {
    expect(parseNpy(withHeader(header("'<f8'", '(2L, 4L)'))).shape).toEqual([2, 4]);
  });

  test('keys in another order, native byte order, and more bytes after the array', () => {
    const array = parseNpy(withHeader("{'shape':(3,),'fortran_order':False,'descr':'=f8'}\n", 100));
    expect([array.dtype, array.shape, array.data.length]).toEqual(['f8', [3], 3]);
  });
});

test('writing refuses a shape that does not hold the values', () => {
  expect(() => writeNpy({ data: new Float64Array(5), shape: [2, 3] })).toThrow('does not hold 5 values');
});
