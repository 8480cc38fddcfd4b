import { extent } from '../kit/colour-scales.ts';
import { type NumberArray, numbersOf, wordsOf } from '../kit/numbers.ts';
import type { Bounds, Span } from '../kit/viewport.ts';
import type { PointsModel } from './model.ts';

/** Points in the plane. */
export interface Cloud {
  count: number;
  x: NumberArray;
  y: NumberArray;
  /** Colour of each point: an index into a palette. */
  colour: Uint16Array;
  names: string[] | undefined;
  ids: string[] | undefined;
  /** Of points that have a place. */
  bounds: Bounds;
  missing: number;
  category: { name: string; names: string[]; counts: Uint32Array } | undefined;
  value: { label: string; unit?: string; values: NumberArray; span: Span } | undefined;
}

/** Colours of a value: 1 to 256; 0 is "not measured". */
const steps = 256;

/** The points of a model. Throws when its lists differ in length or a category has no name. */
export function cloudOf(model: PointsModel): Cloud {
  const x = numbersOf(model.x);
  const y = numbersOf(model.y);
  const count = x.length;
  const same = (list: ArrayLike<unknown> | undefined, name: string) => {
    if (list && list.length !== count) throw new Error(`There are ${list.length} ${name} for ${count} points.`);
  };
  same(y, 'values of y');
  const names = model.names && wordsOf(model.names);
  const ids = model.ids && wordsOf(model.ids);
  same(names, 'names');
  same(ids, 'ids');
  const colour = new Uint16Array(count);
  let category: Cloud['category'];
  let value: Cloud['value'];
  if (model.category) {
    const values = numbersOf(model.category.values);
    same(values, 'categories');
    const counts = new Uint32Array(model.category.names.length);
    for (let i = 0; i < count; i++) {
      if (!(values[i] >= 0 && values[i] < counts.length))
        throw new Error(`Point ${i} is of category ${values[i]}; ${counts.length} have names.`);
      counts[values[i]]++;
      colour[i] = values[i];
    }
    category = { name: model.category.name, names: model.category.names, counts };
  } else if (model.value) {
    const values = numbersOf(model.value.values);
    same(values, 'values');
    const [low, high] = extent(values) ?? [0, 1];
    for (let i = 0; i < count; i++)
      colour[i] = Number.isNaN(values[i]) ? 0 : 1 + Math.round(((values[i] - low) / (high - low || 1)) * (steps - 1));
    value = { label: model.value.label, unit: model.value.unit, values, span: { low, high } };
  }
  let missing = 0;
  for (let i = 0; i < count; i++) if (!Number.isFinite(x[i]) || !Number.isFinite(y[i])) missing++;
  return {
    count,
    x,
    y,
    colour,
    names,
    ids,
    bounds: { x: around(extent(x)), y: around(extent(y)) },
    missing,
    category,
    value,
  };
}

/** A span with 3 % of room on both sides. */
function around([low, high]: [number, number] = [0, 1]): Span {
  const room = (high - low) * 0.03 || 1;
  return { low: low - room, high: high + room };
}

/** Widens one of the spans until a unit is as long on both axes. */
export function equalised({ x, y }: Bounds, aspect: number): Bounds {
  const [w, h] = [x.high - x.low, y.high - y.low];
  const widen = ({ low, high }: Span, to: number): Span => {
    const more = Math.max(0, to - (high - low)) / 2;
    return { low: low - more, high: high + more };
  };
  return { x: widen(x, h * aspect), y: widen(y, w / aspect) };
}
