import { makeRandom, type Random } from '@bregma/core/statistics/random';
import { expect, test } from 'vitest';
import { causalValidity, type MatchedResponses } from '../../../mcp-servers/twin/src/causal/validity.ts';

/** How neurons answer to the stimulation of others. */
interface World {
  neurons: number;
  /** Share of pairs that were measured. */
  measured: number;
  /** What responses are made of normal numbers by. */
  tail(normal: number): number;
}

/** Of each responding neuron: how strongly it answers to anything. The same in every draw: the estimate is about these neurons. */
const strength = (row: number) => 0.6 * Math.sin(1 + 2.3 * row);

/** Responses to so many stimulated neurons: some drive all others more, as measured and as predicted. C order [responding × stimulated]. */
function draw({ neurons, measured, tail }: World, stimulated: number, random: Random) {
  const drives = Float64Array.from({ length: stimulated }, () => 0.8 * random.normal());
  const predicted = new Float64Array(neurons * stimulated);
  const responses = new Float64Array(neurons * stimulated);
  for (let row = 0; row < neurons; row++)
    for (let column = 0; column < stimulated; column++) {
      const shared = random.normal();
      const at = row * stimulated + column;
      predicted[at] = tail(shared + 0.7 * random.normal()) + drives[column];
      const value = tail(shared + 0.7 * random.normal()) + drives[column] + strength(row);
      responses[at] = random.uniform() < measured ? value : Number.NaN;
    }
  return { predicted, responses };
}

/** The correlation that very many stimulated neurons would give, each answered by all of these but itself. */
function truth(world: World): number {
  const count = 20_000;
  const { predicted, responses } = draw(world, count, makeRandom('truth'));
  let [n, x, y, xx, yy, xy] = [0, 0, 0, 0, 0, 0];
  for (const [at, value] of responses.entries()) {
    // Among as many stimulated neurons as responding ones, one in so many pairs is a neuron with itself.
    if (Number.isNaN(value) || Math.floor(at / count) === at % world.neurons) continue;
    n++;
    x += predicted[at];
    y += value;
    xx += predicted[at] ** 2;
    yy += value ** 2;
    xy += predicted[at] * value;
  }
  return (xy - (x * y) / n) / Math.sqrt((xx - x ** 2 / n) * (yy - y ** 2 / n));
}

const plain = (normal: number) => normal;
const runs = 400;

test.each<[string, World, number]>([
  ['40 neurons, all pairs measured', { neurons: 40, measured: 1, tail: plain }, 0.93],
  ['40 neurons, half of the pairs measured', { neurons: 40, measured: 0.5, tail: plain }, 0.93],
  ['40 neurons, heavy tails', { neurons: 40, measured: 0.5, tail: (x) => Math.sinh(x) }, 0.9],
  ['12 neurons', { neurons: 12, measured: 0.8, tail: plain }, 0.92],
])('the interval of r over pairs covers what more stimulated neurons would give: %s', (_, world, least) => {
  const { neurons } = world;
  const names = Array.from({ length: neurons }, (__, i) => `n${i}`);
  const r = truth(world);
  const random = makeRandom(`coverage ${neurons} ${world.measured}`);
  let covered = 0;
  for (let run = 0; run < runs; run++) {
    const { predicted, responses } = draw(world, neurons, random);
    const matched: MatchedResponses = { names, predicted, measured: responses };
    const { low, high } = causalValidity(matched).ci;
    covered += Number(low !== null && high !== null && low <= r && r <= high);
  }
  console.log(`coverage of r over pairs, ${_}: ${covered / runs}`);
  expect(covered / runs).toBeGreaterThan(least);
});
