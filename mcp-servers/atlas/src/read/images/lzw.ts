/** How codes are packed: GIF begins at the low bit, TIFF at the high one and widens one code early (TIFF 6.0, section 13). */
export interface Packing {
  /** Bits of a value. */
  bits: number;
  order: 'low-first' | 'high-first';
  early: 0 | 1;
}

const mostCodes = 4096;

/** Unpacks LZW into so many bytes. Throws when the codes end early or name what there is not. */
export function unpackLzw(packed: Uint8Array, size: number, { bits, order, early }: Packing): Uint8Array {
  const out = new Uint8Array(size);
  const clear = 1 << bits;
  const prefix = new Uint16Array(mostCodes);
  const last = new Uint8Array(mostCodes);
  const length = new Uint16Array(mostCodes);
  for (let code = 0; code < clear; code++) [last[code], length[code]] = [code, 1];
  let [width, next, before, at] = [bits + 1, clear + 2, -1, 0];
  let [held, count, from] = [0, 0, 0];
  const take = (): number => {
    while (count < width) {
      if (from >= packed.length) return clear + 1;
      held = order === 'low-first' ? held | (packed[from++] << count) : (held << 8) | packed[from++];
      count += 8;
    }
    count -= width;
    const code = order === 'low-first' ? held & ((1 << width) - 1) : (held >> count) & ((1 << width) - 1);
    held = order === 'low-first' ? held >> width : held & ((1 << count) - 1);
    return code;
  };
  while (at < size) {
    const code = take();
    if (code === clear + 1) throw new Error('its data end early');
    if (code === clear) {
      [width, next, before] = [bits + 1, clear + 2, -1];
      continue;
    }
    if (code > next || (code === next && before < 0)) throw new Error('its data are damaged');
    const known = code < next ? code : before;
    const run = length[known] + (code < next ? 0 : 1);
    let first = known;
    for (let i = at + length[known] - 1; i >= at; i--) {
      if (i < size) out[i] = last[first];
      if (i > at) first = prefix[first];
    }
    if (code === next && at + run - 1 < size) out[at + run - 1] = last[first];
    if (before >= 0 && next < mostCodes) {
      [prefix[next], last[next], length[next]] = [before, last[first], length[before] + 1];
      next++;
    }
    at += run;
    before = code;
    if (next + early >= 1 << width && width < 12) width++;
  }
  return out;
}
