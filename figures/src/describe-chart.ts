import { brief } from '@bregma/core/contracts/plain-text';
import { shown } from '@bregma/core/numbers';
import { pearson } from '@bregma/core/statistics/correlation';
import { isCategory } from '@bregma/webviews/chart/categories';
import { type Group, type GroupKeys, groupsOf, summaryOf } from '@bregma/webviews/chart/groups';
import type { ChartMark, ChartModel, ChartSpec } from '@bregma/webviews/chart/model';
import { prepared } from '@bregma/webviews/chart/prepare';
import { present, type Row } from '@bregma/webviews/chart/rows';
import { shortNames } from '@bregma/webviews/chart/short-names';
import { counted } from '@bregma/webviews/kit/format';

/** Groups that are named at most; the others are counted. */
const most = 12;

/** What a chart shows, in words and numbers computed from its rows: for who does not see it, and for checking what it says. */
export function describeChart(model: Pick<ChartModel, 'spec' | 'rows'>): string {
  const { spec, rows } = prepared(model.spec, model.rows);
  const said = new Set<string>();
  for (const mark of spec.marks) {
    // What is said of a fit holds what is said of its points.
    if (mark.mark === 'dot' && spec.marks.some((one) => one.mark === 'fit' && one.x === mark.x && one.y === mark.y))
      continue;
    const sentence = describers[mark.mark]?.(mark, rows, spec);
    if (sentence) said.add(sentence);
  }
  return [...said].join(' ') || `${counted(rows.length, 'rows')}.`;
}

const number = (value: number) => shown(value, 4);
const name = (value: unknown) => brief(value === undefined || value === null ? 'none' : value, 60);

type Describe = (mark: ChartMark, rows: Row[], spec: ChartSpec) => string;
const describers: Partial<Record<ChartMark['mark'], Describe>> = {
  bar: (mark, rows) => listed(`Bars of ${mark.y} by ${mark.x}`, mark, rows),
  cell: cells,
  box: spreads,
  violin: spreads,
  points: spreads,
  mean: spreads,
  dot: (mark, rows, spec) => (isCloud(mark, rows, spec) ? cloud(mark, rows, spec) : spreads(mark, rows)),
  fit: cloud,
  line: (mark, rows) => curves(mark, rows),
  area: (mark, rows) => curves(mark, rows),
  tuning: preferred,
  histogram,
  tick: events,
  rule: ({ at, axis, label }) =>
    at === undefined ? '' : `A line at ${axis ?? 'y'} = ${number(at)}${label ? ` (${name(label)})` : ''}.`,
};

/** Characters after which no further group is named. */
const longest = 500;

function few(parts: string[], joiner = '; '): string {
  let characters = 0;
  const over = parts.findIndex((part, i) => {
    characters += part.length;
    return i > 0 && characters > longest;
  });
  const shown = Math.min(over < 0 ? parts.length : over, most);
  return `${parts.slice(0, shown).join(joiner)}${parts.length > shown ? `${joiner}and ${parts.length - shown} more` : ''}`;
}

/** Categories on one axis, values on the other: which is which is seen by what they are. */
function keysOf(
  { x, y, colour, panelX, panelY }: ChartMark,
  rows: Row[],
): Required<Pick<GroupKeys, 'at' | 'value'>> & GroupKeys {
  const isNumber = (column: string | undefined) => rows.some((row) => typeof row[column ?? ''] === 'number');
  const [at, value] = !isNumber(y) && isNumber(x) ? [y, x] : [x, y];
  return { at: at ?? '', value: value ?? '', colour: colour === at ? undefined : colour, panelX, panelY };
}

/** Where a group stands, its names short and still apart from those of the others. */
function placesOf(groups: Group[]): (group: Group) => string {
  const parts = ({ at, colour, panelX, panelY }: Group) =>
    [at, colour, panelX, panelY].filter((part) => part !== undefined);
  const short = shortNames([...new Set(groups.flatMap(parts))], 60);
  return (group) =>
    parts(group)
      .map((part) => short(part === null ? 'none' : part))
      .join(', ');
}

function listed(what: string, mark: ChartMark, rows: Row[]): string {
  const groups = groupsOf(rows, keysOf(mark, rows));
  const told = ({ values }: Group) =>
    values.length === 1
      ? number(values[0])
      : `${number(values.reduce((sum, value) => sum + value, 0))} (sum of ${counted(values.length, 'rows')})`;
  const placeOf = placesOf(groups);
  return `${what}: ${few(groups.map((group) => `${placeOf(group)} ${told(group)}`))}.`;
}

