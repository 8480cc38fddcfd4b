import type { DatasetRelease } from '@bregma/core/contracts/dataset';
import type { Prediction } from '@bregma/core/contracts/hypothesis';
import { BregmaError } from '@bregma/core/errors';
import { nextLevel } from '@bregma/core/hypothesis/budget';
import { datasetRef, listDatasets } from '@bregma/core/ledger/catalogue';
import { significant } from '@bregma/core/numbers';
import { tableMetric } from '@bregma/core/questions/analyse';
import { type Columns, drawSample, familyOf, type Sample } from '@bregma/core/questions/sample';
import { levelOfUnits, unitsOf } from '@bregma/core/questions/units';
import {
  powerOfCorrelation,
  powerOfGroups,
  powerOfMixed,
  powerOfPairs,
  powerOfProportions,
  powerOfSpearman,
  powerOfTable,
  powerOfTwoSamples,
  smallestFound,
} from '@bregma/core/statistics/power';
import { makeRandom } from '@bregma/core/statistics/random';
import type { OpenStatistic } from '@bregma/core/table-tests/table-test';
import type { Workspace } from '@bregma/core/workspace';
import { columnsOfTable, columnsWithheld, tableAsked } from '@bregma/readers/question-rows';
import { customEffect } from './custom-power.ts';
import { effectBySimulation } from './simulated-power.ts';
import type { UnitKeys } from './simulated-tables.ts';

/** What a test of rows that are there can find, without a look at what they say. */
export type DetectableInTable = {
  /** Smallest effect beyond the prediction's size that is found with probability 0.8; null where none is. */
  effect: number | null;
  /** What the effect is measured in. */
  of: string;
  power: number;
  /** Monte-Carlo standard error of the power, where it was simulated. */
  error?: number;
  /** Level of the next test, of one member where there is a family. */
  level: number;
  n: string;
  assuming: string;
};

const wanted = 0.8;
/** Units from which on r is divided by its own error, and from which on that costs little. */
const divided = { from: 20, to: 150 };

/** How many units there are, of each group, and what is known of each before it is measured. */
interface Design {
  of: string;
  n: number;
  groups: number[];
  /** Rows of one unit, on average. */
  rows: number;
  /** Of two words of each unit: how many there are of either. */
  words: [number, number];
  units: UnitKeys[];
  sample: Sample;
}

/**
 * What a prediction's test would find in the rows of its data set, those that are withheld where there are some: they are counted,
 * and of them only what they are grouped by is read. By a formula, or by simulating the test. Undefined where the data are not there
 * yet, or neither knows the prediction.
 */
export async function detectableInTable(
  prediction: Prediction,
  workspace: Workspace,
  { openStatistic, breathe }: { openStatistic: OpenStatistic; breathe: () => Promise<void> },
): Promise<DetectableInTable | undefined> {
  const { measured, metric } = prediction;
  if (!measured || prediction.direction === 'equivalent') return undefined;
  const release = listDatasets(workspace.ledger).findLast(
    (one) => one.id === measured.data || datasetRef(one) === measured.data,
  );
  const columns = release && (await columnsOf(release, measured.table, workspace).catch(() => undefined));
  const counted = columns && designOf(columns, prediction);
  if (!counted) return undefined;
  const { design, members } = counted;
  const level = nextLevel(workspace.ledger, measured.judge ? 'e' : 'p').level / members;
  const byFormula: Found | undefined = measured.judge ? undefined : effectOf(metric, design, level);
  const found =
    byFormula ??
    (metric === 'custom'
      ? await customEffect(prediction, design.sample, level, openStatistic, breathe).catch(unlessRefused)
      : await effectBySimulation(prediction, design.units, level, breathe));
  if (!found) return undefined;
  return {
    effect: found.effect === null ? null : significant(found.effect, 3),
    of: found.of,
    power: found.power ?? wanted,
    ...(found.error !== undefined && { error: significant(found.error, 2) }),
    level,
    n: design.groups.length > 0 ? `${design.groups.join(' + ')} ${design.of}` : `${design.n} ${design.of}`,
    assuming: `${found.assuming}${members > 1 ? `; each of ${members} members like the first` : ''}`,
  };
}

/** A statistic that cannot be asked finds nothing; the test will say why. */
function unlessRefused(error: unknown): undefined {
  if (error instanceof BregmaError && error.code !== 'cancelled') return undefined;
  throw error;
}

async function columnsOf(release: DatasetRelease, name: string | undefined, { objects, bregma }: Workspace) {
  const table = tableAsked(release, name);
  const part = release.withheld?.tables.find((one) => one.name === table.name)?.part;
  return part ? columnsWithheld(table, part, bregma) : columnsOfTable(table, objects);
}

