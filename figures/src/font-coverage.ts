/**
 * Whether a TrueType font has a glyph for a code point: from its table `cmap`, subtables of format 4 and 12 (OpenType 1.9, cmap).
 * Throws nothing: a font without such a subtable has no glyph.
 */
export function coverageOf(font: Uint8Array): (codePoint: number) => boolean {
  const view = new DataView(font.buffer, font.byteOffset, font.byteLength);
  const ranges = subtablesOf(view).flatMap((at) => {
    const format = view.getUint16(at);
    return format === 12 ? groups(view, at) : format === 4 ? segments(view, at) : [];
  });
  return (codePoint) => ranges.some(([first, last]) => codePoint >= first && codePoint <= last);
}

type Range = [first: number, last: number];

function subtablesOf(view: DataView): number[] {
  for (let i = 0; i < view.getUint16(4); i++) {
    const record = 12 + 16 * i;
    if (view.getUint32(record) !== 0x636d6170) continue; // 'cmap'
    const start = view.getUint32(record + 8);
    return Array.from({ length: view.getUint16(start + 2) }, (_, j) => start + view.getUint32(start + 8 + 8 * j));
  }
  return [];
}

const groups = (view: DataView, at: number): Range[] =>
  Array.from({ length: view.getUint32(at + 12) }, (_, i) => {
    const group = at + 16 + 12 * i;
    return [view.getUint32(group), view.getUint32(group + 4)];
  });

/** Segments that map to the missing glyph alone are those that end the list. */
function segments(view: DataView, at: number): Range[] {
  const doubled = view.getUint16(at + 6);
  return Array.from({ length: doubled / 2 }, (_, i): Range => {
    const last = view.getUint16(at + 14 + 2 * i);
    return [view.getUint16(at + 16 + doubled + 2 * i), last];
  }).filter(([first]) => first !== 0xffff);
}
