import { interpolatePuOr, interpolateViridis } from 'd3-scale-chromatic';

/** sequential-reversed: for light grounds, where strong should be dark. */
export type ScaleName = 'grey' | 'sequential' | 'sequential-reversed' | 'diverging';

const interpolators = {
  sequential: interpolateViridis,
  'sequential-reversed': (t: number) => interpolateViridis(1 - t),
  diverging: (t: number) => interpolatePuOr(1 - t),
};

/** 256 colours from low to high, [256 × 3] of 0–255. All are readable without red–green vision. */
export function ramp(name: ScaleName): Uint8Array {
  const table = new Uint8Array(256 * 3);
  for (let i = 0; i < 256; i++) {
    const t = i / 255;
    const rgb: [number, number, number] = name === 'grey' ? [i, i, i] : channels(interpolators[name](t));
    table.set(rgb.map(Math.round), i * 3);
  }
  return table;
}

/** "rgb(1, 2, 3)", "#010203" or "color(srgb …)" → [1, 2, 3]. */
export function channels(colour: string): [number, number, number] {
  const hex = /^#?([0-9a-f]{6})$/i.exec(colour)?.[1];
  const part = (at: number) => Number.parseInt(hex!.slice(at, at + 2), 16);
  if (hex) return [part(0), part(2), part(4)];
  const parts = colour.match(/[\d.]+/g)?.map(Number) ?? [0, 0, 0];
  const scale = colour.startsWith('color(') ? 255 : 1;
  return [parts[0] * scale, parts[1] * scale, parts[2] * scale];
}

/** Smallest and largest finite value, or undefined when there is none. */
export function extent(values: ArrayLike<number>): [number, number] | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : undefined;
}