function designOf(table: Columns, { metric, measured }: Prediction): { design: Design; members: number } | undefined {
  if (!measured) return undefined;
  const question = { ...measured, metric };
  const { roles } = tableMetric(metric).test;
  try {
    const members = question.family === undefined ? undefined : familyOf(table, question.family);
    const sample = drawSample(members?.values().next().value ?? table, question, roles);
    const grouped = sample.has('group') && !question.paired;
    const angles = sample.has('angle') ? sample.numbers('angle') : undefined;
    const units = unitsOf(sample, angles && Array.from(angles, String));
    const levelsOf = (role: string) =>
      sample.has(role) ? levelOfUnits(units, sample.levels(role), role) : [...units.rows].map(() => undefined);
    const levels = grouped ? levelOfUnits(units, sample.levels('group'), 'group') : [];
    const names = question.groups ?? [...new Set(levels)].sort();
    const groups = grouped ? names.map((one) => levels.filter((level) => level === one).length) : [];
    const n = units.rows.size;
    // Of two words one is taken for what units are grouped by.
    const [one, other] = metric === 'cramers_v' ? ['x', 'y'] : ['group', 'second'];
    const [first, second] = [grouped ? levels : question.paired ? [] : levelsOf(one), levelsOf(other)];
    return {
      design: {
        ...{ of: question.paired ? `pairs (${units.of})` : units.of, n, groups, rows: sample.rows / n, sample },
        words: [new Set(first).size, new Set(second).size],
        units: [...units.rows.values()].map(([row], i) => ({
          group: first[i],
          second: second[i],
          angle: angles?.[row],
        })),
      },
      members: members?.size ?? 1,
    };
  } catch (error) {
    if (error instanceof BregmaError) return undefined;
    throw error;
  }
}

type Found = Pick<DetectableInTable, 'effect' | 'of' | 'assuming' | 'error'> & { power?: number };

const tTest = 'normal values, equal variances, one-sided t; a permutation test is as powerful with many units';

/** The smallest effect found at this level, one-sided as a prediction is. */
function effectOf(metric: string, design: Design, alpha: number): Found | undefined {
  const { n, groups, rows } = design;
  const one = { alpha, sides: 1 } as const;
  const least = (power: (effect: number) => number, high: number, steps?: number) =>
    smallestFound(power, wanted, { low: 0, high, steps });
  const random = () => makeRandom('power');
  switch (metric) {
    case 'mean_difference':
      if (groups.length === 0)
        return {
          effect: n < 3 ? null : least((effect) => powerOfPairs({ effect, n, ...one }), 20),
          of: 'standard deviations of the differences',
          assuming: tTest,
        };
      if (groups.length !== 2 || Math.min(...groups) < 2) return undefined;
      return {
        effect: least((effect) => powerOfTwoSamples({ effect, n: groups[0], second: groups[1], ...one }), 20),
        of: 'standard deviations within groups (Cohen’s d)',
        assuming: tTest,
      };
    case 'one_way':
    case 'one_way_ranks':
      return {
        effect:
          n - groups.length < 2
            ? null
            : least((effect) => powerOfGroups({ effect, n, groups: groups.length, alpha }), 20),
        of: 'sd of group means by sd within (Cohen’s f; η² = f² / (1 + f²))',
        assuming: 'normal values, equal variances, F test',
      };
    case 'proportion_difference':
    case 'odds_ratio':
      if (groups.length !== 2) return undefined;
      return {
        effect: least(
          (effect) =>
            powerOfProportions({
              first: 0.5 + effect / 2,
              second: 0.5 - effect / 2,
              n: groups[0],
              others: groups[1],
              ...one,
            }),
          1,
        ),
        of: 'difference of shares about ½',
        assuming: 'arcsine approximation, one-sided; Fisher’s exact test needs somewhat more',
      };
    case 'cramers_v': {
      const [rows, columns] = design.words;
      if (rows < 2 || columns < 2) return undefined;
      return {
        effect: least((v) => powerOfTable({ v, n, rows, columns, alpha }), 0.999),
        of: 'Cramér’s V',
        assuming: `a table of ${rows} × ${columns}, χ² test; cells of few units find less`,
      };
    }
    case 'pearson':
    case 'slope':
      // There r is divided by an error that is known badly: the test finds less than the formula says, and is simulated.
      if (metric === 'pearson' && n >= divided.from && n < divided.to) return undefined;
      return {
        effect: n < 5 ? null : least((r) => powerOfCorrelation({ r, n, ...one }), 0.999),
        of: metric === 'slope' ? 'partial correlation of value and x' : 'r',
        assuming: 'bivariate normal values, one-sided',
      };
    case 'spearman':
    case 'kendall':
    case 'trend':
      return {
        effect:
          n < 5 ? null : least((r) => powerOfSpearman({ r, n, ...one, simulations: 300 }, random()).power, 0.999, 7),
        of: 'correlation of normal values behind the ranks',
        assuming: 'simulated, 300 runs, one-sided',
      };
    case 'mixed_slope':
      return {
        effect: least(
          (slope) =>
            powerOfMixed({ slope, subjects: n, rows: Math.round(rows), ...one, simulations: 120 }, random()).power,
          4,
          6,
        ),
        of: 'sd of the value within subjects by sd of x',
        assuming: 'simulated, 120 runs, subjects as different as rows within one, one-sided',
      };
    default:
      return undefined;
  }
}
