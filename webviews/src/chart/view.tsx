import { useMemo, useRef, useState } from 'preact/hooks';
import { categoryColours } from '../kit/category-colours.ts';
import { ColourBar } from '../kit/colour-bar.tsx';
import { extent } from '../kit/colour-scales.ts';
import { type Shown, shownAnew } from '../kit/component.tsx';
import { Figure, Nothing } from '../kit/figure.tsx';
import { axisLabel, counted, shown } from '../kit/format.ts';
import { Inked } from '../kit/inked.tsx';
import { Legend } from '../kit/legend.tsx';
import { parsed } from '../kit/parsed.ts';
import { PlotDrawing, type PlotSvg } from '../kit/plot.tsx';
import { signOf } from '../kit/symbols.ts';
import type { View } from '../kit/view.ts';
import { ChartModel } from './model.ts';
import { chartOptions } from './options.ts';
import { heightOf } from './panels.ts';
import { prepared } from './prepare.ts';
import { pointsOf, tipsOf } from './reading.ts';
import { categoriesOf, usable } from './rows.ts';

function Body({ model, host }: Shown<ChartModel>) {
  const { spec, rows } = useMemo(() => prepared(model.spec, model.rows), [model]);
  const [said, say] = useState('');
  const drawn = useRef<PlotSvg>(null);
  const columns = useMemo(() => [...new Set(rows.flatMap((row) => Object.keys(row)))], [rows]);
  const { marks, left } = useMemo(() => usable(spec, rows, columns), [spec, rows, columns]);
  const table = () => ({ columns, rows: rows.map((row) => columns.map((name) => cell(row[name]))) });
  const picture = { caption: model, host, said, picture: () => drawn.current ?? undefined, table };
  if (marks.every(({ mark, data }) => data.length === 0 && mark.mark !== 'rule'))
    return (
      <Figure {...picture}>
        <Nothing>
          {rows.length === 0
            ? 'There are no rows to draw.'
            : `None of ${counted(rows.length, 'rows')} has a value in every channel.`}
        </Nothing>
      </Figure>
    );
  const colours = categoriesOf(spec, rows);
  return (
    <Figure
      {...picture}
      hint={left > 0 ? `${shown(left)} of ${counted(rows.length, 'rows')} not drawn: a value is not measured.` : ''}
    >
      <PlotDrawing
        label={`Chart of ${[...new Set(spec.marks.map(({ mark }) => mark))].join(', ')} over ${counted(rows.length, 'rows')}.`}
        points={pointsOf(spec, marks)}
        height={(width) => heightOf(spec, marks, width, Math.max(240, Math.min(460, width * 0.5)))}
        options={(ink, width) => {
          const options = chartOptions(spec, marks, colours, ink, width);
          return { ...options, marks: [...(options.marks ?? []), ...tipsOf(marks, ink)] };
        }}
        say={say}
        drawn={drawn}
      />
      <Colours model={{ ...model, spec, rows }} colours={colours} />
    </Figure>
  );
}

/** Names that a legend shows. */
const mostNames = 40;

/** What the colours mean: a legend of categories, or a bar of numbers. */
function Colours({ model: { spec, rows }, colours }: { model: ChartModel; colours: ReturnType<typeof categoriesOf> }) {
  if (colours.kind === 'category') {
    const signed = spec.marks.some(({ symbol }) => symbol === colours.column);
    const items = (palette: string[]) =>
      colours.names
        .slice(0, mostNames)
        .map((name, i) => ({ name, colour: palette[i], sign: signed ? signOf(i) : undefined }));
    return (
      <Inked>
        {(ink) => <Legend items={items(categoryColours(colours.names.length, ink))} label={colours.column} />}
      </Inked>
    );
  }
  if (colours.kind !== 'number') return null;
  const span = extent(rows.map((row) => Number(row[colours.column] ?? Number.NaN)));
  if (!span) return null;
  const label = axisLabel({ label: spec.colour?.label ?? colours.column, unit: spec.colour?.unit });
  return <ColourBar scale={colours.scale} low={span[0]} high={span[1]} label={label} />;
}

function cell(value: unknown): string | number | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number' || typeof value === 'string') return value;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** A chart that is described by marks over named columns. */
export const chart: View<ChartModel> = {
  name: 'chart',
  parse: (value) => parsed(ChartModel, value, 'chart'),
  render: shownAnew(Body),
};
