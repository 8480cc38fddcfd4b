import { median } from '../statistics/correlation.ts';
import type { Sample } from './sample.ts';
import { levelsInOrder, refuse, type Units, unitsOf } from './units.ts';

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
  /** Units of either group, and the places of each pair's two among them, [pair]. */
  units: Units;
  places: [number, number][];
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
  if (exposure?.some((time) => !(time > 0)))
    refuse('assumption', 'An exposure is not above 0.', 'Name a column of times or areas.');
  const bySubject = new Map<string, Map<string, number>>();
  [...units.rows.keys()].forEach((key, i) => {
    const [subject, level] = JSON.parse(key);
    const own = bySubject.get(subject) ?? new Map<string, number>();
    // Of a sequence a pair has come when it is whole.
    if (question.judge) bySubject.delete(subject);
    bySubject.set(subject, own.set(level, i));
  });
  const places = [...bySubject.values()].flatMap((own): [number, number][] => {
    const [one, other] = names.map((name) => own.get(name));
    return one === undefined || other === undefined ? [] : [[one, other]];
  });
  const side = (k: 0 | 1) => Float64Array.from(places, (pair) => values[pair[k]] / (exposure ? exposure[pair[k]] : 1));
  const sides: [Float64Array, Float64Array] = [side(0), side(1)];
  const differences = sides[0].map((value, i) => value - sides[1][i]);
  if (differences.length > 1 && differences.every((value) => value === differences[0]) && differences[0] === 0)
    refuse(
      'assumption',
      `Both groups are equal in every ${of}: ${median(differences)} is no measurement of a difference.`,
      'Name a column that varies.',
    );
  return {
    ...{ differences, sides, of, units, places },
    names: [names[0], names[1]],
    alone: bySubject.size - places.length,
  };
}
