import { colourBar } from '../kit/colour-bar.tsx';
import { h, plain } from '../kit/dom.ts';
import { type Figure, figure, nothing } from '../kit/figure.tsx';
import { axisLabel, counted, shown } from '../kit/format.ts';
import { navigate, navigationHint } from '../kit/navigate.ts';
import { parsed } from '../kit/parsed.ts';
import { redrawn } from '../kit/redrawn.ts';
import { type Surface, surface } from '../kit/surface.ts';
import type { View } from '../kit/view.ts';
import { Viewport } from '../kit/viewport.ts';
import { meanOf } from './blocks.ts';
import { type Cells, cellsOf, type Lines, type Order, singleLines, typeLines } from './cells.ts';
import { MatrixModel } from './model.ts';
import { boxOf, matrixRamp, type Painted, paintMatrix, type Scene, windowsOf } from './paint.ts';
import { strongest } from './strongest.ts';

/** Who is connected to whom, by neuron or by cell type. More cells than pixels are drawn as means of blocks, and it says so. */
export const matrix: View<MatrixModel> = {
  name: 'matrix',
  parse: (value) => parsed(MatrixModel, value, 'matrix'),
  render({ model, el, host }) {
    return redrawn(model, (now) => {
      const cells = cellsOf(now);
      const typed = cells.rows.types !== undefined && cells.columns.types !== undefined;
      let drawing: Surface | undefined;
      let scene = sceneOf(cells, now, 'cells', typed ? 'type' : 'given');
      const frame = figure(el, {
        caption: now,
        host,
        tools: tools(cells, typed, (lines, order) => {
          scene = sceneOf(cells, now, lines, order);
          drawing?.redraw();
        }),
        picture: () => drawing?.canvas,
        table: () => strongest(cells, scene.down, scene.across, axisLabel(now.value)),
      });
      if (cells.rows.names.length === 0 || cells.columns.names.length === 0) {
        frame.body.append(nothing('There are no rows or no columns.'));
        return undefined;
      }
      const label = `${now.value.label} of ${counted(cells.rows.names.length, `${cells.rows.of}s`)} by ${counted(cells.columns.names.length, `${cells.columns.of}s`)}.`;
      const place = h('div', {
        class: 'navigable',
        tabindex: '0',
        role: 'group',
        'aria-label': `${label} Arrow keys read cells. ${hint}`,
      });
      const bar = h('div');
      frame.body.append(place, bar);
      let painted: Painted | undefined;
      const aspect = cells.rows.names.length / cells.columns.names.length;
      drawing = surface(place, {
        label,
        height: (width) =>
          98 +
          Math.max(220, Math.min(720, window.innerHeight * 0.58, (width - 138) * Math.min(1.2, Math.max(0.3, aspect)))),
        draw(context, size, ink) {
          painted = paintMatrix(context, size, ink, scene);
          const { blocks, low, high } = painted;
          const missing = blocks.counts.some((count) => count <= 0);
          const inBlocks = blocks.tall * blocks.wide > 1 || scene.down.sizes.some((n) => n > 1);
          bar.replaceChildren(
            colourBar(
              matrixRamp(scene.scale, ink),
              low,
              high,
              [axisLabel(now.value), inBlocks && 'mean', scene.scale === 'log' && 'logarithmic']
                .filter(Boolean)
                .join(', '),
              missing,
            ),
          );
          frame.hint(explain(scene, painted));
        },
      });
      connect(
        place,
        () => scene,
        () => painted,
        () => drawing?.redraw(),
        frame,
        now,
      );
      return drawing.dispose;
    });
  },
};

const hint = navigationHint.replace('Drag or arrow keys move', 'Drag moves, arrow keys read cells');

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

/** Chooses neurons or types, and their order. */
function tools(cells: Cells, typed: boolean, change: (lines: 'cells' | 'types', order: Order) => void): HTMLElement[] {
  const option = (value: string, text: string) => h('option', { value }, text);
  const lines = h(
    'select',
    {},
    option('cells', plain(`each ${cells.rows.of.split(' ').at(-1)}`, 40)),
    option('types', 'cell types (mean over pairs)'),
  );
  const order = h(
    'select',
    {},
    ...(typed ? [option('type', 'by type')] : []),
    option('given', 'as given'),
    option('name', 'by name'),
  );
  const changed = () => {
    order.disabled = lines.value === 'types';
    // SAFETY: the values of the options above.
    change(lines.value as 'cells' | 'types', order.value as Order);
  };
  lines.addEventListener('change', changed);
  order.addEventListener('change', changed);
  return [...(typed ? [h('label', {}, 'Lines', lines)] : []), h('label', {}, 'Order', order)];
}

function connect(
  place: HTMLElement,
  scene: () => Scene,
  painted: () => Painted | undefined,
  redraw: () => void,
  frame: Figure,
  model: MatrixModel,
): void {
  const say = () => {
    const { cursor } = scene();
    const now = painted();
    frame.say(cursor && now ? describe(cursor, scene(), now, model) : '');
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
