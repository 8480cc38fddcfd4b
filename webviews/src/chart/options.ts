import { plain } from '@bregma/core/contracts/plain-text';
import type * as Plot from '@observablehq/plot';
import { interpolatePuOr, interpolateViridis } from 'd3-scale-chromatic';
import { categoryColours } from '../kit/category-colours.ts';
import { axisLabel, shown } from '../kit/format.ts';
import type { Ink } from '../kit/ink.ts';
import { symbolNames } from '../kit/symbols.ts';
import { categoriesOn, isCategory, panelsOf } from './categories.ts';
import { marksOf } from './marks.ts';
import type { ChartScale, ChartSpec } from './model.ts';
import { wrapOf, wrappedMarks } from './panels.ts';
import { type Colours, present, type UsableMark } from './rows.ts';
import { shortNames } from './short-names.ts';

/** The chart as Observable Plot takes it. */
export function chartOptions(
  spec: ChartSpec,
  whole: UsableMark[],
  colours: Colours,
  ink: Ink,
  width: number,
): Plot.PlotOptions {
  const wrap = wrapOf(whole, width);
  const { marks, titles } = wrap ? wrappedMarks(whole, wrap, ink) : { marks: whole, titles: undefined };
  const sides = { x: categoriesOn('x', spec, marks), y: categoriesOn('y', spec, marks) };
  const names = sides.x?.names ?? [];
  const room = roomOfName(names, panelsOf('panelX', marks).length, width);
  const lines = spec.x?.type === 'time' ? undefined : linesOf(names, room);
  const slanted = lines ? 0 : slantedMargin(spec, names, room);
  const left = leftMargin(spec, marks, width);
  return {
    marginLeft: slanted ? Math.max(left, Math.min(mostSlanted * 4.6, longestOf(names) * 4.6 - room / 2)) : left,
    marginRight: 24,
    ...(slanted && { marginBottom: slanted }),
    ...(lines && { marginBottom: 34 + 12 * Math.max(...[...lines.values()].map((own) => own.split('\n').length)) }),
    x: {
      ...scaleOf(spec.x, nameOf(spec, 'x'), sides.x, 'x'),
      ...(wrap && !sides.x && { ticks: 4 }),
      ...(slanted && { tickRotate: -40, tickFormat: shortNames(names, mostSlanted) }),
      ...thinned(names, room),
      ...angles(marks),
      ...around(spec, marks, sides.x, 'x'),
      ...(lines && { tickFormat: (name: unknown) => lines.get(name) ?? String(name) }),
    },
    y: {
      ...scaleOf(spec.y, nameOf(spec, 'y'), sides.y, 'y'),
      grid: !sides.y?.band,
      ...around(spec, marks, sides.y, 'y'),
      ...(sides.y && {
        labelAnchor: 'top',
        tickFormat: shortNames(sides.y.names, Math.floor((left - 24) / letter)),
      }),
    },
    symbol: colours.kind === 'category' ? { domain: colours.names, range: symbolNames } : { range: symbolNames },
    fx: { label: null, ...(wrap ? { axis: null } : ordered(panelsOf('panelX', marks))) },
    fy: { label: null, ...(wrap ? { axis: null, padding: 0.22 } : ordered(panelsOf('panelY', marks))) },
    color:
      colours.kind === 'category'
        ? { type: 'ordinal', domain: colours.names, range: categoryColours(colours.names.length, ink) }
        : colours.kind === 'number'
          ? {
              type: colours.scale === 'diverging' ? 'diverging' : 'linear',
              interpolate: colours.scale === 'diverging' ? (t: number) => interpolatePuOr(1 - t) : interpolateViridis,
            }
          : {},
    marks: [...marks.flatMap(({ mark, data }) => marksOf(mark, data, spec, colours, ink)), ...(titles ? [titles] : [])],
  };
}

/** Room around a single value, which would have none, and around the rows of events. */
function around(spec: ChartSpec, marks: UsableMark[], categories: unknown, axis: 'x' | 'y') {
  if (categories || spec[axis]?.domain || (spec[axis]?.type ?? 'linear') !== 'linear') return {};
  const drawn = marks.filter(({ mark }) => mark.mark !== 'rule' && mark.mark !== 'histogram' && mark.mark !== 'bar');
  const values = drawn.flatMap(({ mark, data }) => data.map((row) => row[mark[axis] ?? '']).filter(present));
  const numbers = values.filter((value) => typeof value === 'number');
  if (numbers.length === 0 || numbers.length < values.length || drawn.length < marks.length - 1) return {};
  const [low, high] = numbers.reduce(
    ([a, b], value) => [Math.min(a, value), Math.max(b, value)],
    [Infinity, -Infinity],
  );
  if (axis === 'y' && marks.some(({ mark }) => mark.mark === 'tick'))
    return { domain: [low - 0.6, high + 0.6], nice: false };
  const half = Math.abs(low) * 0.1 || 1;
  return low === high ? { domain: [low - half, high + half] } : {};
}

/** Names that are numbers and do not fit side by side: some of them. */
function thinned(names: unknown[], room: number) {
  const every = Math.ceil((longestOf(names) * letter + 6) / room);
  if (every < 2 || names.length === 0 || !names.every((name) => typeof name === 'number')) return {};
  return { ticks: names.filter((_, i) => i % every === 0) };
}

