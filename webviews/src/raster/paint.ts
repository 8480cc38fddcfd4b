import { plain } from '@bregma/core/contracts/plain-text';
import { axisBelow, axisLeft, type Box, fitted, line } from '../kit/axes.ts';
import { categoryColours } from '../kit/category-colours.ts';
import { extent } from '../kit/colour-scales.ts';
import type { Ink } from '../kit/ink.ts';
import type { Size } from '../kit/surface.ts';
import type { Viewport } from '../kit/viewport.ts';
import type { RasterModel } from './model.ts';
import { binFor, type Rows, rateOverTime, type Spikes } from './spikes.ts';

/** What is drawn of a recording. */
export interface Scene {
  spikes: Spikes;
  rows: Rows;
  /** As `spikesByGroup` gives it. */
  order: Uint32Array;
  epochs: RasterModel['epochs'];
  viewport: Viewport;
  /** One neuron, a row a trial; undefined: all neurons. */
  one: number | undefined;
  /** Trial that is shown of all neurons; −1: all of them. */
  trial: number;
  /** Row under the cursor. */
  cursor: number | undefined;
}

const rateHeight = 64;

/** Where spikes are drawn, and the strip of rates below. */
export function boxes({ width, height }: Size): { raster: Box; rate: Box } {
  const left = width < 520 ? 64 : 116;
  const inner = { left, width: width - left - 24 };
  return {
    raster: { ...inner, top: 24, height: height - 24 - rateHeight - 78 },
    rate: { ...inner, top: height - rateHeight - 42, height: rateHeight },
  };
}

/** Rows of the raster: neurons, or the trials of one. */
export function rowCount({ spikes, one }: Scene): number {
  return one === undefined ? spikes.neurons.length : spikes.trials;
}

/** Draws the spikes in view and the rate below them. */
export function paintRaster(context: CanvasRenderingContext2D, size: Size, ink: Ink, scene: Scene): void {
  const { raster, rate } = boxes(size);
  const { viewport, epochs = [], cursor } = scene;
  const count = rowCount(scene);
  const toX = (ms: number) => raster.left + ((ms - viewport.x.low) / (viewport.x.high - viewport.x.low)) * raster.width;
  context.save();
  context.beginPath();
  context.rect(raster.left, 0, raster.width, size.height - 40);
  context.clip();
  for (const { label, startMs, endMs } of epochs) {
    context.fillStyle = ink.text;
    context.globalAlpha = 0.07;
    context.fillRect(toX(startMs), raster.top, toX(endMs) - toX(startMs), rate.top + rate.height - raster.top);
    context.globalAlpha = 1;
    context.fillStyle = ink.quiet;
    context.font = `12px ${ink.font}`;
    context.textAlign = 'center';
    context.textBaseline = 'bottom';
    context.fillText(plain(label, 40), (toX(startMs) + toX(endMs)) / 2, raster.top - 5);
  }
  if (cursor !== undefined && cursor < count) {
    context.fillStyle = ink.focus;
    context.globalAlpha = 0.35;
    const height = Math.max(3, raster.height / count);
    context.fillRect(
      raster.left,
      raster.top + ((cursor + 0.5) / count) * raster.height - height / 2,
      raster.width,
      height,
    );
    context.globalAlpha = 1;
  }
  paintSpikes(context, raster, toX, ink, scene);
  const values = rateOverTime(scene.spikes, binFor(scene.spikes.durationMs), scene.one);
  paintRate(context, rate, toX, ink, scene, values);
  context.restore();
  paintRows(context, raster, ink, scene);
  axisLeft(context, rate, { low: 0, high: extent(values)?.[1] || 1 }, 'Rate (Hz)', ink);
  axisBelow(context, rate, viewport.x, 'Time (ms)', ink);
}

function paintSpikes(
  context: CanvasRenderingContext2D,
  box: Box,
  toX: (ms: number) => number,
  ink: Ink,
  scene: Scene,
): void {
  const { spikes, rows, order, one, trial: shownTrial } = scene;
  const { timesMs, neuron, trial } = spikes;
  const count = rowCount(scene);
  const colours = categoryColours(Math.max(1, rows.groups.length), ink);
  const groupOfRow = new Int32Array(spikes.neurons.length);
  rows.groups.forEach(({ from, to }, group) => groupOfRow.fill(group, from, to));
  const pitch = box.height / count;
  const tall = Math.max(1, Math.min(pitch * 0.95, 14));
  const wide = timesMs.length > 50_000 ? 1 : 1.8;
  context.globalAlpha = pitch < 1 ? 0.6 : 1;
  let colour = -1;
  for (const i of order) {
    const which = neuron[i];
    if (one === undefined ? trial && shownTrial >= 0 && trial[i] !== shownTrial : which !== one) continue;
    // Setting a colour costs more than drawing a spike: spikes come group by group.
    const group = groupOfRow[rows.rowOf[which]];
    if (group !== colour) {
      colour = group;
      context.fillStyle = rows.groups.length > 0 ? colours[group] : ink.text;
    }
    const row = one === undefined ? rows.rowOf[which] : (trial?.[i] ?? 0);
    context.fillRect(toX(timesMs[i]) - wide / 2, box.top + (row + 0.5) * pitch - tall / 2, wide, tall);
  }
  context.globalAlpha = 1;
}

function paintRate(
  context: CanvasRenderingContext2D,
  box: Box,
  toX: (ms: number) => number,
  ink: Ink,
  scene: Scene,
  values: Float64Array,
): void {
  const most = extent(values)?.[1] || 1;
  const binMs = binFor(scene.spikes.durationMs);
  context.fillStyle = ink.quiet;
  context.globalAlpha = 0.7;
  values.forEach((value, bin) => {
    const x = toX(scene.spikes.startMs + bin * binMs);
    const height = (value / most) * box.height;
    context.fillRect(
      x,
      box.top + box.height - height,
      Math.max(1, toX(scene.spikes.startMs + (bin + 1) * binMs) - x - 0.5),
      height,
    );
  });
  context.globalAlpha = 1;
}

/** Names of rows where there is room, otherwise of groups. */
function paintRows(context: CanvasRenderingContext2D, box: Box, ink: Ink, scene: Scene): void {
  const { spikes, rows, one } = scene;
  const count = rowCount(scene);
  const pitch = box.height / count;
  context.strokeStyle = ink.line;
  line(context, box.left - 0.5, box.top, box.left - 0.5, box.top + box.height);
  context.font = `11px ${ink.font}`;
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  context.fillStyle = ink.text;
  const label = (text: string, y: number) =>
    context.fillText(fitted(context, plain(text, 60), box.left - 12), box.left - 6, y);
  if (pitch >= 11) {
    for (let row = 0; row < count; row++)
      label(one === undefined ? spikes.neurons[rows.neuronOf[row]] : `trial ${row + 1}`, box.top + (row + 0.5) * pitch);
  } else if (one === undefined && rows.groups.length > 0) {
    let free = box.top;
    for (const { name, from, to } of rows.groups) {
      const y = Math.max(free + 6, box.top + ((from + to) / 2) * pitch);
      const edge = Math.round(box.top + from * pitch) + 0.5;
      line(context, box.left - 5, edge, box.left, edge);
      if (y > box.top + box.height) break;
      label(`${name} (${to - from})`, y);
      free = y + 7;
    }
  } else {
    label(one === undefined ? `${count} neurons` : `${count} trials`, box.top + box.height / 2);
  }
}
