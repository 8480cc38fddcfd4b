import { plain } from '@bregma/core/contracts/plain-text';
import * as Plot from '@observablehq/plot';
import { useMemo, useRef, useState } from 'preact/hooks';
import { type Shown, shownAnew } from '../kit/component.tsx';
import { Figure, Nothing } from '../kit/figure.tsx';
import { axisLabel, shown } from '../kit/format.ts';
import type { Ink } from '../kit/ink.ts';
import { kindDash } from '../kit/kind-mark.ts';
import { Legend, seriesColour } from '../kit/legend.tsx';
import { parsed } from '../kit/parsed.ts';
import { PlotDrawing, type PlotSvg } from '../kit/plot.tsx';
import { signOf, symbolNames } from '../kit/symbols.ts';
import { tipOf } from '../kit/tip.ts';
import type { View } from '../kit/view.ts';
import { TuningModel } from './model.ts';

interface Response {
  curve: string;
  at: number;
  mean: number | null;
  low: number | null;
  high: number | null;
  n?: number;
  /** The first point of a circular axis, shown again at its end. */
  again: boolean;
}

function Body({ model, host }: Shown<TuningModel>) {
  const [said, say] = useState('');
  const drawn = useRef<PlotSvg>(null);
  const curves = useMemo(() => curvesOf(model), [model]);
  const once = curves.flatMap(({ points }) => points).filter(({ again }) => !again);
  const table = () => ({
    columns: ['curve', axisLabel(model.stimulus), axisLabel(model.response), 'low', 'high', 'n'],
    rows: once.map(({ curve, at, mean, low, high, n }) => [curve, at, mean, low, high, n ?? null]),
  });
  const picture = { caption: model, host, said, picture: () => drawn.current ?? undefined, table };
  if (once.length === 0)
    return (
      <Figure {...picture}>
        <Nothing>There are no responses to draw.</Nothing>
      </Figure>
    );
  const whiskers = once.some(({ low, high }) => low !== null && high !== null)
    ? `Whiskers: ${model.interval ?? 'interval of unknown kind'}`
    : '';
  return (
    <Figure {...picture} hint={hintOf(curves, once, whiskers)}>
      <PlotDrawing
        label={`${model.response.label} against ${model.stimulus.label}, ${curves.length} curves.${whiskers && ` ${whiskers}.`}`}
        points={once.map((point) => ({ x: point.at, y: point.mean, text: describe(point, model) }))}
        height={(width) => Math.max(220, Math.min(400, width * 0.5))}
        options={(ink) => optionsOf(curves, model, ink)}
        say={say}
        drawn={drawn}
      />
      <Legend
        items={curves.map(({ name, kind }, i) => ({
          name,
          colour: seriesColour(i),
          line: kind,
          sign: signOf(i),
          detail: kind === model.kind ? undefined : kind,
        }))}
      />
    </Figure>
  );
}

type Curves = ReturnType<typeof curvesOf>;

const curvesOf = (model: TuningModel) =>
  model.curves.map((curve) => ({ ...curve, kind: curve.kind ?? model.kind, points: responses(curve, model) }));

function describe({ curve, at, mean, low, high, n }: Response, { stimulus, response }: TuningModel): string {
  const unit = (text: string, of: { unit?: string }) => (of.unit ? `${text} ${of.unit}` : text);
  const value = mean === null ? 'not measured' : unit(shown(mean), response);
  const interval = low !== null && high !== null ? ` [${shown(low)}, ${shown(high)}]` : '';
  return `${curve}, ${unit(shown(at), stimulus)}: ${value}${interval}${n === undefined ? '' : `, n = ${shown(n)}`}`;
}

function hintOf(curves: Curves, once: Response[], whiskers: string): string {
  const missing = once.filter(({ mean }) => mean === null).length;
  return [
    whiskers,
    missing > 0 && `× not measured (${missing})`,
    curves.some(({ baseline }) => baseline !== undefined) && 'dotted: without a stimulus',
  ]
    .filter(Boolean)
    .join(' · ');
}

function optionsOf(curves: Curves, model: TuningModel, ink: Ink): Plot.PlotOptions {
  const all = curves.flatMap(({ points }) => points);
  const { period } = model.stimulus;
  return {
    x: {
      label: axisLabel(model.stimulus),
      type: model.stimulus.scale === 'log' ? 'log' : 'linear',
      ...(period ? { domain: [0, period], ticks: [0, 0.25, 0.5, 0.75, 1].map((part) => part * period) } : {}),
      inset: 10,
    },
    y: { label: axisLabel(model.response), grid: true, nice: true, zero: true },
    color: { domain: curves.map(({ name }) => name), range: curves.map((_, i) => ink.series[i % 8]) },
    symbol: { domain: curves.map(({ name }) => name), range: symbolNames },
    marks: [
      Plot.ruleY([0], { stroke: ink.quiet }),
      ...curves.flatMap(({ name, baseline }) =>
        baseline === undefined
          ? []
          : [
              Plot.ruleY([{ name, baseline }], {
                y: 'baseline',
                stroke: 'name',
                strokeOpacity: 0.6,
                strokeDasharray: '1 4',
              }),
            ],
      ),
      ...curves.flatMap(({ points, kind }) => [
        Plot.ruleX(
          points.filter(({ low, high }) => low !== null && high !== null),
          { x: 'at', y1: 'low', y2: 'high', stroke: 'curve', strokeWidth: 1.5 },
        ),
        Plot.lineY(points, {
          x: 'at',
          y: (point: Response) => point.mean ?? Number.NaN,
          stroke: 'curve',
          strokeWidth: 1.75,
          strokeDasharray: kindDash[kind],
        }),
        Plot.dot(
          points.filter(({ mean, again }) => mean !== null && !again),
          { x: 'at', y: 'mean', fill: 'curve', stroke: 'curve', symbol: 'curve', r: 3.5 },
        ),
        Plot.dot(
          points.filter(({ mean, again }) => mean !== null && again),
          { x: 'at', y: 'mean', stroke: 'curve', fill: ink.ground, r: 3.5 },
        ),
        Plot.text(
          points.filter(({ mean }) => mean === null),
          { x: 'at', y: 0, text: () => '×', fill: 'curve', dy: -7, fontSize: 14 },
        ),
      ]),
      Plot.tip(
        all.filter(({ mean }) => mean !== null),
        Plot.pointer({
          x: 'at',
          y: 'mean',
          title: (point: Response) => plain(describe(point, model).replace(', ', '\n'), 200),
          ...tipOf(ink),
        }),
      ),
    ],
  };
}

function responses(curve: TuningModel['curves'][number], { stimulus: { period } }: TuningModel): Response[] {
  const points = curve.points
    .map(({ at, mean, low = null, high = null, n }) => ({ curve: curve.name, at, mean, low, high, n, again: false }))
    .sort((a, b) => a.at - b.at);
  const first = points[0];
  if (!period || !first || points.some(({ at }) => at >= first.at + period)) return points;
  return [...points, { ...first, at: first.at + period, again: true }];
}

/** Responses against a parameter of the stimulus. What was not measured is a cross on the axis, not a zero. */
export const tuning: View<TuningModel> = {
  name: 'tuning',
  parse: (value) => parsed(TuningModel, value, 'tuning'),
  render: shownAnew(Body),
};
