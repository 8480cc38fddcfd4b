/** A text inside SVG. */
export const escaped = (words: string): string =>
  words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** One line of text; y is its middle. */
export const text = (
  words: string,
  x: number,
  y: number,
  { fill, size, weight = 400, anchor = 'start' }: { fill: string; size: number; weight?: number; anchor?: string },
): string =>
  `<text x="${x}" y="${y}" dy="0.32em" fill="${fill}" font-size="${size}" font-weight="${weight}" text-anchor="${anchor}">${escaped(words)}</text>`;
