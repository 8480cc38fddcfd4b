import { plain } from '@bregma/core/contracts/plain-text';
import { useMemo, useRef, useState } from 'preact/hooks';
import { ColourBar } from '../kit/colour-bar.tsx';
import { type Shown, shownAnew } from '../kit/component.tsx';
import { Figure, Nothing } from '../kit/figure.tsx';
import { axisLabel, counted, shown } from '../kit/format.ts';
import { navigate, navigationHint } from '../kit/navigate.ts';
import { Reached } from '../kit/painting.tsx';
import { parsed } from '../kit/parsed.ts';
import { type Surface, surface } from '../kit/surface.ts';
import type { View } from '../kit/view.ts';
import { Viewport } from '../kit/viewport.ts';
import { meanOf } from './blocks.ts';
import { type Cells, cellsOf, type Lines, type Order, singleLines, typeLines } from './cells.ts';
import { MatrixModel } from './model.ts';
import { boxOf, type Painted, paintMatrix, type Scene, windowsOf } from './paint.ts';
import { strongest } from './strongest.ts';

const hint = navigationHint.replace('Drag or arrow keys move', 'Drag moves, arrow keys read cells');

function Body({ model, host }: Shown<MatrixModel>) {
  const [said, say] = useState('');
  const cells = useMemo(() => cellsOf(model), [model]);
  const typed = cells.rows.types !== undefined && cells.columns.types !== undefined;
  const scene = useRef<Scene>();
  scene.current ??= sceneOf(cells, model, 'cells', typed ? 'type' : 'given');
  const drawing = useRef<Surface>();
  const [painted, setPainted] = useState<Painted>();
  const { down, across, scale } = scene.current;
  const picture = {
    caption: model,
    host,
    said,
    picture: () => drawing.current?.canvas,
    table: () => strongest(cells, down, across, axisLabel(model.value)),
  };
  const [rows, columns] = [cells.rows.names.length, cells.columns.names.length];
  if (rows === 0 || columns === 0)
    return (
      <Figure {...picture}>
        <Nothing>There are no rows or no columns.</Nothing>
      </Figure>
    );
  const label = `${model.value.label} of ${counted(rows, `${cells.rows.of}s`)} by ${counted(columns, `${cells.columns.of}s`)}.`;
  const redraw = () => drawing.current?.redraw();
  const change = (lines: 'cells' | 'types', order: Order) => {
    scene.current = sceneOf(cells, model, lines, order);
    redraw();
  };
  const paint = (place: HTMLElement) => {
    // SAFETY: the scene was set above, and is only ever exchanged.
    const now = () => scene.current as Scene;
    let last: Painted | undefined;
    drawing.current = surface(place, {
      label,
      height: (width) => heightOf(width, rows / columns),
      draw(context, size, ink) {
        last = paintMatrix(context, size, ink, now());
        setPainted(last);
      },
    });
    connect(place, now, () => last, redraw, say, model);
    return drawing.current.dispose;
  };
  return (
    <Figure
      {...picture}
      tools={<Tools cells={cells} typed={typed} change={change} />}
      hint={painted && explain(scene.current, painted)}
    >
      <Reached label={`${label} Arrow keys read cells. ${hint}`} paint={paint} />
      {painted && (
        <ColourBar
          scale={painted.ramp}
          low={painted.low}
          high={painted.high}
          label={[axisLabel(model.value), inBlocks(scene.current, painted) && 'mean', scale === 'log' && 'logarithmic']
            .filter(Boolean)
            .join(', ')}
          missing={painted.blocks.counts.some((count) => count <= 0)}
        />
      )}
    </Figure>
  );
}

/** Height of the drawing, px; aspect: rows by columns. */
function heightOf(width: number, aspect: number): number {
  const cells = (width - 138) * Math.min(1.2, Math.max(0.3, aspect));
  return 98 + Math.max(220, Math.min(720, window.innerHeight * 0.58, cells));
}

const inBlocks = ({ down }: Scene, { blocks }: Painted) =>
  blocks.tall * blocks.wide > 1 || down.sizes.some((n) => n > 1);

function sceneOf(cells: Cells, model: MatrixModel, lines: 'cells' | 'types', order: Order): Scene {
  const sides =
    lines === 'types'
      ? [typeLines(cells.rows), typeLines(cells.columns)]
      : [singleLines(cells.rows, order), singleLines(cells.columns, order)];
  const [down, across] = sides;
  const bounds = { x: { low: 0, high: across.names.length }, y: { low: 0, high: down.names.length } };
  const deepest = Math.max(1, Math.max(down.names.length, across.names.length) / 3);
  return {
    cells,
    down,
    across,
    scale: model.scale ?? 'linear',
    viewport: new Viewport(bounds, deepest),
    cursor: undefined,
  };
}

function explain({ down }: Scene, { blocks: { tall, wide }, rows, columns }: Painted): string {
  const seen = `${shown(rows.to - rows.from)} × ${shown(columns.to - columns.from)} ${down.sizes.some((n) => n > 1) ? 'types' : 'cells'}`;
  return `${seen}${tall * wide > 1 ? `, drawn as means of blocks of ${tall} × ${wide}: zoom in for single cells` : ''}. ${hint}`;
}

