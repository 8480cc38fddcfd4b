import { brief } from '@bregma/core/contracts/plain-text';
import type { StillImage } from '@bregma/webviews/kit/still';
import type { Picture } from '../draw/draw.ts';
import { addressOf, type DrawSvg, drawPlot, stillOf } from './picture-html.ts';
import { escapeHtml } from './text.ts';

const gapPx = 16;
const labelPx = 18;
/** Width of a row of images, px. */
const rowPx = 760;

/** What of a picture is drawn, each as one SVG for a light ground. None: it is words, numbers or a table. */
export async function drawingsOf(picture: Picture, drawSvg: DrawSvg): Promise<string[]> {
  const parts = stillOf(picture)?.parts ?? [];
  const drawn = await Promise.all(
    parts.map(async (part) => {
      if (part.is === 'chart') return (await drawSvg({ spec: part.spec, data: part.data })).light;
      if (part.is === 'plot') return svgOf(await drawPlot(part, drawSvg));
      if (part.is === 'drawing') return part.light;
      return part.is === 'images' ? imagesSvg(part.images, part.says) : undefined;
    }),
  );
  return drawn.filter((svg) => svg !== undefined);
}

/** A chart for a light ground, or the sentence that says why there is none. */
const svgOf = (drawn: Awaited<ReturnType<typeof drawPlot>>): string =>
  'problem' in drawn
    ? `<svg xmlns="http://www.w3.org/2000/svg" width="${rowPx}" height="24">${line(drawn.problem, 0, 16, rowPx)}</svg>`
    : drawn.light;

/** Images in rows, each with its label below; says: what their colours mean. */
function imagesSvg(images: StillImage[], says: string): string {
  let [x, y, rowHeight, width] = [0, 0, 0, 0];
  const placed = images.map((image) => {
    const size = { width: image.widthPx, height: heightOf(image) };
    if (x > 0 && x + size.width > rowPx) [x, y, rowHeight] = [0, y + rowHeight + labelPx + gapPx, 0];
    const at = `x="${x}" y="${y}" width="${size.width}" height="${size.height}"`;
    const drawn = `<image ${at} href="${addressOf(image)}" image-rendering="optimizeSpeed" preserveAspectRatio="xMinYMin"/>`;
    const label = line(image.label, x, y + size.height + 13, size.width);
    width = Math.max(width, x + size.width);
    rowHeight = Math.max(rowHeight, size.height);
    x += size.width + gapPx;
    return drawn + label;
  });
  const height = y + rowHeight + 2 * labelPx;
  const meaning = line(says, 0, height - 5, rowPx);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${placed.join('')}${meaning}</svg>`;
}

/** A line of small text, as much of it as fits. */
const line = (words: string, x: number, y: number, widthPx: number): string =>
  `<text x="${x}" y="${y}" font-size="11" fill="#5a5a5a">${escapeHtml(brief(words, Math.floor(widthPx / 5.4)))}</text>`;

/** Files are drawn into a square: their own size is theirs to say. */
const heightOf = ({ widthPx, pixels }: StillImage): number =>
  pixels ? Math.round((widthPx * pixels.height) / pixels.width) : widthPx;
