import { categoriesOn } from './categories.ts';
import type { ChartMark, ChartSpec } from './model.ts';
import { present, type Row } from './rows.ts';

/** A chart as it is drawn. */
export interface Prepared {
  spec: ChartSpec;
  rows: Row[];
}

/**
 * What a chart leaves to be seen from its rows: bars and cells without a number count rows; dates and moments stand on an axis of
 * time, unless they are the names of bars, boxes or cells.
 */
export function prepared(spec: ChartSpec, rows: Row[]): Prepared {
  return timed(counted({ spec, rows }));
}

/** The column of counts. */
const countColumn = 'count';

const others = (mark: ChartMark): string[] =>
  [mark.x, mark.y, mark.colour, mark.panelX, mark.panelY].filter((name) => name !== undefined);

/** The channel of a mark that has its number to come: bars along the other axis, cells by colour. */
function uncounted(mark: ChartMark): 'x' | 'y' | 'colour' | undefined {
  if (mark.mark === 'cell') return mark.x !== undefined && mark.y !== undefined && !mark.colour ? 'colour' : undefined;
  if (mark.mark !== 'bar' || (mark.x === undefined) === (mark.y === undefined)) return undefined;
  return mark.x === undefined ? 'x' : 'y';
}

function counted(chart: Prepared): Prepared {
  const { spec, rows } = chart;
  const [first, ...more] = spec.marks.filter(({ mark }) => mark !== 'rule');
  const channel = first && uncounted(first);
  if (channel === undefined || more.length > 0 || rows.some((row) => Object.hasOwn(row, countColumn))) return chart;
  const columns = [...new Set(others(first))];
  const groups = new Map<string, Row>();
  for (const row of rows) {
    const place = columns.map((name) => row[name]);
    if (!place.every(present)) continue;
    const key = JSON.stringify(place.map((value) => [typeof value, String(value)]));
    const group = groups.get(key) ?? {
      ...Object.fromEntries(columns.map((name) => [name, row[name]])),
      [countColumn]: 0,
    };
    group[countColumn] = Number(group[countColumn]) + 1;
    groups.set(key, group);
  }
  const marks = spec.marks.map((mark) => (mark === first ? { ...mark, [channel]: countColumn } : mark));
  return { spec: { ...spec, marks }, rows: [...groups.values()] };
}

/** `2020-03-01` and `2020-03-01T08:00:00Z`, as rows have them. */
const moment = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;

const asTime = (value: unknown): Date | undefined => {
  if (typeof value !== 'string' || !moment.test(value)) return undefined;
  const zoned = /[Z+]|-\d{2}:?\d{2}$/.test(value.slice(10)) || value.length === 10 ? value : `${value}Z`;
  const time = new Date(zoned.replace(' ', 'T'));
  return Number.isNaN(time.getTime()) ? undefined : time;
};

function timed({ spec, rows }: Prepared): Prepared {
  const axes = (['x', 'y'] as const).filter((axis) => {
    const type = spec[axis]?.type;
    if (type !== undefined) return type === 'time';
    const columns = columnsOn(spec, axis);
    const values = rows.flatMap((row) => columns.map((name) => row[name])).filter(present);
    if (values.length === 0 || !values.every(asTime)) return false;
    return !categoriesOn(
      axis,
      spec,
      spec.marks.map((mark) => ({ mark, data: rows })),
    )?.band;
  });
  if (axes.length === 0) return { spec, rows };
  const columns = axes.flatMap((axis) => columnsOn(spec, axis));
  const scales = Object.fromEntries(axes.map((axis) => [axis, { ...spec[axis], type: 'time' as const }]));
  const converted = (row: Row) => Object.fromEntries(columns.map((name) => [name, asTime(row[name]) ?? row[name]]));
  return { spec: { ...spec, ...scales }, rows: rows.map((row) => ({ ...row, ...converted(row) })) };
}

const columnsOn = (spec: ChartSpec, axis: 'x' | 'y'): string[] => [
  ...new Set(
    spec.marks.flatMap((mark) => [mark[axis], mark[`${axis}1`], mark[`${axis}2`]]).filter((name) => name !== undefined),
  ),
];
