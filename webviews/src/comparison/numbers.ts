import * as Plot from '@observablehq/plot';
import { rounded } from '../kit/amounts.ts';
import { figure } from '../kit/figure.tsx';
import { isValueKind } from '../kit/kind-mark.ts';
import { drawPlot } from '../kit/plot.ts';
import type { ViewHost } from '../kit/view.ts';
import type { ComparisonModel } from './model.ts';

type Numbers = ComparisonModel['numbers'][number];

/** Before against after, one dot a number, with the line on which equal ones lie. Returns what takes the drawing away. */
export function drawNumbers(numbers: Numbers, { after }: ComparisonModel, el: HTMLElement, host: ViewHost): () => void {
  const { path, n, differing, onlyOne, largest, rms, r, pairs } = numbers;
  const facts = [
    `${differing} of ${n} differ`,
    `largest difference ${rounded(largest)}`,
    `root mean square ${rounded(rms)}`,
    r === null ? '' : `r = ${rounded(r)}`,
    onlyOne > 0 ? `${onlyOne} measured in only one of them` : '',
    pairs.length < n ? `${pairs.length} of them are drawn` : '',
  ].filter(Boolean);
  let drawing: ReturnType<typeof drawPlot> | undefined;
  const frame = figure(el, {
    caption: {
      title: path,
      kind: isValueKind(after.valueKind) ? after.valueKind : 'derived',
      n: { count: n, of: 'numbers at like places' },
      note: `${facts.join('; ')}.`,
    },
    host,
    picture: () => drawing?.svg(),
    table: () => ({
      columns: ['before', 'after', 'difference'],
      rows: pairs.map(([before, now]) => [before, now, now - before]),
    }),
  });
  const all = pairs.flat();
  const range = [Math.min(...all), Math.max(...all)];
  drawing = drawPlot(frame, {
    label: `${path}, before against after: ${facts.join(', ')}.`,
    points: pairs.map(([x, y]) => ({
      x,
      y,
      text: `before ${rounded(x)}, after ${rounded(y)}, difference ${rounded(y - x)}`,
    })),
    height: (width) => Math.max(240, Math.min(420, width * 0.6)),
    options: (ink) => ({
      x: { label: 'before', grid: true },
      y: { label: 'after', grid: true },
      marks: [
        Plot.line(
          range.map((value) => [value, value]),
          { stroke: ink.quiet, strokeDasharray: '6 4' },
        ),
        Plot.dot(pairs, { x: '0', y: '1', r: 2.5, stroke: ink.focus, fill: ink.focus, fillOpacity: 0.35 }),
      ],
    }),
  });
  frame.hint('Each dot is one number. On the dashed line both are equal.');
  return drawing.dispose;
}
