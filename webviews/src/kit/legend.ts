import type { ValueKind } from '@bregma/core/contracts/value-kind';
import { h, plain } from './dom.ts';
import { kindDash } from './kind-mark.ts';

export interface LegendItem {
  name: string;
  colour: string;
  /** Drawn as a line of this kind; otherwise as a patch. */
  line?: ValueKind;
  /** One of `signs`, where points of the item have that form. */
  sign?: string;
  /** Behind the name: a kind, a count. */
  detail?: string;
  /** Makes it a switch that hides and shows. */
  toggle?: { on: boolean; change(on: boolean): void };
}

/** Forms of points, as Plot names them, with letters that look like them. */
const signs = { circle: '●', square: '■', triangle: '▲', diamond: '◆', star: '★', cross: '✚', wye: 'Y' };
export const symbolNames = Object.keys(signs) as (keyof typeof signs)[];

/** The sign of the i-th category when `symbolNames` is the range of a symbol scale. */
export const signOf = (i: number): string => signs[symbolNames[i % symbolNames.length]];

/** The colour of the i-th line as the theme has it now: a legend is not drawn again when the theme changes. */
export const seriesColour = (i: number): string => `var(--series-${(i % 8) + 1})`;

/** What the colours mean. Names stand beside them, so colour is never alone. */
export function legend(items: LegendItem[], label = 'Legend'): HTMLElement {
  return h('ul', { class: 'legend', 'aria-label': label }, ...items.map(entry));
}

function entry({ name, colour, line, sign, detail, toggle }: LegendItem): HTMLElement {
  const words = [
    ...swatches(colour, line, sign),
    h('span', {}, plain(name, 80)),
    detail && h('span', { class: 'count' }, plain(detail, 60)),
  ];
  if (!toggle) return h('li', {}, ...words);
  const button = h('button', { class: 'legend-toggle', type: 'button', 'aria-pressed': String(toggle.on) }, ...words);
  button.addEventListener('click', () => {
    const on = button.getAttribute('aria-pressed') !== 'true';
    button.setAttribute('aria-pressed', String(on));
    toggle.change(on);
  });
  return h('li', {}, button);
}

function swatches(colour: string, line?: ValueKind, sign?: string): Element[] {
  const mark = sign && h('span', { class: 'sign', 'aria-hidden': 'true' }, sign);
  if (mark) mark.style.color = colour;
  return [...(line || !mark ? [swatch(colour, line)] : []), ...(mark ? [mark] : [])];
}

function swatch(colour: string, line?: ValueKind): Element {
  if (!line) {
    const patch = h('span', { class: 'swatch', 'aria-hidden': 'true' });
    patch.style.background = colour;
    return patch;
  }
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('class', 'swatch-line');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('viewBox', '0 0 24 10');
  const stroke = document.createElementNS('http://www.w3.org/2000/svg', 'line');
  for (const [key, value] of Object.entries({ x1: '0', x2: '24', y1: '5', y2: '5', 'stroke-width': '2' }))
    stroke.setAttribute(key, value);
  stroke.style.stroke = colour;
  const dash = kindDash[line];
  if (dash) stroke.setAttribute('stroke-dasharray', dash);
  svg.append(stroke);
  return svg;
}
