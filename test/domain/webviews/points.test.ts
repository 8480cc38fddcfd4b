import { makeRandom } from '@bregma/core/statistics/random';
import { cloudOf, equalised } from '@bregma/webviews/points/cloud';
import { fairOrder } from '@bregma/webviews/points/fair-order';
import { NearestPoint } from '@bregma/webviews/points/nearest';
import { describe, expect, test } from 'vitest';

const axes = { x: { label: 'x' }, y: { label: 'y' } };

describe('a cloud of points', () => {
  test('counts each category and what has no place', () => {
    const cloud = cloudOf({
      title: 't',
      kind: 'measured',
      x: [0, 1, null],
      y: [0, 1, 2],
      axes,
      category: { name: 'type', values: [0, 1, 1], names: ['a', 'b'] },
    });
    expect([...cloud.category!.counts]).toEqual([1, 2]);
    expect(cloud.missing).toBe(1);
  });
  test('colours values from low to high, and what was not measured apart', () => {
    const cloud = cloudOf({
      title: 't',
      kind: 'measured',
      x: [0, 1, 2],
      y: [0, 1, 2],
      axes,
      value: { label: 'v', values: [5, null, 9] },
    });
    expect([...cloud.colour]).toEqual([1, 0, 256]);
  });
  test('with a category that has no name is refused', () => {
    expect(() =>
      cloudOf({
        title: 't',
        kind: 'measured',
        x: [0],
        y: [0],
        axes,
        category: { name: 'type', values: [2], names: ['a', 'b'] },
      }),
    ).toThrow('Point 0 is of category 2; 2 have names.');
  });
  test('can have equal axes without losing a point', () => {
    expect(equalised({ x: { low: 0, high: 10 }, y: { low: 0, high: 4 } }, 1)).toEqual({
      x: { low: 0, high: 10 },
      y: { low: -3, high: 7 },
    });
  });
});

test('the nearest point is the one that a search of all would find', () => {
  const random = makeRandom('nearest');
  const x = Float64Array.from({ length: 5000 }, () => random.uniform());
  const y = Float64Array.from({ length: 5000 }, () => random.uniform());
  const index = new NearestPoint(x, y, { x: { low: 0, high: 1 }, y: { low: 0, high: 1 } });
  for (let k = 0; k < 200; k++) {
    const [px, py] = [random.uniform(), random.uniform()];
    let best: number | undefined;
    let least = 0.02 ** 2;
    for (let i = 0; i < x.length; i++) {
      const distance = (x[i] - px) ** 2 + (y[i] - py) ** 2;
      if (i % 3 !== 0 && distance <= least) {
        least = distance;
        best = i;
      }
    }
    expect(index.find(px, py, 0.02, 0.02, (i) => i % 3 !== 0)).toBe(best);
  }
});

test.each([1, 2, 10, 997, 1000])('the fair order of %i points has each of them once', (n) => {
  expect([...fairOrder(n)].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
});
