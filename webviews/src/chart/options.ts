import { plain } from '@bregma/core/contracts/plain-text';
import type * as Plot from '@observablehq/plot';
import { interpolatePuOr, interpolateViridis } from 'd3-scale-chromatic';
import { categoryColours } from '../kit/category-colours.ts';
import { axisLabel } from '../kit/format.ts';
import type { Ink } from '../kit/ink.ts';
import { symbolNames } from '../kit/symbols.ts';
import { categoriesOn, isCategory, panelsOf } from './categories.ts';
import { marksOf } from './marks.ts';
import type { ChartScale, ChartSpec } from './model.ts';
import type { Colours, UsableMark } from './rows.ts';

/** The chart as Observable Plot takes it. */
export function chartOptions(
  spec: ChartSpec,
  marks: UsableMark[],
  colours: Colours,
  ink: Ink,
  width: number,
): Plot.PlotOptions {
  const sides = { x: categoriesOn('x', spec, marks), y: categoriesOn('y', spec, marks) };
  const names = sides.x?.names ?? [];
  const room = roomOfName(names, panelsOf('panelX', marks).length, width);
  const lines = spec.x?.type === 'time' ? undefined : linesOf(names, room);
  const slanted = lines ? 0 : slantedMargin(spec, names, room);
  return {
    marginLeft: leftMargin(spec, marks, width),
    marginRight: 24,
    ...(slanted && { marginBottom: slanted }),
    ...(lines && { marginBottom: 34 + 12 * Math.max(...[...lines.values()].map((own) => own.split('\n').length)) }),
    x: {
      ...scaleOf(spec.x, nameOf(spec, 'x'), sides.x, 'x'),
      ...(slanted && { tickRotate: -40 }),
      ...(lines && { tickFormat: (name: unknown) => lines.get(name) ?? String(name) }),
    },
    y: { ...scaleOf(spec.y, nameOf(spec, 'y'), sides.y, 'y'), grid: !sides.y?.band },
    symbol: colours.kind === 'category' ? { domain: colours.names, range: symbolNames } : { range: symbolNames },
    fx: { label: null, ...ordered(panelsOf('panelX', marks)) },
    fy: { label: null, ...ordered(panelsOf('panelY', marks)) },
    color:
      colours.kind === 'category'
        ? { type: 'ordinal', domain: colours.names, range: categoryColours(colours.names.length, ink) }
        : colours.kind === 'number'
          ? {
              type: colours.scale === 'diverging' ? 'diverging' : 'linear',
              interpolate: colours.scale === 'diverging' ? (t: number) => interpolatePuOr(1 - t) : interpolateViridis,
            }
          : {},
    marks: marks.flatMap(({ mark, data }) => marksOf(mark, data, spec, colours, ink)),
  };
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
    ...(type ? { type } : {}),
    ...(categories ? { domain: categories.names } : {}),
    ...(scale?.zero !== undefined ? { zero: scale.zero } : {}),
    ...(scale?.domain ? { domain: scale.domain } : {}),
    ...(axis === 'y' && !categories && !scale?.domain ? { nice: true } : {}),
    // SAFETY: every member is one of a scale; a type that is none of Plot's was taken out above.
  } as Plot.ScaleOptions;
}

/** Pixels of a letter, about. */
const letter = 7;
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
  const longest = Math.max(0, ...names.map((name) => String(name).length));
  if (longest * letter + 6 <= room || spec.x?.type === 'time' || names.every((name) => typeof name === 'number'))
    return 0;
  return Math.min(170, 40 + longest * 4.8);
}

/** Room for the longest name on a vertical axis of categories. */
function leftMargin(spec: ChartSpec, marks: UsableMark[], width: number): number {
  const names = marks.flatMap(({ mark, data }) =>
    isCategory(spec.y, mark.y, data) ? data.map((row) => String(row[mark.y!]).length) : [],
  );
  return names.length === 0 ? 56 : Math.min(width * 0.4, 24 + Math.max(...names) * 7);
}
