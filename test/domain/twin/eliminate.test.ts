import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eliminate, mostEliminated } from '../../../mcp-servers/twin/src/linear/eliminate.ts';

/** Gauss–Jordan elimination, one number at a time. */
function oneByOne(matrix: Float64Array, n: number): { inverse: Float64Array; pivots: Float64Array } {
  const inverse = Float64Array.from(matrix);
  const pivots = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    const pivot = inverse[k * n + k];
    pivots[k] = pivot;
    inverse[k * n + k] = 1;
    for (let j = 0; j < n; j++) inverse[k * n + j] /= pivot;
    for (let i = 0; i < n; i++) {
      const scale = inverse[i * n + k];
      if (i === k || scale === 0) continue;
      inverse[i * n + k] = 0;
      for (let j = 0; j < n; j++) inverse[i * n + j] -= scale * inverse[k * n + j];
    }
  }
  return { inverse, pivots };
}

const matrices = fc.integer({ min: 1, max: mostEliminated }).chain((n) =>
  fc.record({
    n: fc.constant(n),
    matrix: fc
      .array(fc.oneof(fc.constant(0), fc.double({ min: -1, max: 1, noNaN: true })), {
        minLength: n * n,
        maxLength: n * n,
        size: 'max',
      })
      .map((numbers) => Float64Array.from(numbers)),
  }),
);

test('the kernel that eliminates two columns at once gives every bit that one at a time gives', () => {
  fc.assert(
    fc.property(matrices, ({ n, matrix }) => {
      expect(eliminate(matrix, n)).toEqual(oneByOne(matrix, n));
    }),
    { numRuns: 60 },
  );
});

test('a matrix after another is as it is alone: nothing of the first is left', () => {
  const large = Float64Array.from({ length: 79 * 79 }, (_, at) => (at % 80 === 0 ? 4 : Math.sin(at)));
  const small = Float64Array.of(2, 1, 0, 1, 3, 1, 0, 1, 4);
  eliminate(large, 79);
  expect(eliminate(small, 3)).toEqual(oneByOne(small, 3));
});