function spreads(mark: ChartMark, rows: Row[]): string {
  const keys = keysOf(mark, rows);
  const groups = groupsOf(rows, keys);
  const placeOf = placesOf(groups);
  const parts = groups.map((group) => {
    const { n, mean, sd, median, q1, q3 } = summaryOf(group.values);
    const spread = n > 1 ? ` ± ${number(sd)} SD` : '';
    return `${placeOf(group)}: n ${n}, mean ${number(mean)}${spread}, median ${number(median)} (quartiles ${number(q1)} to ${number(q3)})`;
  });
  return `${keys.value} by ${keys.at}: ${few(parts)}.`;
}

/** Whether numbers or times stand on both axes: points over categories are spreads. */
const isCloud = ({ x, y }: ChartMark, rows: Row[], spec: ChartSpec) =>
  !isCategory(spec.x, x, rows) && !isCategory(spec.y, y, rows);

function pairsOf(rows: Row[], x: string, y: string): [number[], number[]] {
  const isPlace = (value: unknown) => present(value) && (typeof value === 'number' || value instanceof Date);
  const whole = rows.filter((row) => isPlace(row[x]) && isPlace(row[y]));
  return [whole.map((row) => Number(row[x])), whole.map((row) => Number(row[y]))];
}

/** Rows by what stands in these columns, in words. */
function partsBy(columns: string[], rows: Row[]): Map<string, Row[]> {
  const parts = new Map<string, Row[]>();
  for (const row of rows) {
    const key = columns.map((column) => name(row[column])).join(', ');
    const part = parts.get(key);
    if (part) part.push(row);
    else parts.set(key, [row]);
  }
  return parts;
}

/** Points of one colour and panel. On an axis of logarithms correlation and line are those of the logarithms, as they are drawn. */
function cloud({ x = '', y = '', colour, panelX, panelY, mark }: ChartMark, rows: Row[], spec: ChartSpec): string {
  const numeric = colour !== undefined && rows.every((row) => typeof row[colour] === 'number' || !present(row[colour]));
  const keys = [numeric ? undefined : colour, panelX, panelY].filter((column) => column !== undefined);
  const parts = partsBy(keys, rows);
  const [logX, logY] = [spec.x?.type === 'log', spec.y?.type === 'log'];
  const scaled = (column: string, log: boolean) => (log ? `log10 ${column}` : column);
  const at = (column: string, value: number) =>
    rows.some((row) => row[column] instanceof Date) ? timeText(new Date(value)) : number(value);
  const said = [...parts].map(([key, part]) => {
    const [a, b] = pairsOf(
      part.filter((row) => !(logX && !(Number(row[x]) > 0)) && !(logY && !(Number(row[y]) > 0))),
      x,
      y,
    );
    const of = key === '' ? '' : `${key}: `;
    if (a.length < 3) return `${of}${counted(a.length, 'points')}`;
    const [ax, by] = [summaryOf(a), summaryOf(b)];
    const ranges = `${x} ${at(x, ax.min)} to ${at(x, ax.max)}, ${y} ${at(y, by.min)} to ${at(y, by.max)}`;
    return `${of}n ${a.length}, ${ranges}, ${fitted(logX ? a.map(Math.log10) : a, logY ? b.map(Math.log10) : b)}`;
  });
  function fitted(a: number[], b: number[]): string {
    const [ax, by, r] = [summaryOf(a), summaryOf(b), pearson(a, b)];
    const slope = r === null ? Number.NaN : (r * by.sd) / ax.sd;
    const line =
      mark === 'fit'
        ? `, least squares ${scaled(y, logY)} = ${number(by.mean - slope * ax.mean)} ${slope < 0 ? '−' : '+'} ${number(Math.abs(slope))} × ${scaled(x, logX)}`
        : '';
    const logs = [logX ? x : [], logY ? y : []].flat();
    return `Pearson r${logs.length > 0 ? ` of log10 ${logs.join(' and ')}` : ''} ${number(r ?? Number.NaN)}${line}`;
  }
  return `${y} against ${x}: ${few(said)}.`;
}

