import { kindSigns } from '@bregma/core/contracts/kind-signs';
import { BregmaError } from '@bregma/core/errors';
import { plainly } from '@bregma/core/numbers';
import type { ChartModel } from '@bregma/webviews/chart/model';
import type { Caption } from '@bregma/webviews/kit/caption';
import type { Still, StillImage, StillPart } from '@bregma/webviews/kit/still';
import { stills } from '@bregma/webviews/stills.gen';
import { PNG } from 'pngjs';
import type { ChartDrawn, ChartRequest } from '../chart.ts';
import type { Picture } from '../draw/draw.ts';
import { cutTo, escapeHtml } from './text.ts';

/** Draws a chart as SVG, for a light and a dark ground. */
export type DrawSvg = (request: ChartRequest) => Promise<ChartDrawn>;

const longestJson = 20_000;

/** A picture as HTML that needs no program: its still form, or its values. */
export async function pictureHtml({ view, model }: Picture, drawSvg: DrawSvg): Promise<string> {
  const still = stillOf({ view, model });
  // SAFETY: every model has the members of a caption (kit/caption.ts).
  const caption = model as Caption;
  if (!still) return `<figure>${jsonHtml(caption)}${captionHtml(caption, [])}</figure>`;
  const parts = await Promise.all(still.parts.map((part) => partHtml(part, caption.title, drawSvg)));
  // What has no kind of value carries its own words.
  const under = caption.kind === undefined ? '' : captionHtml(caption, still.numbers ?? []);
  return `<figure>${parts.join('')}${under}</figure>`;
}

/** A picture as a page shows it that runs nothing; undefined: as JSON. */
export const stillOf = ({ view, model }: Picture): Still | undefined =>
  // SAFETY: a picture of a view carries that view's model.
  (stills as Record<string, ((model: unknown) => Still) | undefined>)[view]?.(model);

async function partHtml(part: StillPart, title: string, drawSvg: DrawSvg): Promise<string> {
  switch (part.is) {
    case 'images':
      return imagesHtml(part.images, part.says);
    case 'chart':
      return drawingHtml({ ...(await drawSvg({ spec: part.spec, data: part.data })), alt: title });
    case 'plot':
      return plotHtml(await drawPlot(part, drawSvg), title);
    case 'drawing':
      return drawingHtml(part);
    case 'table':
      return tableHtml(part);
    case 'quote':
      return `<blockquote>${escapeHtml(part.text)}</blockquote>`;
    case 'text':
      return `<p>${escapeHtml(part.text)}</p>`;
  }
}

/** Draws a chart of the grammar of plot cells, or says why it cannot be drawn. */
export async function drawPlot(
  { model }: Extract<StillPart, { is: 'plot' }>,
  drawSvg: DrawSvg,
): Promise<ChartDrawn | { problem: string }> {
  try {
    // SAFETY: only the view of charts has such a part, and it is made of its own model.
    return await drawSvg({ plot: model as ChartModel });
  } catch (error) {
    if (error instanceof BregmaError && error.code === 'bad-input') return { problem: error.message };
    throw error;
  }
}

const plotHtml = (drawn: ChartDrawn | { problem: string }, title: string): string =>
  'problem' in drawn
    ? `<p class="missing">${escapeHtml(drawn.problem)}</p>`
    : drawingHtml({ ...drawn, alt: drawn.words ?? title });

/** Whatever else there is to say of a picture, as JSON. */
function jsonHtml(model: Caption): string {
  const {
    title: _,
    kind: __,
    n: ___,
    uncertainty,
    completeness,
    release,
    licence,
    cite,
    activity,
    note,
    ...shown
  } = model;
  const value = 'value' in shown ? shown.value : shown;
  return `<pre>${escapeHtml(cutTo(JSON.stringify(value, null, 1) ?? '', longestJson))}</pre>`;
}

