import type { Question } from '@bregma/core/contracts/question';
import { analyse } from '@bregma/core/questions/analyse';
import { influenceCheck, proportionalHazardsCheck } from '@bregma/core/questions/checks';
import type { Columns } from '@bregma/core/questions/sample';
import { pearson } from '@bregma/core/statistics/correlation';
import { makeRandom } from '@bregma/core/statistics/random';
import { describe, expect, test } from 'vitest';

/** The looks that an answer takes at what its test assumes, by what each looks at. */
async function looks(
  table: Columns,
  question: Question,
): Promise<Record<string, { value: number | null; fine: boolean }>> {
  const { answers } = await analyse(table, question, { seed: 1 });
  const [{ measured, refused }] = answers;
  if (!measured) throw new Error(refused);
  return Object.fromEntries(measured.checks.map(({ what, value, fine }) => [what, { value, fine }]));
}

const random = makeRandom('checks');
const normal = (n: number) => Array.from({ length: n }, () => random.normal());

describe('an association', () => {
  const x = normal(40);
  const y = x.map((value) => value + random.normal());
  const question = (metric: string): Question => ({ metric, columns: { x: 'depth', y: 'rate' } });

  test('along a line is fine without any one unit', async () => {
    for (const { fine } of Object.values(await looks({ depth: x, rate: y }, question('pearson'))))
      expect(fine).toBe(true);
  });

  test('that one unit makes is said to be so', async () => {
    const alone = await looks({ depth: [...normal(20), 30], rate: [...normal(20), 30] }, question('pearson'));
    expect(alone['largest change of r without one unit']).toMatchObject({ fine: false });
    expect(alone['largest change of r without one unit'].value).toBeGreaterThan(0.5);
    expect(alone['skewness of depth'].fine).toBe(false);
  });

  test('is looked at without each unit as if it had been left out', () => {
    const [a, b] = [Float64Array.from(x), Float64Array.from(y)];
    const without = (values: Float64Array, i: number) => values.filter((_, k) => k !== i);
    const changes = x.map((_, i) => Math.abs(pearson(without(a, i), without(b, i)) - pearson(a, b)));
    expect(influenceCheck(a, b).value).toBeCloseTo(Math.max(...changes), 12);
    expect(influenceCheck(Float64Array.of(0, 0, 0, 1), Float64Array.of(1, 2, 3, 4))).toMatchObject({
      value: null,
      fine: false,
    });
  });

  test.each(['spearman', 'kendall'])('of ranks (%s) says how many units share a value', async (metric) => {
    const tied = await looks({ depth: x.map((value) => Math.sign(value)), rate: y }, question(metric));
    expect(tied['share of units with a depth that another has']).toEqual({ value: 1, fine: false });
    expect(tied['share of units with a rate that another has']).toEqual({ value: 0, fine: true });
  });
});

test('a trend whose medians turn back is said to turn back, and a group of one to be one', async () => {
  const group = [...Array(6).fill('1'), ...Array(6).fill('2'), ...Array(6).fill('3'), '4'];
  const level: Record<string, number> = { 1: 0, 2: 6, 3: 4, 4: 9 };
  const found = await looks(
    { value: group.map((own, i) => level[own] + i / 100), group },
    { metric: 'trend', columns: { value: 'value', group: 'group' } },
  );
  expect(found).toEqual({
    'steps between groups whose medians go the other way': { value: 1, fine: false },
    'units in the smallest group': { value: 1, fine: false },
  });
});

describe('survival', () => {
  /** Times to an event, cut off at 3, of 200 units whose hazard is `early` up to 0.7 and `late` behind, and of 200 of hazard 1. */
  function drawn(early: number, late: number) {
    const one = (before: number, after: number) => {
      const left = -Math.log(1 - random.uniform());
      return left < before * 0.7 ? left / before : 0.7 + (left - before * 0.7) / after;
    };
    const times = Float64Array.from({ length: 400 }, (_, i) => (i < 200 ? one(early, late) : one(1, 1)));
    return { time: times.map((at) => Math.min(at, 3)), event: times.map((at) => Number(at <= 3)) };
  }
  const order = Float64Array.from({ length: 400 }, (_, i) => i);
  const checked = ({ time, event }: ReturnType<typeof drawn>) => proportionalHazardsCheck(time, event, order, 200);

  test('with curves that cross is said not to have one ratio, in the answer too', async () => {
    const { time, event } = drawn(3, 0.3);
    const found = await looks(
      {
        days: Array.from(time),
        died: Array.from(event),
        group: Array.from(time, (_, i) => (i < 200 ? 'drug' : 'saline')),
      },
      {
        metric: 'log_hazard_ratio',
        columns: { time: 'days', event: 'died', group: 'group' },
        groups: ['drug', 'saline'],
      },
    );
    const { what, value, fine } = checked({ time, event });
    expect(found[what]).toEqual({ value, fine });
    expect(fine).toBe(false);
    expect(value).toBeLessThan(-2);
  });

  test('with hazards in one ratio is doubted about one time in twenty', () => {
    const times = 1000;
    let doubted = 0;
    for (let i = 0; i < times; i++) if (!checked(drawn(1.5, 1.5)).fine) doubted++;
    const share = doubted / times;
    const error = Math.sqrt((0.0455 * 0.9545) / times);
    expect(Math.abs(share - 0.0455)).toBeLessThan(4 * error);
  });

  test('with all events at one time has nothing to compare', () => {
    const [time, event] = [new Float64Array(400).fill(2), new Float64Array(400).fill(1)];
    expect(checked({ time, event })).toMatchObject({ value: null, fine: true });
  });
});

test('what is left within subjects is looked at, not what tells the subjects apart', async () => {
  const mouse = Array.from({ length: 60 }, (_, i) => `m${i % 6}`);
  const x = normal(60);
  const far = (i: number) => (i % 6 === 5 ? 100 : 0);
  const question: Question = { metric: 'mixed_slope', columns: { value: 'rate', x: 'contrast' }, subject: 'mouse' };
  const what = 'skewness of what is left within subjects';
  const even = await looks({ rate: x.map((one, i) => one + far(i) + random.normal()), contrast: x, mouse }, question);
  expect(even[what].fine).toBe(true);
  const uneven = await looks(
    { rate: x.map((one, i) => one + Math.exp(2 * random.normal()) + far(i)), contrast: x, mouse },
    question,
  );
  expect(uneven[what].fine).toBe(false);
});
