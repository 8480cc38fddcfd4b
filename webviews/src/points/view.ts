import { categoryColours } from '../kit/category-colours.ts';
import { colourBar } from '../kit/colour-bar.tsx';
import { channels, ramp } from '../kit/colour-scales.ts';
import { h, plain } from '../kit/dom.ts';
import { type Figure, figure, nothing } from '../kit/figure.tsx';
import { axisLabel, counted, csvOf, shown } from '../kit/format.ts';
import type { Ink } from '../kit/ink.ts';
import { inkOf } from '../kit/ink-of.ts';
import { legend } from '../kit/legend.tsx';
import { navigate, navigationHint } from '../kit/navigate.ts';
import { parsed } from '../kit/parsed.ts';
import { redrawn } from '../kit/redrawn.ts';
import type { View } from '../kit/view.ts';
import { type Cloud, cloudOf } from './cloud.ts';
import { PointsModel } from './model.ts';
import { NearestPoint } from './nearest.ts';
import { PointStage } from './stage.ts';
import style from './view.css';

/** Categories with a switch of their own. */
const mostSwitches = 40;
/** How near the pointer must come, px. */
const reach = 14;

/** Up to millions of points in a plane, coloured by category or value. */
export const points: View<PointsModel> = {
  name: 'points',
  style,
  parse: (value) => parsed(PointsModel, value, 'points'),
  render({ model, el, host }) {
    return redrawn(model, (now) => {
      const cloud = cloudOf(now);
      const hidden = new Set<number>();
      let stage: PointStage | undefined;
      const frame = figure(el, {
        caption: now,
        host,
        picture: () => stage?.picture(),
        table: () => counts(cloud),
        csv: () => csvOf({ columns: [...columnsOf(now, cloud)], rows: rowsInSight(cloud, stage, hidden) }),
        tools: finder(cloud, (point) => stage && choose(point, stage, cloud, frame, now)),
      });
      if (cloud.count === cloud.missing) {
        frame.body.append(
          nothing(
            cloud.count === 0 ? 'There are no points.' : `None of ${counted(cloud.count, 'points')} has a place.`,
          ),
        );
        return undefined;
      }
      const shownPoint = (point: number) => !hidden.has(cloud.colour[point]);
      stage = new PointStage(frame.body, cloud, now.axes, now.equal === true, (ink) =>
        palette(cloud, now, hidden, ink),
      );
      connect(stage, cloud, frame, now, shownPoint);
      frame.body.append(key(cloud, now, hidden, inkOf(el), () => stage?.recolour()));
      frame.hint(
        `${counted(cloud.count - cloud.missing, 'points')}${cloud.missing > 0 ? `; ${shown(cloud.missing)} without a place` : ''}. ${navigationHint} Enter reads the point nearest to the middle.`,
      );
      return stage.dispose;
    });
  },
};

/** Pointer and keyboard: move, zoom, read points. */
function connect(
  stage: PointStage,
  cloud: Cloud,
  frame: Figure,
  model: PointsModel,
  shownPoint: (point: number) => boolean,
): void {
  stage.element.setAttribute(
    'aria-label',
    `${counted(cloud.count, 'points')}: ${axisLabel(model.axes.y)} against ${axisLabel(model.axes.x)}. ${navigationHint} Enter reads the point nearest to the middle.`,
  );
  let index: NearestPoint | undefined;
  const pick = (x: number, y: number, wide = reach) => {
    index ??= new NearestPoint(cloud.x, cloud.y, cloud.bounds);
    const { viewport } = stage;
    const [w, v] = [viewport.x.high - viewport.x.low, viewport.y.high - viewport.y.low];
    const box = stage.area();
    return index.find(
      viewport.x.low + x * w,
      viewport.y.low + y * v,
      (wide / box.width) * w,
      (wide / box.height) * v,
      shownPoint,
    );
  };
  navigate(stage.element, {
    viewport: () => stage.viewport,
    area: stage.area,
    changed: () => stage.moved(),
    hover: (at) => {
      const point = at && pick(at.x, at.y);
      if (point === stage.chosen) return;
      stage.chosen = point;
      frame.say(point === undefined ? '' : describe(point, cloud, model));
      stage.moved();
    },
    key: ({ key: pressed }) => {
      if (pressed !== 'Enter') return false;
      const point = pick(0.5, 0.5, 400);
      stage.chosen = point;
      frame.say(point === undefined ? 'There is no point near the middle.' : describe(point, cloud, model));
      stage.moved();
      return true;
    },
  });
}

function describe(point: number, cloud: Cloud, { axes }: PointsModel): string {
  const { names, ids, category, value, x, y, colour } = cloud;
  const measure = (number: number, unit?: string) => `${shown(number, 4)}${unit ? ` ${unit}` : ''}`;
  return [
    names?.[point],
    ids?.[point],
    category && `${category.name}: ${category.names[colour[point]]}`,
    value && `${value.label}: ${measure(value.values[point], value.unit)}`,
    `${axes.x.label} ${measure(x[point], axes.x.unit)}, ${axes.y.label} ${measure(y[point], axes.y.unit)}`,
  ]
    .filter(Boolean)
    .join(' · ');
}

