import { BregmaError } from '../errors.ts';
import { mean } from '../statistics/correlation.ts';
import type { Sample } from './sample.ts';

/** Throws `bad-input`: this sample cannot be asked this. */
export function refuse(refusal: 'too-few' | 'assumption' | 'design', message: string, next: string): never {
  throw new BregmaError('bad-input', message, { next, fields: { refusal } });
}

/** Units of inference of one kind of rows. */
export interface Units {
  /** What they are: mouse, row. */
  of: string;
  /** Rows of each unit, by its name. */
  rows: Map<string, number[]>;
  /** A number for each unit: the mean over its parts of the mean over their rows. */
  means(values: ArrayLike<number>): Float64Array;
  /** A number for each unit: the sum over its rows. */
  sums(values: ArrayLike<number>): Float64Array;
}

/**
 * Units of inference among rows: subjects where the question names them, else units, else rows. split: levels that divide a
 * subject into several units (the groups of a paired comparison).
 */
export function unitsOf(sample: Sample, split?: readonly string[]): Units {
  const { unit, subject, question } = sample;
  const top = subject ?? unit;
  const rows = new Map<string, number[]>();
  for (let row = 0; row < sample.rows; row++) {
    const name = JSON.stringify([top ? top[row] : row, split?.[row] ?? null]);
    const own = rows.get(name) ?? [];
    own.push(row);
    rows.set(name, own);
  }
  const parts = subject && unit;
  return {
    of: question.subject ?? question.unit ?? 'rows',
    rows,
    means: (values) =>
      Float64Array.from(rows.values(), (own) =>
        parts ? meanOfParts(own, unit, values) : mean(own.map((row) => values[row])),
      ),
    sums: (values) => Float64Array.from(rows.values(), (own) => own.reduce((sum, row) => sum + values[row], 0)),
  };
}

function meanOfParts(rows: number[], unit: string[], values: ArrayLike<number>): number {
  const parts = new Map<string, number[]>();
  for (const row of rows) {
    const own = parts.get(unit[row]) ?? [];
    own.push(values[row]);
    parts.set(unit[row], own);
  }
  return mean([...parts.values()].map(mean));
}

/** The level of each unit. Throws `bad-input` where a unit has two. what: the role, as in "group"; next: what to do then. */
export function levelOfUnits({ of, rows }: Units, levels: readonly string[], what: string, next?: string): string[] {
  return Array.from(rows, ([name, own]) => {
    const [first] = own.map((row) => levels[row]);
    if (own.some((row) => levels[row] !== first))
      refuse(
        'design',
        `${of} ${JSON.parse(name)[0]} is in more than one ${what}.`,
        next ?? `If each ${of} was measured in both, say paired: true; else name the column that tells units apart.`,
      );
    return first;
  });
}

/** One column of 0 and 1 for every level but the first, [unit] each. */
export function indicators(levels: readonly string[]): Float64Array[] {
  const [, ...others] = levelsInOrder(levels);
  return others.map((level) => Float64Array.from(levels, (own) => Number(own === level)));
}

/** Groups of units, in the order that the question names, else by name. */
export interface Groups {
  units: Units;
  names: string[];
  /** Level of each unit, in the order of `units`. */
  level: string[];
  /** Places of the units of each group, [group][…], in the order of `units`. */
  members: number[][];
}

/** Levels in their order: numbers ascending, words by the alphabet. */
export function levelsInOrder(levels: Iterable<string>): string[] {
  const names = [...new Set(levels)];
  const numbers = names.every((name) => name.trim() !== '' && Number.isFinite(Number(name)));
  return numbers ? names.sort((a, b) => Number(a) - Number(b)) : names.sort();
}

/**
 * Levels of an outcome that are told apart, what happens last. Of more than two the question must say which happens: it is held
 * against all others. Throws `bad-input` where there is nothing to tell apart.
 */
export function outcomesOf({ question, levels }: Sample, role: string): { happened: string; others: string[] } {
  const all = levelsInOrder(levels(role));
  const { happens = all.length === 2 ? all[1] : undefined } = question;
  if (happens !== undefined && all.includes(happens) && all.length > 1)
    return { happened: happens, others: all.filter((one) => one !== happens) };
  refuse(
    'design',
    happens === undefined || all.length < 2
      ? `There are ${all.length} outcomes (${all.slice(0, 6).join(', ')}); two are told apart.`
      : `No row has '${happens}': the outcomes are ${all.slice(0, 6).join(', ')}.`,
    all.length > 1 ? `Say which happens: happens: ${JSON.stringify(all.at(-1))}.` : 'Name a column of yes and no.',
  );
}

/** 1 for each unit to which it happened, else 0. Throws `bad-input` where numbers say something else, or words do not say which. */
export function eventsOf(sample: Sample, units: Units): Float64Array {
  if (sample.areWords('event') || sample.question.happens !== undefined) {
    const { happened } = outcomesOf(sample, 'event');
    return Float64Array.from(levelOfUnits(units, sample.levels('event'), 'event'), (own) => Number(own === happened));
  }
  const events = units.means(sample.numbers('event'));
  if (events.some((one) => one !== 0 && one !== 1))
    refuse('assumption', 'event holds other numbers than 0 and 1.', 'One row a unit, 1 where it happened.');
  return events;
}

/** The units of a sample by their group. Throws `bad-input` where a unit is in two. */
export function groupsOf(sample: Sample): Groups {
  const units = unitsOf(sample);
  const level = levelOfUnits(units, sample.levels('group'), 'group');
  const names = sample.question.groups ?? levelsInOrder(level);
  return { units, names, level, members: names.map((name) => level.flatMap((own, i) => (own === name ? [i] : []))) };
}
