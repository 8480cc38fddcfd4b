import { contrast } from './contrast.ts';
import type { Ink } from './ink.ts';

/** A colour for each category: the eight of the theme, then hues that step by the golden angle. */
export function categoryColours(count: number, ink: Ink, given?: string[]): string[] {
  return Array.from({ length: count }, (_, i) => {
    const own = given?.[i];
    if (own && /^#?[0-9a-f]{6}$/i.test(own)) return own.startsWith('#') ? own : `#${own}`;
    if (i < ink.series.length) return ink.series[i];
    return seen((i * 137.508) % 360, (ink.dark ? 0.68 : 0.42) + ((i % 3) - 1) * 0.08, ink);
  });
}

/** What a mark needs to be seen by (WCAG 2.2, 1.4.11). */
const leastContrast = 3;

/** A hue, as light as asked, or as much darker (on dark ground lighter) as it takes to be seen. */
function seen(hue: number, lightness: number, ink: Ink): string {
  const step = ink.dark ? 0.02 : -0.02;
  let at = lightness;
  let colour = hslHex(hue, 0.55, at);
  while (contrast(colour, ink.ground) < leastContrast && at > 0.1 && at < 0.9) {
    at += step;
    colour = hslHex(hue, 0.55, at);
  }
  return colour;
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
