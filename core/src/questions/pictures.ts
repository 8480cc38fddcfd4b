import { plainly } from '../numbers.ts';
import { wilson } from '../statistics/two-by-two.ts';
import { pairsOf } from './pairs.ts';
import type { Sample } from './sample.ts';
import { eventsOf, groupsOf, levelOfUnits, levelsInOrder, outcomesOf, type Units, unitsOf } from './units.ts';

/** The picture of a question: a chart in the grammar of `draw_chart`, over the units that were compared. */
export interface Picture {
  chart: Record<string, unknown>;
  rows: Record<string, unknown>[];
}

const columnOf = (sample: Sample, role: string) => sample.columnsOf(role)[0] ?? role;

/** Every unit in its group, with quartiles; of pairs a line each, with the means. */
export function groupsPicture(sample: Sample): Picture {
  const [value, group] = [columnOf(sample, 'value'), columnOf(sample, 'group')];
  if (sample.question.paired) {
    const { names, sides, of } = pairsOf(sample);
    const rows = names.flatMap((name, k) =>
      Array.from(sides[k], (one, i) => ({ [group]: name, [value]: one, [of]: i })),
    );
    return { chart: { marks: [{ mark: 'line', each: of }, 'mean'], x: ordered(group, names), y: value }, rows };
  }
  const { units, names, level } = groupsOf(sample);
  const values = units.means(sample.numbers('value'));
  const exposure = sample.has('exposure') ? units.means(sample.numbers('exposure')) : undefined;
  const rows = level.map((own, i) => ({ [group]: own, [value]: exposure ? values[i] / exposure[i] : values[i] }));
  const label = exposure ? `${value} by ${columnOf(sample, 'exposure')}` : value;
  return {
    chart: { marks: ['box', 'points'], x: ordered(group, names), y: { column: value, label } },
    rows: rows.filter((row) => names.includes(String(row[group]))),
  };
}

/** The same of two groupings, the levels of the second side by side. */
export function cellsPicture(sample: Sample): Picture {
  const { chart, rows } = groupsPicture(sample);
  const second = columnOf(sample, 'second');
  const { units, names, level } = groupsOf(sample);
  const levels = levelOfUnits(units, sample.levels('second'), 'second').filter((_, i) => names.includes(level[i]));
  return { chart: { ...chart, colour: second }, rows: rows.map((row, i) => ({ ...row, [second]: levels[i] })) };
}

const ordered = (column: string, domain: string[]) => ({ column, type: 'category', domain });

/** Two numbers of each unit against one another. fit: with the line of least squares. */
export const cloudPicture =
  (across: string, up: string, fit: (sample: Sample) => boolean) =>
  (sample: Sample): Picture => {
    const units = unitsOf(sample);
    const [x, y] = [columnOf(sample, across), columnOf(sample, up)];
    const [xs, ys] = [units.means(sample.numbers(across)), units.means(sample.numbers(up))];
    return {
      chart: { marks: fit(sample) ? ['dot', 'fit'] : ['dot'], x, y },
      rows: Array.from(xs, (value, i) => ({ [x]: value, [y]: ys[i] })),
    };
  };

/** Mean response at each angle. */
export function tuningPicture(sample: Sample): Picture {
  const [value, angle] = [columnOf(sample, 'value'), columnOf(sample, 'angle')];
  const [values, angles] = [sample.numbers('value'), sample.numbers('angle')];
  return {
    chart: { marks: ['tuning'], x: angle, y: value },
    rows: Array.from(values, (one, i) => ({ [angle]: angles[i], [value]: one })),
  };
}

/** Share of each group in which it happened, with Wilson's 95 % interval. */
export function sharesPicture(sample: Sample): Picture {
  const [outcome, group] = [columnOf(sample, 'outcome'), columnOf(sample, 'group')];
  const { units, names, level } = groupsOf(sample);
  const outcomes = levelOfUnits(units, sample.levels('outcome'), 'outcome');
  const { happened } = outcomesOf(sample, 'outcome');
  const rows = names.map((name) => {
    const own = outcomes.filter((_, i) => level[i] === name);
    const count = own.filter((one) => one === happened).length;
    const { low, high } = wilson(count, own.length, 0.95);
    return { [group]: name, share: count / own.length, low, high };
  });
  const interval = { mark: 'interval', y1: 'low', y2: 'high' };
  const y = { column: 'share', label: `Share with ${outcome} = ${happened}` };
  return { chart: { marks: ['bar', interval], x: ordered(group, names), y }, rows };
}

/** Every unit's number by what happened to it, with quartiles. */
export function outcomePicture(sample: Sample): Picture {
  const [outcome, x] = [columnOf(sample, 'outcome'), columnOf(sample, 'x')];
  const units = unitsOf(sample);
  const values = units.means(sample.numbers('x'));
  const rows = levelOfUnits(units, sample.levels('outcome'), 'outcome').map((level, i) => ({
    [outcome]: level,
    [x]: values[i],
  }));
  const { happened, others } = outcomesOf(sample, 'outcome');
  return { chart: { marks: ['box', 'points'], x: ordered(outcome, [...others, happened]), y: x }, rows };
}

/** How many units have each pair of words. */
export function wordsPicture(sample: Sample): Picture {
  const [x, y] = [columnOf(sample, 'x'), columnOf(sample, 'y')];
  const units = unitsOf(sample);
  const [first, second] = ['x', 'y'].map((role) => levelOfUnits(units, sample.levels(role), role));
  const chart = { marks: [{ mark: 'bar', beside: true }], x: ordered(x, levelsInOrder(first)), colour: y };
  return { chart, rows: first.map((level, i) => ({ [x]: level, [y]: second[i] })) };
}

/** Share of each group to which it has not happened yet (Kaplan & Meier 1958, J Am Stat Assoc 53:457). */
export function survivalPicture(sample: Sample): Picture {
  const { units, names, members } = groupsOf(sample);
  return curves(
    sample,
    units,
    columnOf(sample, 'group'),
    names.map((name, k) => [name, members[k]]),
  );
}

/** The same of the units whose number is below the median, and of the others. */
export function halvesPicture(sample: Sample): Picture {
  const [units, x] = [unitsOf(sample), columnOf(sample, 'x')];
  const values = units.means(sample.numbers('x'));
  const middle = values.toSorted()[Math.floor(values.length / 2)];
  const places = [...values.keys()];
  return curves(sample, units, x, [
    [`${x} below ${plainly(middle)}`, places.filter((i) => values[i] < middle)],
    [`${plainly(middle)} and above`, places.filter((i) => values[i] >= middle)],
  ]);
}

function curves(sample: Sample, units: Units, group: string, parts: [name: string, members: number[]][]): Picture {
  const time = columnOf(sample, 'time');
  const [times, events] = [units.means(sample.numbers('time')), eventsOf(sample, units)];
  const rows = parts.flatMap(([name, members]) => {
    const own = members.toSorted((a, b) => times[a] - times[b] || events[b] - events[a]);
    let share = 1;
    const steps = [{ [time]: 0, share, [group]: name }];
    own.forEach((unit, i) => {
      const before = share;
      share *= events[unit] === 1 ? 1 - 1 / (own.length - i) : 1;
      steps.push({ [time]: times[unit], share: before, [group]: name }, { [time]: times[unit], share, [group]: name });
    });
    return steps;
  });
  const y = { column: 'share', label: 'Share to whom it has not happened', domain: [0, 1] };
  return { chart: { marks: ['line'], x: time, y, colour: group }, rows };
}