interface ToolsParts {
  cells: Cells;
  /** There are types on both sides. */
  typed: boolean;
  change(lines: 'cells' | 'types', order: Order): void;
}

/** Chooses neurons or types, and their order. */
function Tools({ cells, typed, change }: ToolsParts) {
  const [lines, setLines] = useState<'cells' | 'types'>('cells');
  const [order, setOrder] = useState<Order>(typed ? 'type' : 'given');
  const choose = (nextLines: typeof lines, nextOrder: Order) => {
    setLines(nextLines);
    setOrder(nextOrder);
    change(nextLines, nextOrder);
  };
  // SAFETY, twice: the values of the options.
  return (
    <>
      {typed && (
        <label>
          Lines
          <select
            value={lines}
            onChange={({ currentTarget }) => choose(currentTarget.value === 'types' ? 'types' : 'cells', order)}
          >
            <option value="cells">{plain(`each ${cells.rows.of.split(' ').at(-1)}`, 40)}</option>
            <option value="types">cell types (mean over pairs)</option>
          </select>
        </label>
      )}
      <label>
        Order
        <select
          value={order}
          disabled={lines === 'types'}
          // SAFETY: the options below have these values alone.
          onChange={({ currentTarget }) => choose(lines, currentTarget.value as Order)}
        >
          {typed && <option value="type">by type</option>}
          <option value="given">as given</option>
          <option value="name">by name</option>
        </select>
      </label>
    </>
  );
}

function connect(
  place: HTMLElement,
  scene: () => Scene,
  painted: () => Painted | undefined,
  redraw: () => void,
  read: (text: string) => void,
  model: MatrixModel,
): void {
  const say = () => {
    const { cursor } = scene();
    const now = painted();
    read(cursor && now ? describe(cursor, scene(), now, model) : '');
    redraw();
  };
  navigate(place, {
    viewport: () => scene().viewport,
    area: () => boxOf({ width: place.clientWidth, height: place.clientHeight }),
    changed: redraw,
    downwards: true,
    hover(at) {
      const { viewport } = scene();
      const { x, y } = viewport;
      scene().cursor = at && [Math.floor(y.low + at.y * (y.high - y.low)), Math.floor(x.low + at.x * (x.high - x.low))];
      say();
    },
    key({ key }) {
      const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[key];
      const now = painted();
      if (!step || !now) return false;
      const current = scene();
      const { rows, columns } = windowsOf(current);
      const from = current.cursor ?? [rows.from - step[0] * now.blocks.tall, columns.from - step[1] * now.blocks.wide];
      current.cursor = [
        Math.max(0, Math.min(current.down.names.length - 1, from[0] + step[0] * now.blocks.tall)),
        Math.max(0, Math.min(current.across.names.length - 1, from[1] + step[1] * now.blocks.wide)),
      ];
      follow(current);
      say();
      return true;
    },
  });
}

/** Moves the view until the cursor is in it. */
function follow({ viewport, cursor }: Scene): void {
  const [row, column] = cursor!;
  const need = (at: number, { low, high }: { low: number; high: number }) =>
    at < low ? (at - low) / (high - low) : at + 1 > high ? (at + 1 - high) / (high - low) : 0;
  viewport.pan(need(column, viewport.x), need(row, viewport.y));
}

function describe(
  [row, column]: [number, number],
  { down, across, cells }: Scene,
  { blocks, rows, columns }: Painted,
  { value }: MatrixModel,
): string {
  const r = Math.floor((row - rows.from) / blocks.tall);
  const c = Math.floor((column - columns.from) / blocks.wide);
  if (r < 0 || c < 0 || r >= blocks.rows || c >= blocks.columns) return '';
  const at = r * blocks.columns + c;
  const span = ({ names }: Lines, first: number, size: number) =>
    size === 1 ? names[first] : `${names[first]} … ${names[Math.min(names.length, first + size) - 1]}`;
  const pair = `${span(down, rows.from + r * blocks.tall, blocks.tall)} → ${span(across, columns.from + c * blocks.wide, blocks.wide)}`;
  const mean = meanOf(blocks, at);
  const amount = Number.isNaN(mean) ? 'not measured' : `${shown(mean)} ${value.unit ?? ''}`.trim();
  const pairs = blocks.counts[at];
  const ids = blocks.tall * blocks.wide === 1 && cells.rows.ids && cells.columns.ids && down.sizes[row] === 1;
  const idText = ids ? ` (${idAt(cells.rows.ids!, down, row)} → ${idAt(cells.columns.ids!, across, column)})` : '';
  return `${pair}: ${pairs > 1 ? `mean ${amount} over ${counted(pairs, 'pairs')}, total ${shown(blocks.sums[at])}` : amount}${idText}`;
}

function idAt(ids: string[], { lineOf }: Lines, line: number): string {
  return ids[lineOf.indexOf(line)];
}

/** Who is connected to whom, by neuron or by cell type. More cells than pixels are drawn as means of blocks, and it says so. */
export const matrix: View<MatrixModel> = {
  name: 'matrix',
  parse: (value) => parsed(MatrixModel, value, 'matrix'),
  render: shownAnew(Body),
};
