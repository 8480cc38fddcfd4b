import { spaced } from '@bregma/webviews/lineage/spaced';
import { describe, expect, test } from 'vitest';

describe('numbers that keep their distances', () => {
  test('stay where they are wanted when there is room', () => {
    expect(spaced([0, 50, 100], [10, 10])).toEqual([0, 50, 100]);
  });

  test('share what they have to give way: two that want one place stand evenly about it', () => {
    expect(spaced([5, 5], [10])).toEqual([0, 10]);
    // Three that want 0 with distances of 10 and 20 lie about the mean of their places: (0 + 10 + 30) / 3.
    expect(spaced([0, 0, 0], [10, 20]).map((value) => value + 40 / 3)).toEqual(
      [0, 10, 30].map((at) => expect.closeTo(at)),
    );
  });

  test('keep their order, and move less than in any other place that keeps it', () => {
    const wanted = [30, 0, 45, 40, 41, 200];
    const gaps = [10, 10, 5, 5, 5];
    const found = spaced(wanted, gaps);
    const far = (at: number[]) => at.reduce((sum, value, i) => sum + (value - wanted[i]) ** 2, 0);
    for (const [i, gap] of gaps.entries()) expect(found[i + 1] - found[i]).toBeGreaterThanOrEqual(gap - 1e-9);
    // A convex problem: where no small step that keeps the distances is better, nothing is.
    for (let from = 0; from < wanted.length; from++)
      for (let to = from; to < wanted.length; to++)
        for (const step of [-0.01, 0.01]) {
          const moved = found.map((value, i) => (i >= from && i <= to ? value + step : value));
          const kept = gaps.every((gap, i) => moved[i + 1] - moved[i] >= gap - 1e-9);
          if (kept) expect(far(moved)).toBeGreaterThanOrEqual(far(found) - 1e-9);
        }
  });
});
