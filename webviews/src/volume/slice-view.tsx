import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { channels, ramp } from '../kit/colour-scales.ts';
import type { Ink } from '../kit/ink.ts';
import { fit } from '../kit/surface.ts';
import type { Atlas, Voxel } from './atlas.ts';
import { type Plane, sliceOf, voxelAt } from './slice.ts';

/** What a slice shows. */
export interface SliceState {
  at: Voxel;
  /** Regions that stand out, over labels; undefined: all alike. */
  mask: Uint8Array | undefined;
}

interface SliceParts {
  atlas: Atlas;
  plane: Plane;
  state: SliceState;
  ink: Ink;
  /** Colour of each region, `#rrggbb`. */
  colours: string[];
  /** Width of the row of slices, px: they are drawn again when it changes. */
  width: number;
  /** Where the slice lies: "AP 6.60 mm". */
  place: string;
  /** The crosshair was moved. */
  moved(at: Voxel): void;
  /** The pointer is over this voxel; undefined when it has left. */
  hover(voxel: Voxel | undefined): void;
}

/** One slice with a slider: the pointer reads, a click or arrow keys move the crosshair, Page keys go through slices. */
export function Slice(parts: SliceParts) {
  const { atlas, plane, state, place, moved, hover } = parts;
  const el = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    if (el.current && canvas.current) paintSlice(canvas.current, el.current.clientWidth || 300, parts);
  }, [atlas, plane, state, parts.ink, parts.colours, parts.width]);
  useWheel(canvas, (by) => step(plane.cuts, by));
  const step = (axis: 0 | 1 | 2, by: number) => {
    const at: Voxel = [...state.at];
    at[axis] = Math.max(0, Math.min(atlas.shape[axis] - 1, at[axis] + by));
    moved(at);
  };
  const onKey = (event: KeyboardEvent) => {
    const found = stepOf(event, plane);
    if (!found) return;
    event.preventDefault();
    step(...found);
  };
  // Slices that stand in one row have one scale.
  const mm = (atlas.shape[plane.across] * atlas.voxelUm[plane.across]) / 1000;
  return (
    <div class="slice" ref={el} style={{ flex: `${mm} 1 ${mm * 20}px` }}>
      <p class="slice-head">
        <strong>{plane.name}</strong>
        <span class="place">{place}</span>
      </p>
      <canvas
        ref={canvas}
        tabIndex={0}
        role="img"
        aria-label={`${plane.name} slice at ${place}. Arrow keys move the crosshair, Page Up and Page Down go through slices.`}
        onPointerMove={(event) => hover(voxelUnder(event, parts))}
        onPointerLeave={() => hover(undefined)}
        onPointerDown={(event) => moved(voxelUnder(event, parts))}
        onKeyDown={onKey}
      />
      <input
        type="range"
        min={0}
        max={atlas.shape[plane.cuts] - 1}
        value={state.at[plane.cuts]}
        aria-label={`${plane.name} slice`}
        aria-valuetext={place}
        onInput={({ currentTarget }) => step(plane.cuts, Number(currentTarget.value) - state.at[plane.cuts])}
      />
    </div>
  );
}

/** The wheel goes through slices where the canvas has the focus, so that pages still scroll. by: −1 or 1. */
function useWheel(canvas: { current: HTMLCanvasElement | null }, step: (by: number) => void): void {
  useLayoutEffect(() => {
    const onWheel = (event: WheelEvent) => {
      if (document.activeElement !== canvas.current) return;
      event.preventDefault();
      step(Math.sign(event.deltaY));
    };
    const el = canvas.current;
    el?.addEventListener('wheel', onWheel, { passive: false });
    return () => el?.removeEventListener('wheel', onWheel);
  });
}

/** Where a key moves the crosshair: the axis, and by how many voxels; undefined: nowhere. */
function stepOf({ key, shiftKey }: KeyboardEvent, { across, down, cuts }: Plane): [0 | 1 | 2, number] | undefined {
  const far = shiftKey ? 10 : 1;
  const steps: Record<string, [0 | 1 | 2, number]> = {
    ArrowLeft: [across, -far],
    ArrowRight: [across, far],
    ArrowUp: [down, -far],
    ArrowDown: [down, far],
    PageUp: [cuts, -far],
    PageDown: [cuts, far],
  };
  return Object.hasOwn(steps, key) ? steps[key] : undefined;
}

function voxelUnder(
  { currentTarget, clientX, clientY }: JSX.TargetedPointerEvent<HTMLCanvasElement>,
  { atlas, plane, state }: SliceParts,
): Voxel {
  const box = currentTarget.getBoundingClientRect();
  const part = (at: number, from: number, size: number, count: number) =>
    Math.max(0, Math.min(count - 1, Math.floor(((at - from) / size) * count)));
  const column = part(clientX, box.left, box.width, atlas.shape[plane.across]);
  const row = part(clientY, box.top, box.height, atlas.shape[plane.down]);
  return voxelAt(plane, state.at, column, row);
}

