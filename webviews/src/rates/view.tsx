import { plain } from '@bregma/core/contracts/plain-text';
import * as Plot from '@observablehq/plot';
import { useMemo, useRef, useState } from 'preact/hooks';
import { type Shown, shownAnew } from '../kit/component.tsx';
import { outline } from '../kit/downsample.ts';
import { epochMarks } from '../kit/epochs.ts';
import { Figure, Nothing } from '../kit/figure.tsx';
import { axisLabel, type PlainTable, shown } from '../kit/format.ts';
import type { Ink } from '../kit/ink.ts';
import { kindDash } from '../kit/kind-mark.ts';
import { Legend, type LegendItem, seriesColour } from '../kit/legend.tsx';
import { numbersOf } from '../kit/numbers.ts';
import { parsed } from '../kit/parsed.ts';
import { PlotDrawing, type PlotPoint, type PlotSvg } from '../kit/plot.tsx';
import { tipOf } from '../kit/tip.ts';
import type { View } from '../kit/view.ts';
import { RatesModel } from './model.ts';

interface Sample {
  series: string;
  time: number;
  value: number;
  low: number;
  high: number;
}

function Body({ model, host }: Shown<RatesModel>) {
  const [said, say] = useState('');
  const drawn = useRef<PlotSvg>(null);
  const lines = useMemo(() => decode(model), [model]);
  const { series, time } = lines;
  const interval = series.some(({ low }) => low) ? (model.interval ?? 'interval of unknown kind') : undefined;
  const picture = {
    caption: model,
    host,
    said,
    picture: () => drawn.current ?? undefined,
    table: () => tableOf(lines),
  };
  if (series.length === 0 || time.length === 0)
    return (
      <Figure {...picture}>
        <Nothing>There are no lines to draw.</Nothing>
      </Figure>
    );
  return (
    <Figure {...picture} hint={interval && `Bands: ${interval}`}>
      <PlotDrawing
        label={`${model.value.label} over time, ${series.length} lines.${interval ? ` Bands: ${interval}.` : ''}`}
        points={pointsOf(lines, model)}
        height={(width) => Math.max(220, Math.min(420, width * 0.42))}
        options={(ink, width) => optionsOf(lines, model, ink, width)}
        say={say}
        drawn={drawn}
      />
      <Legend items={series.map((line, i) => legendItem(line, i, model))} />
    </Figure>
  );
}

type Lines = ReturnType<typeof decode>;

const tableOf = ({ series, time }: Lines): PlainTable => ({
  columns: ['time (ms)', ...series.flatMap(({ name, low }) => (low ? [name, `${name} low`, `${name} high`] : [name]))],
  rows: Array.from(time, (t, i) => [
    t,
    ...series.flatMap(({ values, low, high }) =>
      (low && high ? [values[i], low[i], high[i]] : [values[i]]).map((v) => (Number.isNaN(v) ? null : v)),
    ),
  ]),
});

const pointsOf = ({ series }: Lines, { value: { unit = '' } }: RatesModel): PlotPoint[] =>
  series.flatMap(({ name, samples }) =>
    samples(400).map(({ time: t, value, low, high }) => ({
      x: t,
      y: Number.isNaN(value) ? null : value,
      text: `${name}, ${shown(t)} ms: ${shown(value)} ${unit}${Number.isNaN(low) ? '' : ` [${shown(low)}, ${shown(high)}]`}`,
    })),
  );

const optionsOf = ({ series }: Lines, model: RatesModel, ink: Ink, width: number): Plot.PlotOptions => ({
  x: { label: 'Time (ms)', nice: false },
  y: { label: axisLabel(model.value), grid: true, nice: true },
  color: { domain: series.map(({ name }) => name), range: series.map((_, i) => ink.series[i % 8]) },
  marks: [
    ...epochMarks(model.epochs, ink),
    ...series.flatMap(({ samples, low, kind }) => {
      const data = samples(width);
      return [
        low && Plot.areaY(data, { x: 'time', y1: 'low', y2: 'high', fill: 'series', fillOpacity: 0.2 }),
        Plot.lineY(data, {
          x: 'time',
          y: 'value',
          stroke: 'series',
          strokeWidth: 1.75,
          strokeDasharray: kindDash[kind],
        }),
      ];
    }),
    Plot.ruleY([0], { stroke: ink.line }),
    Plot.tip(
      series.flatMap(({ samples }) => samples(width)),
      Plot.pointer({ x: 'time', y: 'value', title: tipText(model), ...tipOf(ink) }),
    ),
  ],
});

const legendItem = ({ name, kind, n }: Lines['series'][number], i: number, model: RatesModel): LegendItem => ({
  name,
  colour: seriesColour(i),
  line: kind,
  detail: [kind !== model.kind && kind, n && `n = ${shown(n.count)} ${n.of}`].filter(Boolean).join(', '),
});

const tipText = (model: RatesModel) => (sample: Sample) =>
  plain(
    `${sample.series}\n${shown(sample.time)} ms\n${shown(sample.value)} ${model.value.unit ?? ''}${Number.isNaN(sample.low) ? '' : `\n[${shown(sample.low)}, ${shown(sample.high)}]`}`,
    200,
  );

function decode(model: RatesModel) {
  const time = numbersOf(model.timeMs);
  const series = model.series.map(({ name, kind = model.kind, values: given, low: lows, high: highs, n }) => {
    const values = numbersOf(given);
    const [low, high] = [lows && numbersOf(lows), highs && numbersOf(highs)];
    for (const list of [values, low, high]) {
      if (list && list.length !== time.length)
        throw new Error(`“${plain(name, 60)}” has ${list.length} values for ${time.length} times.`);
    }
    const samples = (width: number): Sample[] =>
      outline(values, Math.max(50, Math.round(width / 2))).map((i) => ({
        series: name,
        time: time[i],
        value: values[i],
        low: low?.[i] ?? Number.NaN,
        high: high?.[i] ?? Number.NaN,
      }));
    return { name, kind, n, values, low, high, samples };
  });
  return { time, series };
}

/** Lines over time with their intervals: firing rates, fluorescence, potentials. Gaps are where nothing was measured. */
export const rates: View<RatesModel> = {
  name: 'rates',
  parse: (value) => parsed(RatesModel, value, 'rates'),
  render: shownAnew(Body),
};
