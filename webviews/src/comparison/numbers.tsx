import * as Plot from '@observablehq/plot';
import { useRef, useState } from 'preact/hooks';
import { Figure } from '../kit/figure.tsx';
import { plainly } from '../kit/format.ts';
import type { Ink } from '../kit/ink.ts';
import { isValueKind } from '../kit/kind-mark.ts';
import { PlotDrawing, type PlotSvg } from '../kit/plot.tsx';
import type { ViewHost } from '../kit/view.ts';
import type { ComparisonModel } from './model.ts';

type Numbers = ComparisonModel['numbers'][number];

interface NumbersParts {
  numbers: Numbers;
  after: ComparisonModel['after'];
  host: ViewHost;
}

/** Before against after, one dot a number, with the line on which equal ones lie. */
export function NumbersFigure({ numbers, after, host }: NumbersParts) {
  const [said, say] = useState('');
  const drawn = useRef<PlotSvg>(null);
  const { path, n, pairs } = numbers;
  const facts = factsOf(numbers).join('; ');
  return (
    <section class="numbers">
      <Figure
        caption={{
          title: path,
          kind: isValueKind(after.valueKind) ? after.valueKind : 'derived',
          n: { count: n, of: 'numbers at like places' },
          note: `${facts}.`,
        }}
        host={host}
        said={said}
        hint="Each dot is one number. On the dashed line both are equal."
        picture={() => drawn.current ?? undefined}
        table={() => ({
          columns: ['before', 'after', 'difference'],
          rows: pairs.map(([before, now]) => [before, now, now - before]),
        })}
      >
        <PlotDrawing
          label={`${path}, before against after: ${facts}.`}
          points={pairs.map(([x, y]) => ({
            x,
            y,
            text: `before ${plainly(x, 6)}, after ${plainly(y, 6)}, difference ${plainly(y - x, 6)}`,
          }))}
          height={(width) => Math.max(240, Math.min(420, width * 0.6))}
          options={(ink) => optionsOf(pairs, ink)}
          say={say}
          drawn={drawn}
        />
      </Figure>
    </section>
  );
}

const factsOf = ({ n, differing, onlyOne, largest, rms, r, pairs }: Numbers): string[] =>
  [
    `${differing} of ${n} differ`,
    `largest difference ${plainly(largest, 6)}`,
    `root mean square ${plainly(rms, 6)}`,
    r === null ? '' : `r = ${plainly(r, 6)}`,
    onlyOne > 0 ? `${onlyOne} measured in only one of them` : '',
    pairs.length < n ? `${pairs.length} of them are drawn` : '',
  ].filter(Boolean);

function optionsOf(pairs: Numbers['pairs'], ink: Ink): Plot.PlotOptions {
  const all = pairs.flat();
  const range = [Math.min(...all), Math.max(...all)];
  return {
    x: { label: 'before', grid: true },
    y: { label: 'after', grid: true },
    marks: [
      Plot.line(
        range.map((value) => [value, value]),
        { stroke: ink.quiet, strokeDasharray: '6 4' },
      ),
      Plot.dot(pairs, { x: '0', y: '1', r: 2.5, stroke: ink.focus, fill: ink.focus, fillOpacity: 0.35 }),
    ],
  };
}