function paintSlice(canvas: HTMLCanvasElement, width: number, parts: SliceParts): void {
  const { atlas, plane, state, ink } = parts;
  const [columns, rows] = [atlas.shape[plane.across], atlas.shape[plane.down]];
  const ratio = window.devicePixelRatio || 1;
  const height = Math.round((width * rows * atlas.voxelUm[plane.down]) / (columns * atlas.voxelUm[plane.across]));
  canvas.style.height = `${height}px`;
  fit(canvas, width * ratio, height * ratio);
  const context = canvas.getContext('2d')!;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingEnabled = false;
  const labels = atlas.labels && sliceOf(atlas.labels, atlas.shape, plane, state.at);
  const values = atlas.values && sliceOf(atlas.values, atlas.shape, plane, state.at);
  context.drawImage(pictureOf(columns, rows, labels, values, parts), 0, 0, canvas.width, canvas.height);
  const [sx, sy] = [canvas.width / columns, canvas.height / rows];
  if (labels) borders(context, labels, columns, rows, sx, sy, values ? ink.quiet : ink.ground);
  crosshair(context, [(state.at[plane.across] + 0.5) * sx, (state.at[plane.down] + 0.5) * sy], canvas, ink, ratio);
  edges(context, plane, canvas, ink, ratio);
}

function pictureOf(
  columns: number,
  rows: number,
  labels: Float64Array | undefined,
  values: Float64Array | undefined,
  { atlas, state: { mask }, colours, ink }: SliceParts,
): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = columns;
  canvas.height = rows;
  const image = new ImageData(columns, rows);
  const palette = colours.map(channels);
  const shades = values && ramp('sequential');
  const [low, high] = atlas.span ?? [0, 1];
  for (let i = 0; i < columns * rows; i++) {
    const label = labels?.[i] ?? 0;
    if (values && shades) {
      if (Number.isNaN(values[i])) continue;
      const step = Math.round(((values[i] - low) / (high - low || 1)) * 255) * 3;
      image.data.set([shades[step], shades[step + 1], shades[step + 2], mask && !mask[label] ? 70 : 255], i * 4);
    } else if (label > 0) {
      const [r, g, b] = palette[label - 1];
      image.data.set([r, g, b, mask && !mask[label] ? (ink.dark ? 45 : 60) : 235], i * 4);
    }
  }
  canvas.getContext('2d')?.putImageData(image, 0, 0);
  return canvas;
}

function borders(
  context: CanvasRenderingContext2D,
  labels: Float64Array,
  columns: number,
  rows: number,
  sx: number,
  sy: number,
  colour: string,
): void {
  context.beginPath();
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const i = row * columns + column;
      if (column + 1 < columns && labels[i] !== labels[i + 1]) {
        context.moveTo((column + 1) * sx, row * sy);
        context.lineTo((column + 1) * sx, (row + 1) * sy);
      }
      if (row + 1 < rows && labels[i] !== labels[i + columns]) {
        context.moveTo(column * sx, (row + 1) * sy);
        context.lineTo((column + 1) * sx, (row + 1) * sy);
      }
    }
  }
  context.strokeStyle = colour;
  context.globalAlpha = 0.55;
  context.lineWidth = 1;
  context.stroke();
  context.globalAlpha = 1;
}

function crosshair(
  context: CanvasRenderingContext2D,
  [x, y]: [number, number],
  { width, height }: HTMLCanvasElement,
  ink: Ink,
  ratio: number,
): void {
  context.strokeStyle = ink.text;
  context.lineWidth = ratio;
  context.globalAlpha = 0.7;
  const gap = 7 * ratio;
  for (const [x1, y1, x2, y2] of [
    [0, y, x - gap, y],
    [x + gap, y, width, y],
    [x, 0, x, y - gap],
    [x, y + gap, x, height],
  ]) {
    context.beginPath();
    context.moveTo(x1, y1);
    context.lineTo(x2, y2);
    context.stroke();
  }
  context.globalAlpha = 1;
}

function edges(
  context: CanvasRenderingContext2D,
  { edges: [left, right, top, bottom] }: Plane,
  { width, height }: HTMLCanvasElement,
  ink: Ink,
  ratio: number,
): void {
  context.font = `${11 * ratio}px ${ink.font}`;
  context.fillStyle = ink.quiet;
  const at = (text: string, x: number, y: number, align: CanvasTextAlign, base: CanvasTextBaseline) => {
    context.textAlign = align;
    context.textBaseline = base;
    context.fillText(text, x, y);
  };
  at(left, 3 * ratio, height / 2 - 9 * ratio, 'left', 'middle');
  at(right, width - 3 * ratio, height / 2 - 9 * ratio, 'right', 'middle');
  at(top, width / 2 + 9 * ratio, 3 * ratio, 'center', 'top');
  at(bottom, width / 2 + 9 * ratio, height - 3 * ratio, 'center', 'bottom');
}
