import {
  atDecimals,
  bytesInWords,
  decimalsIn,
  digitsIn,
  evidence,
  hasDigits,
  measured,
  plainly,
  shortNumbers,
  shown,
  significant,
} from '@bregma/core/numbers';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

describe('a number that was not measured is never a digit', () => {
  test.each([null, undefined, Number.NaN])('%s', (value) => {
    expect([shown(value), plainly(value), measured(value)]).toEqual(Array(3).fill('not measured'));
  });

  test('and what has no end has no digits either', () => {
    expect([shown(Infinity), shown(-Infinity), measured(Infinity)]).toEqual(['∞', '−∞', 'not measured']);
  });
});

describe('numbers as text', () => {
  test.each([
    [0, '0', '0', '0.000'],
    [-0.00001, '−1.00e−5', '-0.00001', '0.000'],
    [0.53249, '0.532', '0.532', '0.532'],
    [1327, '1,327', '1330', '1327.000'],
    [12_345.67, '12,346', '12300', '12345.670'],
  ])('%d is %s, %s and %s', (value, ...texts) => {
    expect([shown(value), plainly(value), measured(value)]).toEqual(texts);
  });

  test('of evidence, and of bytes', () => {
    expect([evidence(0.003), evidence(12_400), evidence(1.2e6)]).toEqual(['0.003', '12\u202f400', '1.2 × 10⁶']);
    expect([999, 1000, 1_234_567, 7e15].map(bytesInWords)).toEqual(['999 B', '1.00 kB', '1.23 MB', '7.00e+3 TB']);
  });
});

test('the digits that a number is written with are those that it needs', () => {
  expect([0.0012, 120, 1e-7].map(digitsIn)).toEqual([2, 2, 1]);
  expect([0.0012, 120, 1e-7].map(decimalsIn)).toEqual([4, 0, 7]);
});

test('a value keeps its whole numbers, texts and names, and no number moves by more than half of its last digit', () => {
  expect(shortNumbers({ id: '0.123456789', n: 12_345_678, far: Number.POSITIVE_INFINITY })).toEqual({
    id: '0.123456789',
    n: 12_345_678,
    far: Number.POSITIVE_INFINITY,
  });
  fc.assert(
    fc.property(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer({ min: 1, max: 15 }),
      (value, digits) => {
        const short = shortNumbers(value, digits);
        expect(shortNumbers(short, digits)).toBe(short);
        expect(Math.abs(short - value)).toBeLessThanOrEqual(Math.abs(value) * 10 ** (1 - digits));
      },
    ),
  );
});

describe('rounding without a text between', () => {
  const close = fc
    .tuple(fc.integer({ min: -99_999, max: 99_999 }), fc.integer({ min: -6, max: 12 }))
    .map(([whole, power]) => Number(`${whole}5e${-power}`));
  const numbers = fc
    .oneof(fc.double(), fc.double({ min: -1e6, max: 1e6 }), close, fc.integer())
    .filter((value) => !Object.is(value, -0));
  const digits = fc.integer({ min: 1, max: 9 });

  test('gives the double of the shortest text, halfway between two as well', () => {
    fc.assert(
      fc.property(numbers, digits, (value, count) => {
        expect(significant(value, count)).toBe(Number(value.toPrecision(count)));
        expect(atDecimals(value, count)).toBe(Number(value.toFixed(count)));
      }),
      { numRuns: 2000 },
    );
  });

  test('tells how many digits a number is written with', () => {
    const finite = numbers.filter((value) => Number.isFinite(value) && value !== 0);
    fc.assert(
      fc.property(finite, (value) => hasDigits(value, 5) === digitsIn(value) >= 5),
      { numRuns: 2000 },
    );
  });
});
