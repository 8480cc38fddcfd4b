import { plain } from '@bregma/core/contracts/plain-text';
import * as Plot from '@observablehq/plot';
import { useMemo, useRef, useState } from 'preact/hooks';
import { type Shown, shownAnew } from '../kit/component.tsx';
import { Figure, Nothing } from '../kit/figure.tsx';
import { counted, shown } from '../kit/format.ts';
import type { Ink } from '../kit/ink.ts';
import { parsed } from '../kit/parsed.ts';
import { PlotDrawing, type PlotSvg } from '../kit/plot.tsx';
import { spread } from '../kit/spread.ts';
import { tipOf } from '../kit/tip.ts';
import type { View } from '../kit/view.ts';
import { ValidityModel } from './model.ts';

interface Scored {
  id: string;
  rank: number;
  value: number;
  ceiling: number | null;
  control: number | null;
}

function Body({ model, host }: Shown<ValidityModel>) {
  const [said, say] = useState('');
  const drawn = useRef<PlotSvg>(null);
  const of = model.n?.of ?? 'units';
  const scored = useMemo(() => rank(model), [model]);
  const without = model.units.length - scored.length;
  const picture = {
    caption: { ...model, note: [verdict(model, without, of), model.note].filter(Boolean).join(' ') },
    host,
    said,
    picture: () => drawn.current ?? undefined,
    table: () => ({
      columns: ['unit', model.metric, 'ceiling', 'control'],
      rows: model.units.map(({ id, value, ceiling = null, control = null }) => [id, value, ceiling, control]),
    }),
  };
  if (scored.length === 0)
    return (
      <Figure {...picture}>
        <Nothing>None of {counted(model.units.length, of)} has a score.</Nothing>
      </Figure>
    );
  const lines = linesOf(model);
  return (
    <Figure
      {...picture}
      hint={`Each dot is one of the ${of}; the tick above it is its own ceiling, the small dot its control. Line: ${model.centre.is === 'median' ? 'median' : 'r over all pairs'}, with its interval.`}
    >
      <PlotDrawing
        label={`Predictive validity (${model.metric}) of ${counted(scored.length, of)}, lowest first. ${lines.map(({ text }) => text).join(', ')}.`}
        points={scored.map((unit) => ({ x: unit.rank, y: unit.value, text: describe(unit, model) }))}
        height={(width) => Math.max(260, Math.min(440, width * 0.5))}
        options={(ink, width) => options(model, scored, lines, ink, width, of)}
        say={say}
        drawn={drawn}
      />
    </Figure>
  );
}

function rank({ units }: ValidityModel): Scored[] {
  return units
    .filter((unit): unit is typeof unit & { value: number } => unit.value !== null && Number.isFinite(unit.value))
    .sort((a, b) => a.value - b.value)
    .map(({ id, value, ceiling = null, control = null }, i) => ({ id, rank: i + 1, value, ceiling, control }));
}

/** The names that papers use. */
const metricNames: Record<string, string> = { pearson: 'Pearson r', spearman: 'Spearman ρ' };

const describe = ({ id, value, ceiling, control }: Scored, { metric }: ValidityModel) =>
  `${id}: ${metric} ${shown(value)}, ceiling ${shown(ceiling)}, control ${shown(control)}`;

interface Line {
  value: number;
  text: string;
  dash?: string;
  width: number;
}

function linesOf({ centre, ceiling, control }: ValidityModel): Line[] {
  const line = (value: number | null, name: string, dash: string | undefined, width: number): Line[] =>
    value === null ? [] : [{ value, text: `${name} ${shown(value)}`, dash, width }];
  return [
    ...line(centre.value, centre.is, undefined, 2),
    ...line(ceiling, 'ceiling', '7 4', 1.5),
    ...line(control, 'control', '1 4', 2),
  ];
}