/** Quarters of a circle, or of a half, where the responses to angles are drawn, °. */
function angles(marks: UsableMark[]) {
  const values = marks.flatMap(({ mark, data }) =>
    mark.mark === 'tuning' ? data.map((row) => row[mark.x ?? '']) : [],
  );
  const far = values.reduce<number>((most, value) => Math.max(most, typeof value === 'number' ? value : Infinity), 0);
  if (values.length === 0 || far > 360 || far < 90) return {};
  return { ticks: [0, 1, 2, 3, 4].map((quarter) => quarter * (far > 180 ? 90 : 45)).filter((angle) => angle <= far) };
}

/** Names of the axes: as the spec says, else the column's. */
function nameOf(spec: ChartSpec, axis: 'x' | 'y'): string {
  const scale = spec[axis];
  const histogram = spec.marks.find(({ mark }) => mark === 'histogram');
  if (histogram && axis === 'y' && !scale?.label) return 'count';
  const column = spec.marks.flatMap((mark) => mark[axis] ?? mark[`${axis}1`] ?? [])[0] ?? '';
  return axisLabel({ label: scale?.label ?? column, unit: scale?.unit });
}

const ordered = (domain: unknown[]) => (domain.length > 0 ? { domain } : {});

function scaleOf(
  scale: ChartScale | undefined,
  label: string,
  categories: ReturnType<typeof categoriesOn>,
  axis: 'x' | 'y',
): Plot.ScaleOptions {
  const type = categories
    ? categories.band
      ? 'band'
      : 'point'
    : scale?.type === 'time'
      ? 'utc'
      : scale?.type === 'diverging' || scale?.type === 'category'
        ? undefined
        : scale?.type;
  return {
    label: plain(label, 80),
    ...(type === 'log' ? { ticks: 5, tickFormat: (value: number) => shown(value) } : {}),
    ...(axis === 'y' && label === 'count' ? { ticks: wholes, tickFormat: (value: number) => shown(value) } : {}),
    ...(type ? { type } : {}),
    ...(categories ? { domain: categories.names } : {}),
    ...(scale?.zero !== undefined ? { zero: scale.zero } : {}),
    ...(scale?.domain ? { domain: scale.domain } : {}),
    ...(axis === 'y' && !categories && !scale?.domain ? { nice: true } : {}),
    // SAFETY: every member is one of a scale; a type that is none of Plot's was taken out above.
  } as Plot.ScaleOptions;
}

/** Places on an axis of counts: none between two whole numbers. */
const wholes = {
  floor: Math.floor,
  offset: (value: number, step = 1) => value + step,
  range: (low: number, high: number): number[] => {
    const least = Math.max(1, (high - low) / 10);
    const power = 10 ** Math.floor(Math.log10(least));
    const step = power * ([1, 2, 5].find((one) => one * power >= least) ?? 10);
    const first = Math.ceil(low / step);
    return Array.from({ length: Math.ceil(high / step) - first }, (_, i) => (first + i) * step);
  },
};

/** Pixels of a letter, about. */
const letter = 7;
/** Characters of a slanted name at most. */
const mostSlanted = 28;
/** Lines of one name at most. */
const mostLines = 3;

/** Pixels between the names of two categories side by side. */
const roomOfName = (names: unknown[], panels: number, width: number): number =>
  (width - 80) / Math.max(1, panels) / Math.max(1, names.length);

/** Names of categories that do not fit side by side, broken between words; undefined where they fit, or do not fit so either. */
function linesOf(names: unknown[], room: number): Map<unknown, string> | undefined {
  const most = Math.floor((room - 6) / letter);
  const broken = new Map(names.map((name) => [name, brokenAt(String(name), most)]));
  const all = [...broken.values()];
  if (all.every((lines) => lines.length <= 1)) return undefined;
  if (all.some((lines) => lines.length > mostLines || lines.some((line) => line.length > most))) return undefined;
  return new Map([...broken].map(([name, lines]) => [name, lines.join('\n')]));
}

function brokenAt(name: string, most: number): string[] {
  const lines: string[] = [];
  for (const word of name.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= most) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Room below for names of categories that do not fit side by side and are written at a slant; 0 where they fit. */
function slantedMargin(spec: ChartSpec, names: unknown[], room: number): number {
  const longest = longestOf(names);
  if (longest * letter + 6 <= room || spec.x?.type === 'time' || names.every((name) => typeof name === 'number'))
    return 0;
  return 40 + Math.min(longest, mostSlanted) * 4.8;
}

const longestOf = (names: unknown[]): number => Math.max(0, ...names.map((name) => String(name).length));

/** Room for the longest name on a vertical axis of categories. */
function leftMargin(spec: ChartSpec, marks: UsableMark[], width: number): number {
  const names = marks.flatMap(({ mark, data }) =>
    isCategory(spec.y, mark.y, data) ? data.map((row) => String(row[mark.y!]).length) : [],
  );
  return names.length === 0 ? 56 : Math.min(width * 0.4, 24 + Math.max(...names) * 7);
}