function choose(point: number, stage: PointStage, cloud: Cloud, frame: Figure, model: PointsModel): void {
  const { viewport } = stage;
  stage.chosen = point;
  viewport.reset();
  viewport.zoom(
    8,
    (cloud.x[point] - viewport.x.low) / (viewport.x.high - viewport.x.low),
    (cloud.y[point] - viewport.y.low) / (viewport.y.high - viewport.y.low),
  );
  frame.say(describe(point, cloud, model));
  stage.moved();
}

/** A field that goes to the point with a name or an id. */
function finder({ names, ids }: Cloud, go: (point: number) => void): HTMLElement[] {
  if (!names && !ids) return [];
  const input = h('input', { type: 'search', placeholder: 'name or id', spellcheck: 'false' });
  input.addEventListener('change', () => {
    const wanted = input.value.trim().toLowerCase();
    if (wanted === '') return;
    const lists = [ids, names].filter((list) => list !== undefined);
    const exact = lists.map((list) => list.findIndex((word) => word.toLowerCase() === wanted)).find((at) => at >= 0);
    const found =
      exact ?? lists.map((list) => list.findIndex((word) => word.toLowerCase().includes(wanted))).find((at) => at >= 0);
    input.setAttribute('aria-invalid', String(found === undefined));
    if (found !== undefined) go(found);
  });
  return [h('label', {}, 'Find', input)];
}

function palette({ category, value, count }: Cloud, model: PointsModel, hidden: Set<number>, ink: Ink): Uint8Array {
  const alpha = count > 200_000 ? 150 : count > 20_000 ? 190 : 230;
  const rgb = category
    ? categoryColours(category.names.length, ink, model.category?.colours).map(channels)
    : value
      ? [channels(ink.quiet), ...Array.from({ length: 256 }, (_, i) => [...ramp256.subarray(i * 3, i * 3 + 3)])]
      : [channels(ink.series[0])];
  return Uint8Array.from(rgb.flatMap((parts, i) => [...parts, hidden.has(i) ? 0 : alpha]));
}
const ramp256 = ramp('sequential');

/** Legend with switches, or a bar of colours. */
function key(
  { category, value }: Cloud,
  model: PointsModel,
  hidden: Set<number>,
  ink: Ink,
  changed: () => void,
): HTMLElement {
  if (value)
    return colourBar('sequential', value.span.low, value.span.high, axisLabel(value), value.values.some(Number.isNaN));
  if (!category) return h('span');
  const colours = categoryColours(category.names.length, ink, model.category?.colours);
  const order = category.names.map((_, i) => i).sort((a, b) => category.counts[b] - category.counts[a]);
  const list = legend(
    order.slice(0, mostSwitches).map((i) => ({
      name: category.names[i],
      colour: colours[i],
      detail: shown(category.counts[i]),
      toggle: {
        on: true,
        change: (on) => {
          if (on) hidden.delete(i);
          else hidden.add(i);
          changed();
        },
      },
    })),
    category.name,
  );
  const rest = order.length - mostSwitches;
  return h(
    'div',
    { class: 'key' },
    list,
    rest > 0 && h('p', { class: 'count' }, `and ${shown(rest)} more: Table lists all.`),
  );
}

/** The picture in numbers: points of each category, or the span of each axis. */
function counts({ category, count, bounds, missing }: Cloud) {
  if (category)
    return {
      columns: [category.name, 'points', 'share (%)'],
      rows: category.names
        .map((name, i): [string, number, number] => [
          plain(name, 100),
          category.counts[i],
          (100 * category.counts[i]) / Math.max(1, count),
        ])
        .sort((a, b) => b[1] - a[1]),
    };
  return {
    columns: ['axis', 'lowest', 'highest', 'points', 'not measured'],
    rows: (['x', 'y'] as const).map((axis) => [axis, bounds[axis].low, bounds[axis].high, count - missing, missing]),
  };
}

function* columnsOf({ axes }: PointsModel, { names, ids, category, value }: Cloud): Generator<string> {
  yield* [axisLabel(axes.x), axisLabel(axes.y)];
  if (names) yield 'name';
  if (ids) yield 'id';
  if (category) yield category.name;
  if (value) yield axisLabel(value);
}

/** Points that are seen now, for a copy. */
function* rowsInSight(cloud: Cloud, stage: PointStage | undefined, hidden: Set<number>): Generator<unknown[]> {
  const { x, y, names, ids, category, value, colour, count } = cloud;
  const seen = stage?.viewport ?? cloud.bounds;
  for (let i = 0; i < count; i++) {
    if (
      !(x[i] >= seen.x.low && x[i] <= seen.x.high && y[i] >= seen.y.low && y[i] <= seen.y.high) ||
      hidden.has(colour[i])
    )
      continue;
    yield [
      x[i],
      y[i],
      ...(names ? [names[i]] : []),
      ...(ids ? [ids[i]] : []),
      ...(category ? [category.names[colour[i]]] : []),
      ...(value ? [value.values[i]] : []),
    ];
  }
}
