import { shown } from '@bregma/core/numbers';
import { outline } from '@bregma/webviews/kit/downsample';
import { counted, csvOf } from '@bregma/webviews/kit/format';
import { numbersOf, unpack } from '@bregma/webviews/kit/numbers';
import { spread } from '@bregma/webviews/kit/spread';
import { gzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';

describe('numbers', () => {
  test('are shown with three digits, and "not measured" is not zero', () => {
    expect([0, 0.53217, -12.5, 139255, 1e-9, null, Number.NaN].map((value) => shown(value))).toEqual([
      '0',
      '0.532',
      '−12.5',
      '139,255',
      '1.00e−9',
      'not measured',
      'not measured',
    ]);
  });
  test('are counted in words', () => {
    expect([
      counted(1, 'neurons'),
      counted(1, 'stimulated neurons'),
      counted(1, 'presentations a point'),
      counted(2, 'stimulated neurons'),
    ]).toEqual(['1 neuron', '1 stimulated neuron', '1 presentation a point', '2 stimulated neurons']);
  });
  test('of a model are unpacked from base64, bytes and gzip alike', () => {
    const bytes = new Uint8Array(new Float32Array([1.5, Number.NaN]).buffer);
    const packed = { dtype: 'f4' as const, shape: [2] };
    expect([...unpack({ ...packed, bytes })]).toEqual([1.5, Number.NaN]);
    expect([...unpack({ ...packed, bytes: Buffer.from(bytes).toString('base64') })]).toEqual([1.5, Number.NaN]);
    expect([...unpack({ ...packed, bytes: gzipSync(bytes), encoding: 'gzip' })]).toEqual([1.5, Number.NaN]);
    expect([...numbersOf([1, null])]).toEqual([1, Number.NaN]);
  });
  test('that do not fill their shape are refused', () => {
    expect(() => unpack({ dtype: 'f8', shape: [2, 3], bytes: new Uint8Array(8) })).toThrow(
      'An array of shape 2 × 3 (f8) came with 8 bytes.',
    );
  });
  test('of 64-bit alignment survive an odd offset', () => {
    const bytes = new Uint8Array(17);
    bytes.set(new Uint8Array(new Float64Array([0.1, 0.2]).buffer), 1);
    expect([...unpack({ dtype: 'f8', shape: [2], bytes: bytes.subarray(1) })]).toEqual([0.1, 0.2]);
  });
});

test('CSV quotes what must be quoted and leaves gaps empty', () => {
  expect(
    csvOf({
      columns: ['a', 'b'],
      rows: [
        ['x,"y"', null],
        ['720575940620875399', Number.NaN],
      ],
    }),
  ).toBe('a,b\r\n"x,""y""",\r\n720575940620875399,\r\n');
});

describe('a long line', () => {
  test('keeps its first, last, smallest and largest values', () => {
    const values = Float64Array.from({ length: 100_000 }, (_, i) => Math.sin(i / 1000));
    values[54_321] = 9;
    values[77_777] = -9;
    const kept = outline(values, 200);
    expect(kept.length).toBeLessThan(1000);
    expect(kept).toEqual(expect.arrayContaining([0, 54_321, 77_777, 99_999]));
    expect(kept).toEqual([...kept].sort((a, b) => a - b));
  });
  test('keeps both sides of every gap', () => {
    const values = Float64Array.from({ length: 10_000 }, () => 1);
    values.fill(Number.NaN, 4000, 4003);
    expect(outline(values, 50)).toEqual(expect.arrayContaining([3999, 4000, 4002, 4003]));
  });
});

test('labels that would overlap are moved apart about their middle, and others stay', () => {
  expect(spread([100, 104, 300], 16)).toEqual([94, 110, 300]);
  expect(spread([104, 100, 102], 10)).toEqual([112, 92, 102]);
});
