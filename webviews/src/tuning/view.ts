import * as Plot from '@observablehq/plot';
import { plain } from '../kit/dom.ts';
import { figure, nothing } from '../kit/figure.tsx';
import { axisLabel, shown } from '../kit/format.ts';
import { kindDash } from '../kit/kind-mark.ts';
import { legend, seriesColour } from '../kit/legend.tsx';
import { parsed } from '../kit/parsed.ts';
import { drawPlot, type PlotDrawing } from '../kit/plot.ts';
import { redrawn } from '../kit/redrawn.ts';
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

/** Responses against a parameter of the stimulus. What was not measured is a cross on the axis, not a zero. */
export const tuning: View<TuningModel> = {
  name: 'tuning',
  parse: (value) => parsed(TuningModel, value, 'tuning'),
  render({ model, el, host }) {
    return redrawn(model, (now) => {
      const curves = now.curves.map((curve) => ({
        ...curve,
        kind: curve.kind ?? now.kind,
        points: responses(curve, now),
      }));
      const all = curves.flatMap(({ points }) => points);
      const unit = (text: string, of: { unit?: string }) => (of.unit ? `${text} ${of.unit}` : text);
      const describe = ({ curve, at, mean, low, high, n }: Response) =>
        `${curve}, ${unit(shown(at), now.stimulus)}: ${mean === null ? 'not measured' : unit(shown(mean), now.response)}${low !== null && high !== null ? ` [${shown(low)}, ${shown(high)}]` : ''}${n === undefined ? '' : `, n = ${shown(n)}`}`;
      let drawing: PlotDrawing | undefined;
      const frame = figure(el, {
        caption: now,
        host,
        picture: () => drawing?.svg(),
        table: () => ({
          columns: ['curve', axisLabel(now.stimulus), axisLabel(now.response), 'low', 'high', 'n'],
          rows: all
            .filter(({ again }) => !again)
            .map(({ curve, at, mean, low, high, n }) => [curve, at, mean, low, high, n ?? null]),
        }),
      });
      if (all.length === 0) {
        frame.body.append(nothing('There are no responses to draw.'));
        return undefined;
      }
      const { period } = now.stimulus;
      const whiskers = all.some(({ low, high }) => low !== null && high !== null);
      drawing = drawPlot(frame, {
        label: `${now.response.label} against ${now.stimulus.label}, ${curves.length} curves.${whiskers ? ` Whiskers: ${now.interval ?? 'interval of unknown kind'}.` : ''}`,
        points: all
          .filter(({ again }) => !again)
          .map((point) => ({ x: point.at, y: point.mean, text: describe(point) })),
        height: (width) => Math.max(220, Math.min(400, width * 0.5)),
        options: (ink) => ({
          x: {
            label: axisLabel(now.stimulus),
            type: now.stimulus.scale === 'log' ? 'log' : 'linear',
            ...(period ? { domain: [0, period], ticks: [0, 0.25, 0.5, 0.75, 1].map((part) => part * period) } : {}),
            inset: 10,
          },
          y: { label: axisLabel(now.response), grid: true, nice: true, zero: true },
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
                title: (point: Response) => plain(describe(point).replace(', ', '\n'), 200),
                ...tipOf(ink),
              }),
            ),
          ],
        }),
      });
      frame.body.append(
        legend(
          curves.map(({ name, kind }, i) => ({
            name,
            colour: seriesColour(i),
            line: kind,
            sign: signOf(i),
            detail: kind === now.kind ? undefined : kind,
          })),
        ),
      );
      const missing = all.filter(({ mean, again }) => mean === null && !again).length;
      frame.hint(
        [
          whiskers && `Whiskers: ${now.interval ?? 'interval of unknown kind'}`,
          missing > 0 && `× not measured (${missing})`,
          curves.some(({ baseline }) => baseline !== undefined) && 'dotted: without a stimulus',
        ]
          .filter(Boolean)
          .join(' · '),
      );
      return drawing.dispose;
    });
  },
};

function responses(curve: TuningModel['curves'][number], { stimulus: { period } }: TuningModel): Response[] {
  const points = curve.points
    .map(({ at, mean, low = null, high = null, n }) => ({ curve: curve.name, at, mean, low, high, n, again: false }))
    .sort((a, b) => a.at - b.at);
  const first = points[0];
  if (!period || !first || points.some(({ at }) => at >= first.at + period)) return points;
  return [...points, { ...first, at: first.at + period, again: true }];
}
