import type { Prediction } from '@bregma/core/contracts/hypothesis';
import { BregmaError } from '@bregma/core/errors';
import { analyse, futileBelow, standing } from '@bregma/core/questions/analyse';
import { drawsFor } from '@bregma/core/statistics/permutation';
import { makeRandom, type Random } from '@bregma/core/statistics/random';
import type { Measured } from '@bregma/core/table-tests/table-test';
import { type Simulated, simulatedTable, type UnitKeys } from './simulated-tables.ts';

/** An effect that simulated tests find. */
export interface FoundBySimulation {
  /** null where not even the largest that is tried is found. */
  effect: number | null;
  /** Share of simulated tests that found it, and its Monte-Carlo standard error. */
  power: number;
  error: number;
  of: string;
  assuming: string;
}

/** Power that an effect must have to count as found. */
export const wanted = 0.8;
const steps = 6;
/** Units that are simulated at most: of more, an effect is taken to shrink with their root. */
const mostUnits = 200;
/** Exchanged values of one answer, about. */
const work = 6e6;

/**
 * The effect that a test finds with probability 0.8, by simulating tables of so many units and testing each as it will be: by the
 * same exchange, or by the same evidence looked at as often. Undefined where how to simulate is not known.
 */
export async function effectBySimulation(
  prediction: Prediction,
  units: UnitKeys[],
  level: number,
  breathe: () => Promise<void>,
): Promise<FoundBySimulation | undefined> {
  const taken = thinned(units);
  const simulated = simulatedTable(prediction, taken);
  if (!simulated) return undefined;
  const random = makeRandom(`power ${prediction.metric}`);
  const judged = prediction.measured?.judge !== undefined;
  const cost = judged ? 400 * taken.length : drawsFor(level) * taken.length;
  const runs = Math.round(Math.min(100, Math.max(40, work / steps / cost)));
  // The same numbers at every effect: power rises with it.
  const tests = simulatedTests(runs, async (effect, run) => {
    await breathe();
    return isFound(simulated, effect, level, random.fork(`${run}`));
  });
  const effect = await smallest(tests.reach, simulated.high);
  const power = await tests.power(effect ?? simulated.high);
  const shrunk = taken.length < units.length ? Math.sqrt(taken.length / units.length) : 1;
  return {
    effect: effect === null ? null : effect * shrunk,
    power,
    error: Math.sqrt((power * (1 - power)) / runs),
    of: simulated.of,
    assuming: `${simulated.assuming}; ${runs} tests simulated as they will be run${shrunk < 1 ? `, with ${taken.length} of ${units.length} units, an effect taken to shrink with their root` : ''}`,
  };
}

/** Units in their order, every so many of them where there are too many. */
function thinned(units: UnitKeys[]): UnitKeys[] {
  const every = Math.ceil(units.length / mostUnits);
  if (every === 1) return units;
  // Of each sort of unit alike many.
  const sorts = new Map<string, number>();
  return units.filter((unit) => {
    const sort = JSON.stringify(unit);
    const count = sorts.get(sort) ?? 0;
    sorts.set(sort, count + 1);
    return count % every === 0;
  });
}

async function isFound({ table, question, bound }: Simulated, effect: number, level: number, random: Random) {
  const asked = { seed: random.integer(2 ** 31), finest: level };
  const { answers } = await analyse(table(effect, random), question, { ...asked, estimatesAlone: true }).catch(refused);
  const [measured] = answers.map((answer) => answer.measured);
  if (!measured) return false;
  if (measured.looks) return reached(measured.looks, bound, level, question.judge?.beta);
  const { pFor, eFor } = standing(measured, bound);
  return pFor !== null ? pFor <= level : eFor !== null && eFor >= 1 / level;
}

/** Whether the evidence for a claim reaches 1 / level before a sequential test stops for nothing. */
function reached(
  { above, below }: NonNullable<Measured['looks']>,
  { direction, size }: Simulated['bound'],
  level: number,
  beta: number | undefined,
): boolean {
  const evidence = direction === 'less' ? below(size) : above(size);
  const lower = futileBelow(level, beta);
  const end = evidence.findIndex((value) => value >= 1 / level || Math.log(value) <= lower);
  return end >= 0 && evidence[end] >= 1 / level;
}

/** A sample that happens to be refused finds nothing. */
function refused(error: unknown): { answers: { measured?: undefined }[] } {
  if (error instanceof BregmaError && error.code === 'bad-input') return { answers: [] };
  throw error;
}

/**
 * Runs of a test at an effect. reach: whether the share that finds it is what is wanted, told as soon as the runs that are left
 * cannot change it (curtailed sampling: Eisenberg & Ghosh 1980, JASA 75:1011); power: the share, of all runs.
 */
function simulatedTests(runs: number, isFoundIn: (effect: number, run: number) => Promise<boolean>) {
  const known = new Map<number, { found: number; run: number }>();
  const goOn = async (effect: number, isEnough: (found: number, left: number) => boolean) => {
    const state = known.get(effect) ?? { found: 0, run: 0 };
    known.set(effect, state);
    while (state.run < runs && !isEnough(state.found, runs - state.run))
      if (await isFoundIn(effect, state.run++)) state.found++;
    return state.found / runs;
  };
  return {
    reach: async (effect: number) =>
      (await goOn(effect, (found, left) => found / runs >= wanted || (found + left) / runs < wanted)) >= wanted,
    power: (effect: number) => goOn(effect, () => false),
  };
}

/** The smallest effect whose power reaches what is wanted; null where that of the largest does not. */
export async function smallest(reaches: (effect: number) => Promise<boolean>, high: number, between = 4) {
  if (!(await reaches(high))) return null;
  let [below, above] = [0, high];
  // First halved until too little is left, then between.
  for (let step = 0; step < 6; step++) {
    const half = above / 2;
    if (!(await reaches(half))) {
      below = half;
      break;
    }
    above = half;
  }
  for (let step = 0; step < between; step++) {
    const middle = (below + above) / 2;
    if (await reaches(middle)) above = middle;
    else below = middle;
  }
  return above;
}
