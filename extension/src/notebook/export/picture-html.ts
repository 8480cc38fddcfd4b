import { kindSigns } from '@bregma/core/contracts/kind-signs';
import type { ClaimModel } from '@bregma/webviews/claim/model';
import type { DrawingModel } from '@bregma/webviews/drawing/model';
import type { Caption } from '@bregma/webviews/kit/caption';
import type { TableModel } from '@bregma/webviews/table/model';
import type { ValidityModel } from '@bregma/webviews/validity/model';
import type { ChartDrawn, ChartRequest } from '../chart.ts';
import type { Picture } from '../draw/draw.ts';
import { firstRows } from '../draw/plain-picture.ts';
import { asVegaLite } from './as-vega-lite.ts';
import { type Still, stillOf } from './still.ts';
import { cutTo, escapeHtml } from './text.ts';

/** Draws a chart as SVG, for a light and a dark ground. */
export type DrawSvg = (request: ChartRequest) => Promise<ChartDrawn>;

/** Rows of a table that a page shows. */
const mostRows = 200;
const longestJson = 20_000;

/** A picture as HTML that needs no program: a table, an image, or its numbers. */
export async function pictureHtml(picture: Picture, drawSvg: DrawSvg): Promise<string> {
  const caption = picture.model as Caption;
  return `<figure>${await body(picture, drawSvg)}${picture.view === 'claim' ? '' : captionHtml(caption, numbersOf(picture))}</figure>`;
}

async function body(picture: Picture, drawSvg: DrawSvg): Promise<string> {
  if (picture.view === 'table') return tableHtml(picture.model as TableModel);
  if (picture.view === 'claim') return claimHtml(picture.model as ClaimModel);
  if (picture.view === 'drawing') return imageHtml(picture.model as DrawingModel);
  const still = stillOf(picture);
  if (still) return stillHtml(still);
  const request = asVegaLite(picture);
  if (request) return imageHtml({ ...(await drawSvg(request)), alt: (picture.model as Caption).title });
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
  } = picture.model as Caption;
  const value = 'value' in shown ? (shown as { value: unknown }).value : shown;
  return `<pre>${escapeHtml(cutTo(JSON.stringify(value, null, 1) ?? '', longestJson))}</pre>`;
}

/** An SVG as an image: nothing in it runs or loads. */
function imageHtml({ light, dark, alt }: { light: string; dark: string; alt: string }): string {
  const address = (svg: string) => `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
  return `<picture><source media="(prefers-color-scheme: dark)" srcset="${address(dark)}"><img src="${address(light)}" alt="${escapeHtml(alt)}"></picture>`;
}

/** Pictures of pixels beside each other, with what their colours mean. */
function stillHtml({ images, says }: Still): string {
  const figures = images.map(
    ({ label, address, widthPx }) =>
      `<figure><img src="${address}" width="${widthPx}" alt="${escapeHtml(label)}"><figcaption>${escapeHtml(cutTo(label, 200))}</figcaption></figure>`,
  );
  return `<div class="pixels">${figures.join('')}</div><p>${escapeHtml(says)}</p>`;
}

function tableHtml(model: TableModel): string {
  const { columns } = model;
  const { rows, length } = firstRows(model, mostRows);
  const head = columns.map(
    ({ name, unit }) => `<th scope="col">${escapeHtml(cutTo(name, 200))}${unit ? ` (${escapeHtml(unit)})` : ''}</th>`,
  );
  const lines = rows.map(
    (row) =>
      `<tr>${row.map((value) => `<td${typeof value === 'number' ? ' class="number"' : ''}>${cellHtml(value)}</td>`).join('')}</tr>`,
  );
  const left = length > mostRows ? `<p>The first ${mostRows} of ${length} rows.</p>` : '';
  return `<div class="wide"><table><thead><tr>${head.join('')}</tr></thead><tbody>${lines.join('')}</tbody></table></div>${left}`;
}

const cellHtml = (value: unknown): string => {
  if (value === null || value === undefined) return '<span class="missing" title="not measured">–</span>';
  return escapeHtml(cutTo(typeof value === 'object' ? JSON.stringify(value) : String(value), 300));
};

function claimHtml({ id, state, content, results }: ClaimModel): string {
  const rows = content.predictions.map((prediction) => {
    const result = results.findLast((one) => one.prediction === prediction.id);
    const found = result
      ? `${result.verdict}: ${result.estimate ?? 'not measured'} (${result.low} to ${result.high}), n = ${result.n.count} ${result.n.of}, ${result.test}`
      : 'not tested';
    return `<tr><td>${escapeHtml(prediction.id)}</td><td>${escapeHtml(`${prediction.metric} ${prediction.direction} ${prediction.size}`)}</td><td>${escapeHtml(found)}</td></tr>`;
  });
  return `<p><strong>${escapeHtml(state)}</strong> <code>${escapeHtml(id)}</code></p><blockquote>${escapeHtml(content.claim)}</blockquote><p>Rivals: ${escapeHtml(content.rivals.join(' · '))}</p><table><thead><tr><th scope="col">Prediction</th><th scope="col">Expected</th><th scope="col">Found</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

/** The numbers that a drawing shows as lines: a page is also read without its pictures. */
function numbersOf({ view, model }: Picture): [string, string][] {
  if (view !== 'validity') return [];
  const { centre, ceiling, ceilingIs, control, controlIs } = model as ValidityModel;
  const say = (value: number | null, is?: string) =>
    [value === null ? 'not measured' : short(value), is].filter(Boolean).join(': ');
  return [
    [centre.is === 'median' ? 'Median' : 'r over all pairs', say(centre.value)],
    ['Ceiling', say(ceiling, ceilingIs)],
    ['Control', say(control, controlIs)],
  ];
}

const short = (value: number) => String(Number(value.toPrecision(3)));

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
  const end = (value: number | null) => (value === null ? 'not measured' : short(value));
  const range = low !== undefined && high !== undefined && `${end(low)} to ${end(high)}`;
  return [range, level && `${short(level * 100)} %`, of && `of ${of}`, method].filter(Boolean).join(', ');
};
