import { plain } from '@bregma/core/contracts/plain-text';
import { type Box, fitted, line } from '../kit/axes.ts';
import { channels, ramp } from '../kit/colour-scales.ts';
import type { Ink } from '../kit/ink.ts';
import type { Size } from '../kit/surface.ts';
import type { Viewport } from '../kit/viewport.ts';
import { type Blocks, blocksOf, type Window } from './blocks.ts';
import type { Cells, Lines } from './cells.ts';
import { shadesOf } from './shade.ts';

/** What is drawn of a matrix. */
export interface Scene {
  cells: Cells;
  down: Lines;
  across: Lines;
  scale: 'linear' | 'log' | 'diverging';
  viewport: Viewport;
  /** Line under the cursor, row and column. */
  cursor: [number, number] | undefined;
}

/** What was drawn: the blocks, their lines, and the range of their values. */
export interface Painted {
  blocks: Blocks;
  rows: Window;
  columns: Window;
  low: number;
  high: number;
  /** The colours that it was drawn in. */
  ramp: ReturnType<typeof matrixRamp>;
}

/** The part of the canvas that holds cells; names stand left of it and above. */
export function boxOf({ width, height }: Size): Box {
  const [left, top] = width < 520 ? [70, 64] : [124, 92];
  return { left, top, width: Math.max(20, width - left - 14), height: Math.max(20, height - top - 6) };
}

/** Lines that are in sight, whole ones. */
export function windowsOf({ viewport, down, across }: Scene): { rows: Window; columns: Window } {
  const whole = (low: number, high: number, count: number) => ({
    from: Math.max(0, Math.floor(low)),
    to: Math.min(count, Math.ceil(high)),
  });
  const { x, y } = viewport;
  return { rows: whole(y.low, y.high, down.names.length), columns: whole(x.low, x.high, across.names.length) };
}

/** The colours of a scale: on a light ground strong is dark, on a dark one bright. */
function matrixRamp(scale: Scene['scale'], ink: Ink): 'diverging' | 'sequential' | 'sequential-reversed' {
  return scale === 'diverging' ? 'diverging' : ink.dark ? 'sequential' : 'sequential-reversed';
}

/** Draws the cells in view with their names. */
export function paintMatrix(context: CanvasRenderingContext2D, size: Size, ink: Ink, scene: Scene): Painted {
  const box = boxOf(size);
  const { rows, columns } = windowsOf(scene);
  const blocks = blocksOf(
    scene.cells,
    scene.down,
    scene.across,
    rows,
    columns,
    Math.floor(box.height / 2),
    Math.floor(box.width / 2),
  );
  const { low, high, steps } = shadesOf(blocks, scene.scale);
  const { x, y } = scene.viewport;
  const toX = (column: number) => box.left + ((column - x.low) / (x.high - x.low)) * box.width;
  const toY = (row: number) => box.top + ((row - y.low) / (y.high - y.low)) * box.height;
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  context.fillStyle = hatch(context, ink);
  context.fillRect(box.left, box.top, box.width, box.height);
  context.imageSmoothingEnabled = false;
  const right = toX(columns.from + blocks.columns * blocks.wide);
  const bottom = toY(rows.from + blocks.rows * blocks.tall);
  context.drawImage(
    picture(blocks, steps, scene.scale, ink),
    toX(columns.from),
    toY(rows.from),
    right - toX(columns.from),
    bottom - toY(rows.from),
  );
  paintBorders(context, box, ink, scene, toX, toY);
  paintCursor(context, ink, scene, blocks, rows, columns, toX, toY);
  context.restore();
  context.strokeStyle = ink.quiet;
  context.strokeRect(box.left - 0.5, box.top - 0.5, box.width + 1, box.height + 1);
  paintLabels(context, box, ink, scene, toX, toY);
  return { blocks, rows, columns, low, high, ramp: matrixRamp(scene.scale, ink) };
}

function picture({ rows, columns }: Blocks, steps: Int16Array, scale: Scene['scale'], ink: Ink): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, columns);
  canvas.height = Math.max(1, rows);
  const image = new ImageData(canvas.width, canvas.height);
  const colours = ramp(matrixRamp(scale, ink));
  const ground = channels(ink.ground);
  steps.forEach((step, at) => {
    if (step === -2) return;
    const rgb = step === -1 ? ground : colours.subarray(step * 3, step * 3 + 3);
    image.data.set([rgb[0], rgb[1], rgb[2], 255], at * 4);
  });
  canvas.getContext('2d')?.putImageData(image, 0, 0);
  return canvas;
}

