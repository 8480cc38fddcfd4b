import type { Columns } from '@bregma/core/questions/sample';
import { makeRandom } from '@bregma/core/statistics/random';
import { describe, expect, test } from 'vitest';
import { ask } from '../../fixtures/ask-table.ts';

const random = makeRandom('tuning refused');
const angles = Array.from({ length: 64 }, (_, i) => (i % 8) * 45);
const table = (angle: (degrees: number) => number, rate: (degrees: number) => number): Columns => ({
  angle: angles.map(angle),
  rate: angles.map((degrees) => rate(degrees) + random.normal()),
});
const question = { metric: 'circular_variance', columns: { value: 'rate', angle: 'angle' } };
const same = (degrees: number) => degrees;
const radians = (degrees: number) => (degrees * Math.PI) / 180;

describe('angles that are radians are no degrees', () => {
  test.each([2, 3, 5, 17])('written with %i decimals', async (decimals) => {
    const short = (degrees: number) => Number(radians(degrees).toFixed(decimals));
    await expect(
      ask(
        table(short, () => 9),
        question,
      ),
    ).rejects.toMatchObject({ next: expect.stringContaining('degrees(x)') });
  });

  test('and degrees in small steps are degrees', async () => {
    for (const step of [0.5, 0.75, 1]) {
      const { measured } = await ask(
        table(
          (degrees) => (degrees / 45) * step,
          () => 9,
        ),
        question,
        true,
      );
      expect(measured.estimate).toBeLessThan(0.1);
    }
  });
});

describe('responses below 0', () => {
  test('are refused where they are more than a tenth of what there is', async () => {
    await expect(
      ask(
        table(same, () => 0),
        question,
      ),
    ).rejects.toMatchObject({ next: expect.stringContaining('greatest(x, 0)') });
  });

  test('leave an index and its interval between 0 and 1 where they are less', async () => {
    for (let k = 0; k < 20; k++) {
      const { measured } = await ask(
        table(same, (degrees) => (degrees === 90 ? 8 : 0.6)),
        question,
        true,
      );
      const { estimate, low, high } = measured;
      expect([low, estimate, high].every((value) => value !== null && value >= 0 && value <= 1)).toBe(true);
    }
  });
});
