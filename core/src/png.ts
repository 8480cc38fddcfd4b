import { crc32, deflateSync } from 'node:zlib';

/** An image, C order [y × x × channel], 0–255; one channel is grey, three are red, green, blue. */
export interface Pixels {
  data: Uint8Array;
  width: number;
  height: number;
  channels: 1 | 3;
}

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
/** Colour types of PNG (ISO/IEC 15948, 11.2.2). */
const colourType = { 1: 0, 3: 2 } as const;

/** An image as a PNG file of 8 bits, its rows unfiltered. Throws RangeError where the pixels are no such image. */
export function writePng({ data, width, height, channels }: Pixels): Uint8Array {
  const row = width * channels;
  if (data.length !== row * height || data.length === 0)
    throw new RangeError(`${data.length} bytes are no image of ${width} × ${height} × ${channels}.`);
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, colourType[channels], 0, 0, 0], 8);
  const rows = new Uint8Array((row + 1) * height);
  for (let y = 0; y < height; y++) rows.set(data.subarray(y * row, (y + 1) * row), y * (row + 1) + 1);
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', new Uint8Array(0)),
  ]);
}

function chunk(name: string, body: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), body]);
  const out = Buffer.alloc(named.length + 8);
  out.writeUInt32BE(body.length, 0);
  out.set(named, 4);
  out.writeUInt32BE(crc32(named), named.length + 4);
  return out;
}
