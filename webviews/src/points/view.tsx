import { plain } from '@bregma/core/contracts/plain-text';
import { useMemo, useRef, useState } from 'preact/hooks';
import { categoryColours } from '../kit/category-colours.ts';
import { ColourBar } from '../kit/colour-bar.tsx';
import { channels, ramp } from '../kit/colour-scales.ts';
import { type Shown, shownAnew } from '../kit/component.tsx';
import { Figure, Nothing } from '../kit/figure.tsx';
import { axisLabel, counted, csvOf, shown } from '../kit/format.ts';
import type { Ink } from '../kit/ink.ts';
import { navigate, navigationHint } from '../kit/navigate.ts';
import { Reached } from '../kit/painting.tsx';
import { parsed } from '../kit/parsed.ts';
import { Switches, useHidden } from '../kit/switches.tsx';
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

/** Colours that a person has hidden, by their number in the cloud. */
type Hidden = ReadonlySet<number>;

function Body({ model, host }: Shown<PointsModel>) {
  const [said, say] = useState('');
  const cloud = useMemo(() => cloudOf(model), [model]);
  const stage = useRef<PointStage>();
  const { hidden, turn } = useHidden(() => stage.current?.recolour());
  const picture = {
    caption: model,
    host,
    said,
    picture: () => stage.current?.picture(),
    table: () => counts(cloud),
    csv: () => csvOf({ columns: [...columnsOf(model, cloud)], rows: rowsInSight(cloud, stage.current, hidden) }),
  };
  if (cloud.count === cloud.missing)
    return (
      <Figure {...picture}>
        <Nothing>
          {cloud.count === 0 ? 'There are no points.' : `None of ${counted(cloud.count, 'points')} has a place.`}
        </Nothing>
      </Figure>
    );
  const paint = (place: HTMLElement) => {
    const made = new PointStage(place, cloud, model.axes, model.equal === true, (ink) =>
      palette(cloud, model, hidden, ink),
    );
    stage.current = made;
    connect(place, made, cloud, say, model, (point) => !hidden.has(cloud.colour[point]));
    return made.dispose;
  };
  const go = (point: number) => {
    stage.current?.goTo(point);
    say(describe(point, cloud, model));
  };
  const without = cloud.missing > 0 ? `; ${shown(cloud.missing)} without a place` : '';
  return (
    <Figure
      {...picture}
      tools={(cloud.names || cloud.ids) && <Finder cloud={cloud} go={go} />}
      hint={`${counted(cloud.count - cloud.missing, 'points')}${without}. ${help}`}
    >
      <Reached
        class="stage navigable"
        label={`${counted(cloud.count, 'points')}: ${axisLabel(model.axes.y)} against ${axisLabel(model.axes.x)}. ${help}`}
        paint={paint}
      />
      <Key cloud={cloud} model={model} turn={turn} />
    </Figure>
  );
}

const help = `${navigationHint} Enter reads the point nearest to the middle.`;

/** Pointer and keyboard: move, zoom, read points. */
function connect(
  place: HTMLElement,
  stage: PointStage,
  cloud: Cloud,
  say: (text: string) => void,
  model: PointsModel,
  shownPoint: (point: number) => boolean,
): void {
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
  navigate(place, {
    viewport: () => stage.viewport,
    area: stage.area,
    changed: () => stage.moved(),
    hover: (at) => {
      const point = at && pick(at.x, at.y);
      if (point === stage.chosen) return;
      stage.chosen = point;
      say(point === undefined ? '' : describe(point, cloud, model));
      stage.moved();
    },
    key: ({ key: pressed }) => {
      if (pressed !== 'Enter') return false;
      const point = pick(0.5, 0.5, 400);
      stage.chosen = point;
      say(point === undefined ? 'There is no point near the middle.' : describe(point, cloud, model));
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

/** A field that goes to the point with a name or an id. */
function Finder({ cloud: { names, ids }, go }: { cloud: Cloud; go(point: number): void }) {
  const [unknown, setUnknown] = useState(false);
  const find = (wanted: string) => {
    if (wanted === '') return;
    const lists = [ids, names].filter((list) => list !== undefined);
    const place = (fits: (word: string) => boolean) =>
      lists.map((list) => list.findIndex((word) => fits(word.toLowerCase()))).find((at) => at >= 0);
    const found = place((word) => word === wanted) ?? place((word) => word.includes(wanted));
    setUnknown(found === undefined);
    if (found !== undefined) go(found);
  };
  return (
    <label>
      Find
      <input
        type="search"
        placeholder="name or id"
        spellcheck={false}
        aria-invalid={unknown}
        onChange={({ currentTarget }) => find(currentTarget.value.trim().toLowerCase())}
      />
    </label>
  );
}

function palette({ category, value, count }: Cloud, model: PointsModel, hidden: Hidden, ink: Ink): Uint8Array {
  const alpha = count > 200_000 ? 150 : count > 20_000 ? 190 : 230;
  const rgb = category
    ? categoryColours(category.names.length, ink, model.category?.colours).map(channels)
    : value
      ? [channels(ink.quiet), ...Array.from({ length: 256 }, (_, i) => [...ramp256.subarray(i * 3, i * 3 + 3)])]
      : [channels(ink.series[0])];
  return Uint8Array.from(rgb.flatMap((parts, i) => [...parts, hidden.has(i) ? 0 : alpha]));
}
const ramp256 = ramp('sequential');

interface KeyParts {
  cloud: Cloud;
  model: PointsModel;
  /** Shows or hides a colour. */
  turn(colour: number, on: boolean): void;
}

/** Legend with switches, or a bar of colours. */
function Key({ cloud: { category, value }, model, turn }: KeyParts) {
  if (value)
    return (
      <ColourBar
        scale="sequential"
        {...value.span}
        label={axisLabel(value)}
        missing={value.values.some(Number.isNaN)}
      />
    );
  if (!category) return null;
  const order = category.names.map((_, i) => i).sort((a, b) => category.counts[b] - category.counts[a]);
  return (
    <Switches
      label={category.name}
      switches={order.map((item) => ({ item, name: category.names[item], detail: shown(category.counts[item]) }))}
      most={mostSwitches}
      colours={(ink) => categoryColours(category.names.length, ink, model.category?.colours)}
      turn={turn}
    />
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
function* rowsInSight(cloud: Cloud, stage: PointStage | undefined, hidden: Hidden): Generator<unknown[]> {
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

/** Up to millions of points in a plane, coloured by category or value. */
export const points: View<PointsModel> = {
  name: 'points',
  style,
  parse: (value) => parsed(PointsModel, value, 'points'),
  render: shownAnew(Body),
};
