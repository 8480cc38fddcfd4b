import { brief } from '@bregma/core/contracts/plain-text';
import type { Caption } from '@bregma/webviews/kit/caption';
import { captionLines } from './caption-lines.ts';
import { fontFamily, inks, type Theme } from './inks.ts';
import { escaped, text } from './svg-text.ts';
import { wrapped } from './wrapped.ts';

/** Space around, px. */
const edge = 16;

/** A finished SVG with its title above and what it rests on below: kind, n, releases, activity. */
export function captioned(svg: string, caption: Caption, theme: Theme = 'light'): string {
  const ink = inks[theme];
  const size = sizeOf(svg);
  const widthPx = Math.max(480, size.width + 2 * edge);
  const title = wrapped(caption.title, Math.floor(widthPx / 8.4), 2);
  const top = edge + title.length * 20 + 8;
  const below = captionLines(caption).flatMap((line) => wrapped(line, Math.floor(widthPx / 6.2), 3));
  const whole = Math.round(top + size.height + 14 + below.length * 15 + 8);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${whole}" viewBox="0 0 ${widthPx} ${whole}" font-family="${fontFamily}">`,
    `<title>${escaped(brief(caption.title, 300))}</title>`,
    `<rect width="${widthPx}" height="${whole}" fill="${ink.ground}"/>`,
    ...title.map((line, i) => text(line, edge, edge + 8 + i * 20, { fill: ink.text, size: 15, weight: 600 })),
    `<g transform="translate(${edge},${top})">${svg}</g>`,
    ...below.map((line, i) => text(line, edge, top + size.height + 22 + i * 15, { fill: ink.quiet, size: 11 })),
    '</svg>',
  ].join('');
}

/** Width and height that an SVG gives itself, px. */
function sizeOf(svg: string): { width: number; height: number } {
  const [opening = ''] = /<svg[^>]*>/.exec(svg) ?? [];
  const of = (name: string) => Number(new RegExp(`\\s${name}="([\\d.]+)(?:px)?"`).exec(opening)?.[1] ?? 400);
  return { width: of('width'), height: of('height') };
}
