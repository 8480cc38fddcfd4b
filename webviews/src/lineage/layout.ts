import type { Picture } from './graph.ts';
import { layersOf } from './layers.ts';
import { spaced } from './spaced.ts';

export const boxWidth = 228;
export const boxHeight = 46;

/** Around the picture, and between two boxes of a layer, px. */
const margin = 20;
const between = 14;
/** Room that an arrow takes that passes a layer, px. */
const passing = 8;
/** Times that all layers are put in order by their neighbours, forth or back; more changes little. */
const sweeps = 8;

/** Whether things rest on what is to their right, or on what is below them. */
export type Flow = 'right' | 'down';

/** Where the boxes of a lineage stand, px. */
export interface Placed {
  flow: Flow;
  /** Top left corner of each box. */
  at: Map<string, { x: number; y: number; layer: number }>;
  width: number;
  height: number;
}

/** A box, or the place where arrows to one source pass a layer on their way. */
interface Knot {
  /** Of a box. */
  id?: string;
  layer: number;
  /** Extent across the flow, px. */
  size: number;
  /** Knots of the layers before and after that it is joined to. */
  before: Knot[];
  after: Knot[];
  /** Place among the knots of its layer, from 0. */
  rank: number;
  /** Its middle across the flow, px. */
  middle: number;
}

/**
 * Places boxes in layers, users before what they rest on. Same picture, same places. Layers by the longest way, order within a layer
 * by the mean place of neighbours (Sugiyama, Tagawa & Toda 1981), places by least squares under that order.
 */
export function layOut(picture: Picture, flow: Flow = 'right'): Placed {
  const across = flow === 'right' ? boxHeight : boxWidth;
  const layers = knotsOf(picture, across);
  order(layers);
  place(layers);
  const [along, pitch] = flow === 'right' ? [boxWidth, boxWidth + 44] : [boxHeight, boxHeight + 30];
  const boxes = layers.flat().filter((knot) => knot.id !== undefined);
  const first = boxes.reduce((least, { middle }) => Math.min(least, middle), Number.POSITIVE_INFINITY);
  const last = boxes.reduce((most, { middle }) => Math.max(most, middle), first);
  const at: Placed['at'] = new Map();
  for (const { id = '', layer, middle } of boxes) {
    const [onward, beside] = [margin + layer * pitch, Math.round(margin + middle - first)];
    at.set(id, flow === 'right' ? { x: onward, y: beside, layer } : { x: beside, y: onward, layer });
  }
  const length = 2 * margin + Math.max(0, layers.length - 1) * pitch + along;
  const breadth = 2 * margin + (boxes.length > 0 ? last - first : 0) + across;
  return { flow, at, ...(flow === 'right' ? { width: length, height: breadth } : { width: breadth, height: length }) };
}

/** The layers, each with its boxes and with a knot for each source that arrows pass it on the way to. */
function knotsOf(picture: Picture, across: number): Knot[][] {
  const layerOf = layersOf(picture);
  const layers: Knot[][] = [];
  const add = (layer: number, size: number, id?: string): Knot => {
    layers[layer] ??= [];
    const knot: Knot = { id, layer, size, before: [], after: [], rank: layers[layer].length, middle: 0 };
    layers[layer].push(knot);
    return knot;
  };
  const knots = new Map(picture.boxes.map(({ id }) => [id, add(layerOf.get(id) ?? 0, across, id)]));
  for (let i = 0; i < layers.length; i++) layers[i] ??= [];
  const ways = new Map<string, Knot>();
  for (const { user, source } of picture.arrows) {
    const [a, b] = [knots.get(user), knots.get(source)];
    if (!a || !b || a.layer === b.layer) continue;
    const [from, to] = a.layer < b.layer ? [a, b] : [b, a];
    let knot = from;
    for (let layer = from.layer + 1; layer < to.layer; layer++) {
      const key = `${layer} ${to.id}`;
      const known = ways.get(key);
      const next = known ?? add(layer, passing);
      join(knot, next);
      knot = next;
      if (known) break;
      ways.set(key, next);
    }
    if (knot.layer === to.layer - 1) join(knot, to);
  }
  return layers;
}

function join(before: Knot, after: Knot): void {
  if (before.after.includes(after)) return;
  before.after.push(after);
  after.before.push(before);
}

const meanOf = (knots: Knot[], value: (knot: Knot) => number, otherwise: number): number =>
  knots.length === 0 ? otherwise : knots.reduce((sum, knot) => sum + value(knot), 0) / knots.length;

/** Puts each layer in the order of the mean ranks of its neighbours: forth by those before, back by those after, in turns. */
function order(layers: Knot[][]): void {
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const forth = sweep % 2 === 0;
    for (const layer of forth ? layers : [...layers].reverse()) {
      const wanted = new Map(
        layer.map((knot) => [knot, meanOf(forth ? knot.before : knot.after, ({ rank }) => rank, knot.rank)]),
      );
      layer.sort((a, b) => (wanted.get(a) ?? 0) - (wanted.get(b) ?? 0) || a.rank - b.rank);
      for (const [rank, knot] of layer.entries()) knot.rank = rank;
    }
  }
}

/** Draws knots towards the middle of their neighbours, without changing their order. */
function place(layers: Knot[][]): void {
  const gaps = layers.map((layer) => layer.slice(1).map((knot, i) => (layer[i].size + knot.size) / 2 + between));
  const set = (layer: Knot[], i: number, wanted: (knot: Knot) => number) => {
    const middles = spaced(layer.map(wanted), gaps[i]);
    for (const [rank, knot] of layer.entries()) knot.middle = middles[rank];
  };
  for (const [i, layer] of layers.entries()) set(layer, i, () => 0);
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const entries = [...layers.entries()];
    for (const [i, layer] of sweep % 2 === 0 ? entries : entries.reverse())
      set(layer, i, (knot) => meanOf([...knot.before, ...knot.after], ({ middle }) => middle, knot.middle));
  }
}
