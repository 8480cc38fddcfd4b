import { median } from '../statistics/correlation.ts';
import type { Sample } from './sample.ts';
import { levelsInOrder, refuse, unitsOf } from './units.ts';

/** What is compared within itself. */
export interface Pairs {
  /** First group less second, [pair]. */
  differences: Float64Array;
  /** The two groups. */
  names: [string, string];
  /** Values in either, [pair]. */
  sides: [Float64Array, Float64Array];
  /** What a pair is: mouse. */
  of: string;
  /** How many were measured in one group alone, and take no part. */
  alone: number;
}

/** Pairs of a sample whose question says paired. Throws `bad-input` where nothing names the pairs, or the groups are not two. */
export function pairsOf(sample: Sample): Pairs {
  const { question } = sample;
  const of = question.subject ?? question.unit;
  if (of === undefined)
    refuse('design', 'Nothing says which rows are a pair.', 'Name the column that does as subject.');
  const levels = sample.levels('group');
  const names = question.groups ?? levelsInOrder(levels);
  if (names.length !== 2)
    refuse(
      'design',
      `${names.length} groups (${names.slice(0, 8).join(', ')}); pairs are of two.`,
      'Name two as groups.',
    );
  const units = unitsOf(sample, levels);
  const values = units.means(sample.numbers('value'));
  const exposure = sample.has('exposure') ? units.means(sample.numbers('exposure')) : undefined;
  const bySubject = new Map<string, Map<string, number>>();
  [...units.rows.keys()].forEach((key, i) => {
    const [subject, level] = JSON.parse(key);
    const own = bySubject.get(subject) ?? new Map<string, number>();
    // Of a sequence a pair has come when it is whole.
    if (question.judge) bySubject.delete(subject);
    bySubject.set(subject, own.set(level, exposure ? values[i] / exposure[i] : values[i]));
  });
  const whole = [...bySubject.values()].filter((own) => names.every((name) => own.has(name)));
  const side = (name: string) => Float64Array.from(whole, (own) => own.get(name) ?? Number.NaN);
  const sides: [Float64Array, Float64Array] = [side(names[0]), side(names[1])];
  const differences = sides[0].map((value, i) => value - sides[1][i]);
  if (differences.length > 1 && differences.every((value) => value === differences[0]) && differences[0] === 0)
    refuse(
      'assumption',
      `Both groups are equal in every ${of}: ${median(differences)} is no measurement of a difference.`,
      'Name a column that varies.',
    );
  return { differences, names: [names[0], names[1]], sides, of, alone: bySubject.size - whole.length };
}
