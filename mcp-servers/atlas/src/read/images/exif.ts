/**
 * The orientation (1–8) that an EXIF block asks for, 1 when it says nothing. block: a TIFF structure, with or without `Exif\0\0`
 * before it (CIPA DC-008, tag 0x0112).
 */
export function orientationOf(block: Uint8Array): number {
  const start = Buffer.from(block.subarray(0, 6)).toString('latin1') === 'Exif\0\0' ? 6 : 0;
  const tiff = block.subarray(start);
  if (tiff.length < 14) return 1;
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  const little = view.getUint16(0) === 0x4949;
  if (!little && view.getUint16(0) !== 0x4d4d) return 1;
  const directory = view.getUint32(4, little);
  if (directory + 2 > tiff.length) return 1;
  const entries = view.getUint16(directory, little);
  for (let i = 0; i < entries; i++) {
    const entry = directory + 2 + 12 * i;
    if (entry + 12 > tiff.length) return 1;
    if (view.getUint16(entry, little) === 0x0112) return inRange(view.getUint16(entry + 8, little));
  }
  return 1;
}

/** The orientation that an XMP packet asks for, 1 when it says nothing. */
export function orientationOfXmp(packet: string): number {
  return inRange(Number(/tiff:Orientation(?:="|>)([0-9])/.exec(packet)?.[1] ?? 1));
}

const inRange = (value: number) => (value >= 1 && value <= 8 ? value : 1);