function curves({ x = '', y = '', colour, each, panelX, panelY }: ChartMark, rows: Row[]): string {
  const parts = new Map<string, Row[]>();
  for (const row of rows) {
    if (!present(row[x]) || typeof row[y] !== 'number' || !present(row[y])) continue;
    const key = [colour, each, panelX, panelY]
      .flatMap((column) => (column === undefined ? [] : name(row[column])))
      .join(', ');
    const part = parts.get(key);
    if (part) part.push(row);
    else parts.set(key, [row]);
  }
  if (each !== undefined && parts.size > most)
    return `${y} along ${x}: ${counted(parts.size, 'lines')}, one for each ${each}.`;
  const said = [...parts].map(([key, unordered]) => {
    const part = unordered.every((row) => typeof row[x] !== 'string')
      ? unordered.toSorted((a, b) => Number(a[x]) - Number(b[x]))
      : unordered;
    const values = part.map((row) => Number(row[y]));
    const top = values.indexOf(values.reduce((a, b) => Math.max(a, b)));
    const low = values.indexOf(values.reduce((a, b) => Math.min(a, b)));
    const at = (i: number) => `${number(values[i])} at ${placed(part[i][x])}`;
    return `${key ? `${key}: ` : ''}${counted(part.length, 'points')}, ${x} ${placed(part[0][x])} to ${placed(part[part.length - 1][x])}, largest ${at(top)}, smallest ${at(low)}`;
  });
  return `${y} along ${x}: ${few(said)}.`;
}

/** A day, or a moment to the second. */
const timeText = (value: Date) =>
  value.toISOString().replace(/T00:00:00\.000Z$|\.000Z$/, (end) => (end.startsWith('T') ? '' : 'Z'));
const placed = (value: unknown) =>
  typeof value === 'number' ? number(value) : value instanceof Date ? timeText(value) : name(value);

function preferred({ x = '', y = '', colour, panelX, panelY }: ChartMark, rows: Row[]): string {
  const curves = new Map<string, { at: unknown; mean: number; n: number }[]>();
  for (const group of groupsOf(rows, { at: x, value: y, colour, panelX, panelY })) {
    const key = [group.colour, group.panelX, group.panelY]
      .filter((part) => part !== undefined)
      .map(name)
      .join(', ');
    const { mean, n } = summaryOf(group.values);
    curves.set(key, [...(curves.get(key) ?? []), { at: group.at, mean, n }]);
  }
  const parts = [...curves].map(([key, points]) => {
    const best = points.reduce((a, b) => (b.mean > a.mean ? b : a));
    const worst = points.reduce((a, b) => (b.mean < a.mean ? b : a));
    return `${key ? `${key}: ` : ''}largest mean ${number(best.mean)} at ${placed(best.at)} (n ${best.n}), smallest ${number(worst.mean)} at ${placed(worst.at)}`;
  });
  return `Mean ${y} at each of the values of ${x}: ${few(parts)}.`;
}

function histogram({ x = '', colour, panelX, panelY }: ChartMark, rows: Row[]): string {
  const keys = [colour, panelX, panelY].filter((column) => column !== undefined);
  const measured = rows.filter((row) => typeof row[x] === 'number' && present(row[x]));
  if (measured.length === 0) return '';
  const said = [...partsBy(keys, measured)].map(([key, part]) => {
    const { n, mean, sd, median, min, max } = summaryOf(part.map((row) => Number(row[x])));
    return `${key && `${key}: `}n ${n}, mean ${number(mean)}${n > 1 ? ` ± ${number(sd)} SD` : ''}, median ${number(median)}, ${number(min)} to ${number(max)}`;
  });
  return `Distribution of ${x}: ${few(said)}.`;
}

function cells({ x = '', y = '', colour }: ChartMark, rows: Row[]): string {
  const [across, down] = [new Set(rows.map((row) => row[x])).size, new Set(rows.map((row) => row[y])).size];
  const measured = rows.filter(
    (row) => colour !== undefined && typeof row[colour] === 'number' && present(row[colour]),
  );
  const grid = `${colour ?? 'Cells'} over ${across} of ${x} × ${down} of ${y}`;
  if (measured.length === 0 || colour === undefined) return `${grid}.`;
  const value = (row: Row) => Number(row[colour]);
  const top = measured.reduce((a, b) => (value(b) > value(a) ? b : a));
  const low = measured.reduce((a, b) => (value(b) < value(a) ? b : a));
  const at = (row: Row) => `${number(value(row))} at ${placed(row[x])}, ${placed(row[y])}`;
  return `${grid}: largest ${at(top)}; smallest ${at(low)}.`;
}

function events({ x = '', y = '' }: ChartMark, rows: Row[]): string {
  const times = rows.flatMap((row) => (typeof row[x] === 'number' && present(row[x]) ? [Number(row[x])] : []));
  if (times.length === 0) return '';
  const { min, max } = summaryOf(times);
  return `${counted(times.length, 'events')} in ${new Set(rows.map((row) => row[y])).size} of ${y}, ${x} ${number(min)} to ${number(max)}.`;
}