function hatch(context: CanvasRenderingContext2D, ink: Ink): CanvasPattern | string {
  const tile = document.createElement('canvas');
  tile.width = 6;
  tile.height = 6;
  const brush = tile.getContext('2d')!;
  brush.fillStyle = ink.ground;
  brush.fillRect(0, 0, 6, 6);
  brush.strokeStyle = ink.quiet;
  brush.globalAlpha = 0.5;
  for (const from of [-6, 0, 6]) line(brush, from, 6, from + 6, 0);
  return context.createPattern(tile, 'repeat') ?? ink.ground;
}

function paintBorders(
  context: CanvasRenderingContext2D,
  box: Box,
  ink: Ink,
  { down, across, viewport }: Scene,
  toX: (n: number) => number,
  toY: (n: number) => number,
): void {
  context.strokeStyle = ink.quiet;
  context.globalAlpha = 0.55;
  const far = (types: Lines['types'], pitch: number) =>
    types.filter(({ from, to }) => from > 0 && (to - from) * pitch >= 3);
  const pitchX = box.width / (viewport.x.high - viewport.x.low);
  const pitchY = box.height / (viewport.y.high - viewport.y.low);
  for (const { from } of far(down.types, pitchY))
    line(context, box.left, Math.round(toY(from)) - 0.5, box.left + box.width, Math.round(toY(from)) - 0.5);
  for (const { from } of far(across.types, pitchX))
    line(context, Math.round(toX(from)) - 0.5, box.top, Math.round(toX(from)) - 0.5, box.top + box.height);
  context.globalAlpha = 1;
}

function paintCursor(
  context: CanvasRenderingContext2D,
  ink: Ink,
  { cursor }: Scene,
  { tall, wide }: Blocks,
  rows: Window,
  columns: Window,
  toX: (n: number) => number,
  toY: (n: number) => number,
): void {
  if (!cursor) return;
  const top = rows.from + Math.floor((cursor[0] - rows.from) / tall) * tall;
  const left = columns.from + Math.floor((cursor[1] - columns.from) / wide) * wide;
  const [x, y, w, v] = [toX(left), toY(top), toX(left + wide) - toX(left), toY(top + tall) - toY(top)];
  const grow = Math.max(0, (8 - Math.min(w, v)) / 2);
  context.strokeStyle = ink.ground;
  context.lineWidth = 4;
  context.strokeRect(x - grow, y - grow, w + 2 * grow, v + 2 * grow);
  context.strokeStyle = ink.focus;
  context.lineWidth = 2;
  context.strokeRect(x - grow, y - grow, w + 2 * grow, v + 2 * grow);
  context.lineWidth = 1;
}

/** Names of lines where there is room, otherwise of types, otherwise how many there are. */
function paintLabels(
  context: CanvasRenderingContext2D,
  box: Box,
  ink: Ink,
  { cells, down, across, viewport }: Scene,
  toX: (n: number) => number,
  toY: (n: number) => number,
): void {
  context.font = `11px ${ink.font}`;
  context.fillStyle = ink.text;
  context.textBaseline = 'middle';
  const { x, y } = viewport;
  for (const { text, at } of labels(down, y.low, y.high, box.height)) {
    context.textAlign = 'right';
    context.fillText(fitted(context, plain(text, 60), box.left - 10), box.left - 6, toY(at));
  }
  for (const { text, at } of labels(across, x.low, x.high, box.width)) {
    context.save();
    context.translate(toX(at), box.top - 6);
    context.rotate(-Math.PI / 2);
    context.textAlign = 'left';
    context.fillText(fitted(context, plain(text, 60), box.top - 26), 0, 0);
    context.restore();
  }
  context.fillStyle = ink.quiet;
  context.textAlign = 'left';
  context.textBaseline = 'top';
  context.fillText(fitted(context, `↓ ${plain(cells.rows.of, 60)}`, box.width * 0.5), 0, 0);
  context.textAlign = 'right';
  context.fillText(fitted(context, `${plain(cells.columns.of, 60)} →`, box.width * 0.5), box.left + box.width, 0);
}

function labels({ names, types }: Lines, low: number, high: number, length: number): { text: string; at: number }[] {
  const pitch = length / (high - low);
  const room = 11.5;
  if (pitch >= room) {
    const first = Math.max(0, Math.ceil(low - 0.5));
    return Array.from({ length: Math.max(0, Math.min(names.length, Math.floor(high + 0.5)) - first) }, (_, i) => ({
      text: names[first + i],
      at: first + i + 0.5,
    })).filter(({ at }) => at >= low && at <= high);
  }
  const out: { text: string; at: number }[] = [];
  let free = low;
  for (const { name, from, to } of types) {
    const [a, b] = [Math.max(from, low), Math.min(to, high)];
    const at = (a + b) / 2;
    if (b <= a || at - room / pitch / 2 < free) continue;
    // A small stretch is named only where no neighbour needs the room more.
    if ((to - from) * pitch < 5) continue;
    out.push({ text: name, at });
    free = at + room / pitch / 2;
  }
  return out;
}
