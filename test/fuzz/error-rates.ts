import { makeRandom, type Random } from '@bregma/core/statistics/random';
import { measureContrast } from '../../mcp-servers/lab/src/domain/measure-contrast.ts';
import { predictionOf, signsOf, simulate, type World } from '../fixtures/error-rates.ts';
import { type Fuzzer, goesOn } from './fuzzer.ts';

/** Recordings of one world, and how far beyond its level a share may be by chance, in standard errors. */
const runs = 1000;
const standardErrors = 4.5;
const needed = 40;

/** Draws worlds in which there is nothing to find: a test errs no oftener than its level, and its interval covers as it says. */
export const errorRates: Fuzzer = {
  name: 'error-rates',
  async run(seed, extent) {
    const random = makeRandom(seed);
    const started = performance.now();
    const failures: string[] = [];
    let tried = 0;
    while (goesOn(extent, tried, started)) {
      const { world, says } = drawWorld(random);
      const wrong = await errorsIn(world, random.fork(says));
      tried++;
      if (wrong) failures.push(`${says}: ${wrong}`);
    }
    return { tried, failures };
  },
};

function drawWorld(random: Random): { world: World; says: string } {
  const units = 7 + random.integer(50);
  const copies = [1, 1, 2, 10][random.integer(4)];
  const every = 2 + random.integer(5);
  const heavy = random.integer(3);
  const seldom = random.integer(3) === 0 && units >= 40;
  const two = random.integer(2) === 0;
  const neurons = 1 + random.integer(4);
  return {
    says: `${neurons} neurons, ${units} stimuli, ${copies} copies, repeats 1 or ${every}, tail ${heavy}, ${seldom ? 'seldom measured, ' : ''}${two ? 'two twins' : 'one twin'}`,
    world: {
      neurons,
      units,
      copies,
      repeats: (unit) => (unit % every === 0 ? every : 1),
      measured: seldom ? (neuron, unit) => neuron === 0 || unit % 5 === 0 : undefined,
      tail: [(x: number) => x, Math.exp, (x: number) => x ** 3][heavy],
      rho: two ? [0.5, 0.5] : [0],
    },
  };
}

/** What went beyond chance in this world, or undefined. */
async function errorsIn(world: World, random: Random): Promise<string | undefined> {
  const count = { for: 0, against: 0, outside: 0, intervals: 0 };
  for (let i = 0; i < runs; i++) {
    const found = await measureContrast(simulate(world, random), predictionOf(world, 0), signsOf(world));
    count.for += Number((found.eFor ?? 0) >= needed);
    count.against += Number((found.eAgainst ?? 0) >= needed);
    if (found.low === null || found.high === null) continue;
    count.intervals++;
    count.outside += Number(found.low > 0 || found.high < 0);
  }
  const most = (p: number, of: number) => p * of + standardErrors * Math.sqrt(p * (1 - p) * of);
  if (Math.max(count.for, count.against) > most(1 / needed, runs))
    return `${count.for} and ${count.against} errors of ${runs}`;
  if (count.outside > most(0.05, count.intervals)) return `${count.outside} of ${count.intervals} intervals miss`;
  return undefined;
}
