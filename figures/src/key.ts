import { brief } from '@bregma/core/contracts/plain-text';
import { shown } from '@bregma/core/numbers';
import type { ChartSpec } from '@bregma/webviews/chart/model';
import type { Colours, Row } from '@bregma/webviews/chart/rows';
import { categoryColours } from '@bregma/webviews/kit/category-colours';
import { extent, ramp } from '@bregma/webviews/kit/colour-scales';
import { axisLabel } from '@bregma/webviews/kit/format';
import type { Ink } from '@bregma/webviews/kit/ink';
import { signOf } from '@bregma/webviews/kit/symbols';
import { text } from './svg-text.ts';

/** Categories that are named at most; the others are counted. */
const most = 30;

/** What the colours mean, as SVG of at most `widthPx`. */
export function keyOf(
  colours: Exclude<Colours, { kind: 'none' }>,
  spec: ChartSpec,
  rows: Row[],
  ink: Ink,
  widthPx: number,
): { svg: string; heightPx: number } | undefined {
  if (colours.kind === 'category') return names(colours, spec, ink, widthPx);
  const span = extent(rows.map((row) => Number(row[colours.column] ?? Number.NaN)));
  if (!span) return undefined;
  const label = axisLabel({ label: spec.colour?.label ?? colours.column, unit: spec.colour?.unit });
  return { svg: bar(colours.scale, diverging(span, colours.scale), label, ink), heightPx: 36 };
}

/** A diverging scale reaches as far below zero as above. */
const diverging = ([low, high]: [number, number], scale: string): [number, number] => {
  const far = Math.max(Math.abs(low), Math.abs(high));
  return scale === 'diverging' ? [-far, far] : [low, high];
};

function names(
  { column, names: all }: Extract<Colours, { kind: 'category' }>,
  spec: ChartSpec,
  ink: Ink,
  widthPx: number,
): { svg: string; heightPx: number } {
  const signed = spec.marks.some(({ symbol }) => symbol === column);
  const palette = categoryColours(all.length, ink);
  const parts: string[] = [];
  let [x, row] = [0, 0];
  const place = (words: string, colour?: string, sign?: string) => {
    const width = (colour ? 16 : 0) + words.length * 7 + 14;
    if (x > 0 && x + width > widthPx) [x, row] = [0, row + 1];
    const y = row * 18 + 8;
    if (colour && sign) parts.push(text(sign, x, y, { fill: colour, size: 12 }));
    else if (colour) parts.push(`<rect x="${x}" y="${y - 5}" width="10" height="10" fill="${colour}"/>`);
    parts.push(text(words, x + (colour ? 15 : 0), y, { fill: ink.text, size: 12 }));
    x += width;
  };
  for (const [i, name] of all.slice(0, most).entries())
    place(brief(name, 40), palette[i], signed ? signOf(i) : undefined);
  if (all.length > most) place(`and ${all.length - most} more`);
  return { svg: parts.join(''), heightPx: (row + 1) * 18 };
}

function bar(scale: 'sequential' | 'diverging', [low, high]: [number, number], label: string, ink: Ink): string {
  const colours = ramp(scale);
  const steps = Array.from({ length: 64 }, (_, i) => {
    const at = Math.round((i * 255) / 63) * 3;
    return `<rect x="${i * 3}" y="0" width="3.2" height="10" fill="rgb(${colours[at]},${colours[at + 1]},${colours[at + 2]})"/>`;
  });
  const words = { fill: ink.text, size: 11 };
  return [
    ...steps,
    text(shown(low), 0, 20, words),
    text(shown(high), 192, 20, { ...words, anchor: 'end' }),
    text(label, 204, 5, { ...words, size: 12 }),
  ].join('');
}
