import type { Size } from './pixels.ts';

/** How pixels lie in the data of a PNG. */
export interface PngLayout extends Size {
  /** Bits of a sample: 1, 2, 4, 8, 16. */
  depth: number;
  channels: number;
  interlaced: boolean;
}

/** First column and row of each pass, and the steps to the next ones (ISO/IEC 15948, 8.2, Adam7). */
const adam7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
];

/** The passes that hold a pixel, with their sizes. */
function passesOf({ width, height, interlaced }: PngLayout) {
  return (interlaced ? adam7 : [[0, 0, 1, 1]])
    .map(([x, y, dx, dy]) => ({
      ...{ x, y, dx, dy },
      columns: Math.max(0, Math.ceil((width - x) / dx)),
      rows: Math.max(0, Math.ceil((height - y) / dy)),
    }))
    .filter(({ columns, rows }) => columns > 0 && rows > 0);
}

const rowBytes = ({ depth, channels }: PngLayout, columns: number) => Math.ceil((columns * channels * depth) / 8);

/** Bytes of the filtered rows of all passes: each has one for its filter before its packed samples. */
export function sizeOfRows(layout: PngLayout): number {
  return passesOf(layout).reduce((sum, { columns, rows }) => sum + rows * (1 + rowBytes(layout, columns)), 0);
}

/** The samples [y × x × channel] of filtered rows; data: `sizeOfRows` bytes, which are changed. Throws on a filter that there is not. */
export function samplesOf(data: Uint8Array, layout: PngLayout): Uint16Array {
  const { width, height, depth, channels } = layout;
  const samples = new Uint16Array(width * height * channels);
  const step = Math.max(1, (depth * channels) >> 3);
  let at = 0;
  for (const { x, y, dx, dy, columns, rows } of passesOf(layout)) {
    const length = rowBytes(layout, columns);
    let above: Uint8Array = new Uint8Array(length);
    for (let row = 0; row < rows; row++, at += 1 + length) {
      const line = data.subarray(at + 1, at + 1 + length);
      unfilter(data[at], line, above, step);
      above = line;
      for (let i = 0; i < columns * channels; i++) {
        const pixel = (y + row * dy) * width + x + Math.floor(i / channels) * dx;
        samples[pixel * channels + (i % channels)] = sampleAt(line, i, depth);
      }
    }
  }
  return samples;
}

function sampleAt(line: Uint8Array, i: number, depth: number): number {
  if (depth === 8) return line[i];
  if (depth === 16) return (line[2 * i] << 8) | line[2 * i + 1];
  const bit = i * depth;
  return (line[bit >> 3] >> (8 - depth - (bit & 7))) & (2 ** depth - 1);
}

/** Adds to a row what its filter took away (ISO/IEC 15948, 9.2). above: the row before, unfiltered. step: bytes of a pixel. */
function unfilter(filter: number, line: Uint8Array, above: Uint8Array, step: number): void {
  if (filter > 4) throw new Error(`a row has the filter ${filter}, which there is not`);
  if (filter === 0) return;
  for (let i = 0; i < line.length; i++) {
    const left = i < step ? 0 : line[i - step];
    const corner = i < step ? 0 : above[i - step];
    if (filter === 1) line[i] += left;
    else if (filter === 2) line[i] += above[i];
    else if (filter === 3) line[i] += (left + above[i]) >> 1;
    else line[i] += paeth(left, above[i], corner);
  }
}

/** Whichever neighbour is nearest to left + above − corner (ISO/IEC 15948, 9.4). */
function paeth(left: number, above: number, corner: number): number {
  const guess = left + above - corner;
  const [toLeft, toAbove, toCorner] = [Math.abs(guess - left), Math.abs(guess - above), Math.abs(guess - corner)];
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}