function options(
  model: ValidityModel,
  scored: Scored[],
  lines: Line[],
  ink: Ink,
  width: number,
  of: string,
): Plot.PlotOptions {
  const { ci, controlRange } = model;
  const values = scored.flatMap(({ value, ceiling, control }) => [value, ceiling ?? value, control ?? value]);
  const low = Math.min(0, ...values, ...lines.map(({ value }) => value));
  const high = Math.max(...values, ...lines.map(({ value }) => value));
  const tall = Math.max(260, Math.min(440, width * 0.5)) - 66;
  const labels = spread(
    lines.map(({ value }) => ((high - value) / (high - low || 1)) * tall),
    16,
  );
  const dot = Math.max(1.5, Math.min(4, width / scored.length / 3));
  const predicted = ink.kinds.predicted;
  return {
    marginRight: 104,
    x: { label: `${of}, by score`, ticks: [], domain: [0, scored.length + 1] },
    y: {
      label: metricNames[model.metric] ?? model.metric,
      grid: true,
      domain: [low - (high - low) * 0.03, high + (high - low) * 0.05],
    },
    marks: [
      Plot.ruleY([0], { stroke: ink.quiet }),
      controlRange ? Plot.rect([controlRange], { y1: 'low', y2: 'high', fill: ink.quiet, fillOpacity: 0.18 }) : null,
      ci && ci.low !== null && ci.high !== null
        ? Plot.rect([ci], { y1: 'low', y2: 'high', fill: predicted, fillOpacity: 0.22 })
        : null,
      ...lines.map(({ value, dash, width: strokeWidth }) =>
        Plot.ruleY([value], { stroke: dash ? ink.text : predicted, strokeWidth, strokeDasharray: dash }),
      ),
      Plot.link(
        scored.filter(({ ceiling }) => ceiling !== null),
        { x: 'rank', y1: 'value', y2: 'ceiling', stroke: ink.quiet, strokeOpacity: 0.45, strokeWidth: 1 },
      ),
      Plot.ruleY(
        scored.filter(({ ceiling }) => ceiling !== null),
        {
          x1: (unit: Scored) => unit.rank - 0.35,
          x2: (unit: Scored) => unit.rank + 0.35,
          y: 'ceiling',
          stroke: ink.text,
        },
      ),
      Plot.dot(
        scored.filter(({ control }) => control !== null),
        { x: 'rank', y: 'control', r: 1.3, fill: ink.quiet },
      ),
      Plot.dot(scored, { x: 'rank', y: 'value', r: dot, fill: predicted, stroke: ink.ground, strokeWidth: 0.6 }),
      ...lines.map(({ value, text, dash }, i) =>
        Plot.text([value], {
          y: value,
          frameAnchor: 'right',
          textAnchor: 'start',
          dx: 8,
          dy: labels[i] - ((high - value) / (high - low || 1)) * tall,
          text: () => text,
          fill: dash ? ink.text : predicted,
          fontWeight: dash ? 'normal' : 'bold',
        }),
      ),
      Plot.tip(
        scored,
        Plot.pointer({
          x: 'rank',
          y: 'value',
          title: (unit: Scored) => plain(describe(unit, model).replaceAll(', ', '\n'), 200),
          ...tipOf(ink),
        }),
      ),
    ],
  };
}

/** "FEVE 0.41 (0.35 to 0.47), median of 48 neurons" */
function inWords({ is, value, low, high, neurons }: NonNullable<ValidityModel['beside']>[number]): string {
  const range = low !== null && high !== null ? ` (${shown(low)} to ${shown(high)})` : '';
  return `${plain(is, 60)} ${shown(value)}${range}, median of ${counted(neurons, 'neurons')}`;
}

/** What the numbers say, in a sentence. */
function verdict(model: ValidityModel, without: number, of: string): string {
  const { centre, metric, ceiling, ceilingIs, control, controlIs, twin, protocol, domain, ci } = model;
  const range =
    ci && ci.low !== null && ci.high !== null
      ? ` (${shown(ci.level * 100)} % interval ${shown(ci.low)} to ${shown(ci.high)})`
      : '';
  const share =
    ceiling && centre.value !== null
      ? `, ${shown((100 * centre.value) / ceiling, 2)} % of the ceiling of ${shown(ceiling)}`
      : '';
  return [
    `${centre.is === 'median' ? `Median ${metric}` : `${metric} over all pairs`} ${shown(centre.value)}${range}${share}.`,
    ceiling === null && `Ceiling not measured${ceilingIs ? `: ${ceilingIs}` : ''}.`,
    ...(model.beside ?? []).map(inWords),
    control === null ? 'Control not measured.' : `Control ${shown(control)}${controlIs ? `: ${controlIs}` : ''}.`,
    [twin && `Twin ${twin}`, protocol && `protocol ${protocol}`, domain].filter(Boolean).join(', '),
    without > 0 && `${counted(without, of)} without a score.`,
  ]
    .filter(Boolean)
    .map((part) => (String(part).endsWith('.') ? part : `${part}.`))
    .join(' ');
}

/** Every unit's score, lowest first, beside its own ceiling and control; lines are the medians over units. */
export const validity: View<ValidityModel> = {
  name: 'validity',
  parse: (value) => parsed(ValidityModel, value, 'validity'),
  render: shownAnew(Body),
};
