import { isValueKind, kindSign } from '../kit/kind-mark.ts';
import type { Box, Picture } from './graph.ts';
import { boxHeight, boxWidth, type Placed } from './layout.ts';
import { factsOf, more, titleOf } from './say.ts';
import { signOf } from './signs.ts';

const space = 'http://www.w3.org/2000/svg';

/** An SVG element. */
export function s<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Record<string, string | number | undefined>,
  ...children: (Node | string)[]
): SVGElementTagNameMap[Tag] {
  const element = document.createElementNS(space, tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(...children);
  return element;
}

const family = () => getComputedStyle(document.querySelector('.bregma') ?? document.body).fontFamily || 'sans-serif';
const canvas = document.createElement('canvas').getContext('2d');

/** A text cut to what fits; the rest is said where the box is chosen. width: px. font: weight and size. */
function fit(text: string, width: number, font: string): string {
  if (!canvas) return text.slice(0, 24);
  canvas.font = `${font} ${family()}`;
  if (canvas.measureText(text).width <= width) return text;
  let [fits, tooLong] = [0, Math.min(text.length, 80)];
  while (tooLong - fits > 1) {
    const middle = (fits + tooLong) >> 1;
    if (canvas.measureText(`${text.slice(0, middle)}…`).width <= width) fits = middle;
    else tooLong = middle;
  }
  return `${text.slice(0, fits)}…`;
}

/** Draws boxes and arrows into a group; nothing of a label becomes markup. Returns the element of each box. */
export function drawPicture(picture: Picture, placed: Placed, into: SVGGElement): Map<string, SVGGElement> {
  const elements = new Map<string, SVGGElement>();
  const counts = countsOf(picture);
  const arrows = picture.arrows.flatMap(({ user, source, as, count }) => {
    const [a, b] = [placed.at.get(user), placed.at.get(source)];
    if (!a || !b) return [];
    const words = `${as.join(', ')}${count > 1 ? ` × ${count}` : ''}`;
    const path = s('path', {
      d: placed.flow === 'right' ? curveRight(a, b) : curveDown(a, b),
      class: 'arrow',
      'data-user': user,
      'data-source': source,
      'stroke-width': Math.min(5, 1 + Math.log10(count)),
      'marker-end': 'url(#arrowhead)',
    });
    path.append(s('title', {}, words));
    return [path];
  });
  const boxes = picture.boxes.map((box) => {
    const { x, y } = placed.at.get(box.id) ?? { x: 0, y: 0 };
    const { rests, used } = counts.get(box.id) ?? { rests: 0, used: 0 };
    const element = drawBox(box, more(box, rests, used));
    element.setAttribute('transform', `translate(${x} ${y})`);
    elements.set(box.id, element);
    return element;
  });
  into.replaceChildren(s('g', { class: 'arrows', 'aria-hidden': 'true' }, ...arrows), s('g', {}, ...boxes));
  return elements;
}

function countsOf({ boxes, arrows }: Picture): Map<string, { rests: number; used: number }> {
  const counts = new Map(boxes.map(({ id }) => [id, { rests: 0, used: 0 }]));
  for (const { user, source } of arrows) {
    const [a, b] = [counts.get(user), counts.get(source)];
    if (a) a.rests++;
    if (b) b.used++;
  }
  return counts;
}

function drawBox(box: Box, words: string): SVGGElement {
  const kind = isValueKind(box.valueKind) ? box.valueKind : undefined;
  const group = s('g', {
    class: `box ${box.role}${box.found > 0 ? ' found' : ''}${isBad(box) ? ' bad' : ''}`,
    role: 'button',
    tabindex: -1,
    'aria-description': words,
    'data-id': box.id,
    'data-kind': kind,
  });
  if (box.role !== 'thing')
    group.append(s('rect', { class: 'behind', x: 5, y: 5, width: boxWidth, height: boxHeight, rx: 5 }));
  const round = box.kind === 'hypothesis' || box.kind === 'test' ? 16 : 5;
  const room = boxWidth - 42;
  group.append(
    s('rect', { class: 'frame', width: boxWidth, height: boxHeight, rx: round }),
    s('path', { class: 'sign', d: signOf(box.kind), transform: 'translate(10 15)' }),
    s('text', { class: 'title', x: 34, y: 19 }, fit(titleOf(box), kind ? room - 18 : room, '600 12px')),
    s('text', { class: 'facts', x: 34, y: 36 }, fit(factsOf(box), room, '11px')),
  );
  if (kind)
    group.append(
      s(
        'text',
        { class: 'kind-sign', x: boxWidth - 15, y: 19, 'text-anchor': 'middle', 'aria-hidden': 'true' },
        kindSign(kind),
      ),
    );
  return group;
}

/** What a reader must not take for settled: it failed, was refuted or cancelled, is damaged, or no person stands behind it. */
export const isBad = ({ status, demo }: Pick<Box, 'status' | 'demo'>) =>
  demo === true || /^(failed|cancelled|refuted|damaged)/.test(status ?? '');

interface Point {
  x: number;
  y: number;
}

function curveRight(a: Point, b: Point): string {
  const [x1, y1] = [a.x + boxWidth, a.y + boxHeight / 2];
  const [x2, y2] = [b.x - 2, b.y + boxHeight / 2];
  const bend = x2 > x1 ? (x2 - x1) / 2 : 90; // an arrow back to an earlier layer bows out
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}

function curveDown(a: Point, b: Point): string {
  const [x1, y1] = [a.x + boxWidth / 2, a.y + boxHeight];
  const [x2, y2] = [b.x + boxWidth / 2, b.y - 2];
  const bend = y2 > y1 ? (y2 - y1) / 2 : 60;
  return `M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}`;
}

/** The head that every arrow ends in. */
export function arrowhead(): SVGElement {
  const marker = s('marker', {
    id: 'arrowhead',
    viewBox: '0 0 8 8',
    refX: 7,
    refY: 4,
    markerWidth: 8,
    markerHeight: 8,
    markerUnits: 'userSpaceOnUse',
    orient: 'auto',
  });
  marker.append(s('path', { d: 'M0 0L8 4L0 8z', class: 'head' }));
  return s('defs', {}, marker);
}

/** The drawing, and the group in it that moves. */
export function svg(): { element: SVGSVGElement; scene: SVGGElement } {
  const element = s('svg', {
    role: 'group',
    'aria-label': 'Lineage: each arrow leads from a thing to what it rests on',
  });
  const scene = s('g', {});
  element.append(arrowhead(), scene);
  return { element, scene };
}