/** An SVG as an image: nothing in it runs or loads. */
function drawingHtml({ light, dark, alt }: { light: string; dark: string; alt: string }): string {
  const address = (svg: string) => `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
  return `<picture><source media="(prefers-color-scheme: dark)" srcset="${address(dark)}"><img src="${address(light)}" alt="${escapeHtml(alt)}"></picture>`;
}

/** Pictures of pixels beside each other, with what their colours mean. */
function imagesHtml(images: StillImage[], says: string): string {
  const figures = images.map(
    (image) =>
      `<figure><img src="${addressOf(image)}" width="${image.widthPx}" alt="${escapeHtml(image.label)}"><figcaption>${escapeHtml(cutTo(image.label, 200))}</figcaption></figure>`,
  );
  return `<div class="pixels">${figures.join('')}</div><p>${escapeHtml(says)}</p>`;
}

/** An image as an address that holds it whole. */
export function addressOf({ file, pixels }: StillImage): string {
  if (file) return `data:${file.mediaType};base64,${Buffer.from(file.bytes).toString('base64')}`;
  return pixels ? `data:image/png;base64,${pngOf(pixels).toString('base64')}` : '';
}

/** Pixels as a PNG file. */
function pngOf({ rgb, width, height }: NonNullable<StillImage['pixels']>): Buffer {
  const png = new PNG({ width, height, colorType: 2, inputColorType: 2, inputHasAlpha: false });
  png.data = Buffer.from(rgb);
  return PNG.sync.write(png, { colorType: 2, inputColorType: 2, inputHasAlpha: false });
}

function tableHtml({ columns, rows, says }: Extract<StillPart, { is: 'table' }>): string {
  const head = columns.map(
    ({ name, unit }) => `<th scope="col">${escapeHtml(cutTo(name, 200))}${unit ? ` (${escapeHtml(unit)})` : ''}</th>`,
  );
  const lines = rows.map(
    (row) =>
      `<tr>${row.map((value) => `<td${typeof value === 'number' ? ' class="number"' : ''}>${cellHtml(value)}</td>`).join('')}</tr>`,
  );
  const left = says ? `<p>${escapeHtml(says)}</p>` : '';
  return `<div class="wide"><table><thead><tr>${head.join('')}</tr></thead><tbody>${lines.join('')}</tbody></table></div>${left}`;
}

const cellHtml = (value: unknown): string => {
  if (value === null || value === undefined) return '<span class="missing" title="not measured">–</span>';
  return escapeHtml(cutTo(typeof value === 'object' ? JSON.stringify(value) : String(value), 300));
};

function captionHtml(
  { kind, n, uncertainty, completeness, release, licence, cite, activity, note }: Caption,
  numbers: [string, string][],
): string {
  const facts: [string, string | undefined][] = [
    ...numbers,
    ['n', n && `${n.count} ${n.of}`],
    ['Interval', uncertainty && intervalText(uncertainty)],
    [
      'Shown',
      completeness &&
        `${completeness.returned} of ${completeness.available ?? 'an unknown number of'} ${completeness.of}`,
    ],
    ['Data', release?.join(' · ')],
    ['Source', cite?.join(' · ')],
    ['Licence', licence?.join(' · ')],
    ['Activity', activity],
  ];
  const list = facts.flatMap(([name, text]) =>
    text ? [`<dt>${name}</dt><dd>${escapeHtml(cutTo(text, 600))}</dd>`] : [],
  );
  return `<figcaption><span class="kind ${escapeHtml(kind)}">${kindSigns[kind] ?? '?'} ${escapeHtml(kind)}</span>${note ? ` ${escapeHtml(note)}` : ''}<dl>${list.join('')}</dl></figcaption>`;
}

const intervalText = ({ low, high, level, of, method }: NonNullable<Caption['uncertainty']>): string => {
  const range = low !== undefined && high !== undefined && `${plainly(low)} to ${plainly(high)}`;
  return [range, level && `${plainly(level * 100)} %`, of && `of ${of}`, method].filter(Boolean).join(', ');
};
