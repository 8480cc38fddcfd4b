import { interpolateCividis, interpolatePuOr, interpolateViridis } from 'd3-scale-chromatic';
import { channels, type Ink } from './ink.ts';

export type ScaleName = 'grey' | 'sequential' | 'diverging' | 'cividis';

/** 256 colours from low to high, [256 × 3] of 0–255. All are readable without red–green vision. */
export function ramp(name: ScaleName): Uint8Array {
  const table = new Uint8Array(256 * 3);
  for (let i = 0; i < 256; i++) {
    const t = i / 255;
    const rgb: [number, number, number] =
      name === 'grey'
        ? [i, i, i]
        : channels(
            name === 'diverging'
              ? interpolatePuOr(1 - t)
              : name === 'cividis'
                ? interpolateCividis(t)
                : interpolateViridis(t),
          );
    table.set(rgb.map(Math.round), i * 3);
  }
  return table;
}

/** A colour for each category: the eight of the theme, then hues that step by the golden angle. */
export function categoryColours(count: number, ink: Ink, given?: string[]): string[] {
  return Array.from({ length: count }, (_, i) => {
    const own = given?.[i];
    if (own && /^#?[0-9a-f]{6}$/i.test(own)) return own.startsWith('#') ? own : `#${own}`;
    if (i < ink.series.length) return ink.series[i];
    return hslHex((i * 137.508) % 360, 0.55, (ink.dark ? 0.68 : 0.42) + ((i % 3) - 1) * 0.08);
  });
}

function hslHex(hue: number, saturation: number, lightness: number): string {
  const a = saturation * Math.min(lightness, 1 - lightness);
  const part = (n: number) => {
    const k = (n + hue / 30) % 12;
    const value = lightness - a * Math.max(-1, Math.min(k - 3, 9 - k, 1));
    return Math.round(value * 255)
      .toString(16)
      .padStart(2, '0');
  };
  return `#${part(0)}${part(8)}${part(4)}`;
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
