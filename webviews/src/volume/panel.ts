import { channels, ramp } from '../kit/colour-scales.ts';
import { h } from '../kit/dom.ts';
import type { Ink } from '../kit/ink.ts';
import { fit } from '../kit/surface.ts';
import type { Atlas, Voxel } from './atlas.ts';
import { type Plane, sliceOf, voxelAt } from './slice.ts';

/** What a slice shows. */
export interface PanelState {
  at: Voxel;
  /** Regions that stand out, over labels; undefined: all alike. */
  mask: Uint8Array | undefined;
  /** Colour of each region, `#rrggbb`. */
  colours: string[];
}

/** What a slice tells, and asks. */
export interface PanelEvents {
  /** The crosshair was moved. */
  moved(at: Voxel): void;
  /** The pointer is over this voxel; undefined when it has left. */
  hover(voxel: Voxel | undefined): void;
  /** Where a slice lies: "AP 6.60 mm". */
  place(plane: Plane, at: Voxel): string;
}

/** One slice with a slider: the pointer reads, a click or arrow keys move the crosshair, Page keys go through slices. */
export class SlicePanel {
  readonly element: HTMLElement;
  readonly canvas = h('canvas', { tabindex: '0', role: 'img' });
  private readonly atlas: Atlas;
  private readonly plane: Plane;
  private readonly state: PanelState;
  private readonly slider: HTMLInputElement;
  private readonly caption = h('span', { class: 'place' });
  private readonly events: PanelEvents;

  constructor(atlas: Atlas, plane: Plane, state: PanelState, events: PanelEvents) {
    this.atlas = atlas;
    this.plane = plane;
    this.state = state;
    this.events = events;
    this.slider = h('input', {
      type: 'range',
      min: '0',
      max: String(atlas.shape[plane.cuts] - 1),
      'aria-label': `${plane.name} slice`,
    });
    this.slider.addEventListener('input', () =>
      this.step(plane.cuts, Number(this.slider.value) - state.at[plane.cuts]),
    );
    this.element = h(
      'div',
      { class: 'slice' },
      h('p', { class: 'slice-head' }, h('strong', {}, plane.name), this.caption),
      this.canvas,
      this.slider,
    );
    // Slices that stand in one row have one scale.
    const mm = (atlas.shape[plane.across] * atlas.voxelUm[plane.across]) / 1000;
    this.element.style.flex = `${mm} 1 ${mm * 20}px`;
    this.canvas.addEventListener('pointermove', (event) => this.events.hover(this.voxel(event)));
    this.canvas.addEventListener('pointerleave', () => this.events.hover(undefined));
    this.canvas.addEventListener('pointerdown', (event) => this.events.moved(this.voxel(event)));
    this.canvas.addEventListener('keydown', (event) => this.key(event));
    this.canvas.addEventListener(
      'wheel',
      (event) => {
        if (document.activeElement !== this.canvas) return;
        event.preventDefault();
        this.step(plane.cuts, Math.sign(event.deltaY));
      },
      { passive: false },
    );
  }

  draw(ink: Ink): void {
    const { atlas, plane, state, canvas } = this;
    const [columns, rows] = [atlas.shape[plane.across], atlas.shape[plane.down]];
    const ratio = window.devicePixelRatio || 1;
    const width = this.element.clientWidth || 300;
    const height = Math.round((width * rows * atlas.voxelUm[plane.down]) / (columns * atlas.voxelUm[plane.across]));
    canvas.style.height = `${height}px`;
    fit(canvas, width * ratio, height * ratio);
    const context = canvas.getContext('2d')!;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.imageSmoothingEnabled = false;
    const labels = atlas.labels && sliceOf(atlas.labels, atlas.shape, plane, state.at);
    const values = atlas.values && sliceOf(atlas.values, atlas.shape, plane, state.at);
    context.drawImage(this.picture(columns, rows, labels, values, ink), 0, 0, canvas.width, canvas.height);
    const [sx, sy] = [canvas.width / columns, canvas.height / rows];
    if (labels) borders(context, labels, columns, rows, sx, sy, values ? ink.quiet : ink.ground);
    crosshair(context, [(state.at[plane.across] + 0.5) * sx, (state.at[plane.down] + 0.5) * sy], canvas, ink, ratio);
    edges(context, plane, canvas, ink, ratio);
    const place = this.events.place(plane, state.at);
    this.caption.textContent = place;
    this.slider.value = String(state.at[plane.cuts]);
    this.slider.setAttribute('aria-valuetext', place);
    canvas.setAttribute(
      'aria-label',
      `${plane.name} slice at ${place}. Arrow keys move the crosshair, Page Up and Page Down go through slices.`,
    );
  }

  private picture(
    columns: number,
    rows: number,
    labels: Float64Array | undefined,
    values: Float64Array | undefined,
    ink: Ink,
  ): HTMLCanvasElement {
    const canvas = h('canvas');
    canvas.width = columns;
    canvas.height = rows;
    const image = new ImageData(columns, rows);
    const { mask, colours } = this.state;
    const palette = colours.map(channels);
    const shades = values && ramp('sequential');
    const [low, high] = this.atlas.span ?? [0, 1];
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

  private voxel(event: MouseEvent): Voxel {
    const { atlas, plane, state } = this;
    const box = this.canvas.getBoundingClientRect();
    const part = (at: number, from: number, size: number, count: number) =>
      Math.max(0, Math.min(count - 1, Math.floor(((at - from) / size) * count)));
    const column = part(event.clientX, box.left, box.width, atlas.shape[plane.across]);
    const row = part(event.clientY, box.top, box.height, atlas.shape[plane.down]);
    return voxelAt(plane, state.at, column, row);
  }

  private key(event: KeyboardEvent): void {
    const { across, down, cuts } = this.plane;
    const far = event.shiftKey ? 10 : 1;
    const steps: Record<string, [0 | 1 | 2, number]> = {
      ArrowLeft: [across, -far],
      ArrowRight: [across, far],
      ArrowUp: [down, -far],
      ArrowDown: [down, far],
      PageUp: [cuts, -far],
      PageDown: [cuts, far],
    };
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    this.step(...step);
  }

  private step(axis: 0 | 1 | 2, by: number): void {
    const at: Voxel = [...this.state.at];
    at[axis] = Math.max(0, Math.min(this.atlas.shape[axis] - 1, at[axis] + by));
    this.events.moved(at);
  }
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
