import { Component, type JSX } from 'preact';
import { isValueKind, kindSign } from '../kit/kind-mark.ts';
import type { Camera } from './camera.ts';
import type { Arrow, Box, Picture } from './graph.ts';
import { boxHeight, boxWidth, type Flow, type Placed } from './layout.ts';
import { factsOf, isBad, more, titleOf } from './say.ts';
import { signOf } from './signs.ts';

/** Below this scale only what boxes are called is drawn. */
const far = 0.45;

interface SceneParts {
  picture: Picture;
  placed: Placed;
  /** The box that is in the tab order. */
  chosen: string | undefined;
  camera: Camera;
  /** Listeners of the whole drawing. */
  on: Pick<JSX.SVGAttributes<SVGSVGElement>, `on${string}` & keyof JSX.SVGAttributes<SVGSVGElement>>;
}

/** The drawing: arrows below boxes, as far and as near as the camera is. */
export const Scene = ({ camera: { scale, dx, dy }, on, ...parts }: SceneParts) => (
  <svg
    role="group"
    aria-label="Lineage: each arrow leads from a thing to what it rests on"
    class={scale < far ? 'far' : undefined}
    data-flow={parts.placed.flow}
    {...on}
  >
    <defs>
      <marker
        id="arrowhead"
        viewBox="0 0 8 8"
        refX={7}
        refY={4}
        markerWidth={8}
        markerHeight={8}
        markerUnits="userSpaceOnUse"
        orient="auto"
      >
        <path d="M0 0L8 4L0 8z" class="head" />
      </marker>
    </defs>
    <g transform={`translate(${dx} ${dy}) scale(${scale})`}>
      <Things {...parts} />
    </g>
  </svg>
);

type ThingsParts = Pick<SceneParts, 'picture' | 'placed' | 'chosen'>;

/** Boxes and arrows. While the camera moves they stay. */
class Things extends Component<ThingsParts> {
  override shouldComponentUpdate({ picture, placed, chosen }: ThingsParts): boolean {
    return picture !== this.props.picture || placed !== this.props.placed || chosen !== this.props.chosen;
  }

  override render({ picture, placed: { at, flow }, chosen }: ThingsParts) {
    const counts = countsOf(picture);
    return (
      <>
        <g class="arrows" aria-hidden="true">
          {picture.arrows.map((arrow) => {
            const [from, to] = [at.get(arrow.user), at.get(arrow.source)];
            const near = arrow.user === chosen || arrow.source === chosen;
            return (
              from && to && <ArrowLine key={`${arrow.user}\n${arrow.source}`} {...{ arrow, from, to, flow, near }} />
            );
          })}
        </g>
        <g>
          {picture.boxes.map((box) => {
            const { rests, used } = counts.get(box.id) ?? { rests: 0, used: 0 };
            const place = at.get(box.id) ?? { x: 0, y: 0 };
            return (
              <BoxShape
                key={box.id}
                box={box}
                place={place}
                words={more(box, rests, used)}
                chosen={box.id === chosen}
              />
            );
          })}
        </g>
      </>
    );
  }
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

interface Point {
  x: number;
  y: number;
}

interface ArrowParts {
  arrow: Arrow;
  /** Top left corners of the boxes. */
  from: Point;
  to: Point;
  flow: Flow;
  /** It begins or ends at the chosen box. */
  near: boolean;
}

const ArrowLine = ({ arrow: { user, source, as, count }, from, to, flow, near }: ArrowParts) => (
  <path
    d={flow === 'right' ? curveRight(from, to) : curveDown(from, to)}
    class={near ? 'arrow near' : 'arrow'}
    data-user={user}
    data-source={source}
    stroke-width={Math.min(5, 1 + Math.log10(count))}
    marker-end="url(#arrowhead)"
  >
    <title>{`${as.join(', ')}${count > 1 ? ` × ${count}` : ''}`}</title>
  </path>
);

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

interface BoxParts {
  box: Box;
  place: Point;
  /** What a screen reader says beyond the two lines. */
  words: string;
  chosen: boolean;
}

function BoxShape({ box, place: { x, y }, words, chosen }: BoxParts) {
  const kind = isValueKind(box.valueKind) ? box.valueKind : undefined;
  const round = box.kind === 'hypothesis' || box.kind === 'test' ? 16 : 5;
  const room = boxWidth - 42;
  const states = [box.found > 0 && 'found', isBad(box) && 'bad', chosen && 'chosen'].filter(Boolean);
  return (
    <g
      class={['box', box.role, ...states].join(' ')}
      role="button"
      tabindex={chosen ? 0 : -1}
      aria-description={words}
      data-id={box.id}
      data-kind={kind}
      transform={`translate(${x} ${y})`}
    >
      {box.role !== 'thing' && <rect class="behind" x={5} y={5} width={boxWidth} height={boxHeight} rx={5} />}
      <rect class="frame" width={boxWidth} height={boxHeight} rx={round} />
      <path class="sign" d={signOf(box.kind)} transform="translate(10 15)" />
      <text class="title" x={34} y={19}>
        {fit(titleOf(box), kind ? room - 18 : room, '600 12px')}
      </text>
      <text class="facts" x={34} y={36}>
        {fit(factsOf(box), room, '11px')}
      </text>
      {kind && (
        <text class="kind-sign" x={boxWidth - 15} y={19} text-anchor="middle" aria-hidden="true">
          {kindSign(kind)}
        </text>
      )}
    </g>
  );
}

const canvas = document.createElement('canvas').getContext('2d');
const family = () => getComputedStyle(document.querySelector('.bregma') ?? document.body).fontFamily || 'sans-serif';

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
