// Where rows and values begin and end in a block of bytes, sixteen bytes at a time.

let separator: u32 = 44;
let quote: i32 = 34; // -1: none
let width: i32 = 0;
let returns: i32 = 0; // 1: every line ends in CR LF
let index: usize = 0; // u32[rows × (width + 1)]: the place before a row begins, then the end of each value
let mostRows: i32 = 0;

/** Rows that the last call cut. */
export let rowsCut: i32 = 0;
export let blankLines: i32 = 0;
/** Rows follow on a blank line. */
export let goesOn: bool = false;

export function placeIndex(width_: i32, separator_: u32, quote_: i32, returns_: i32, index_: usize, mostRows_: i32): void {
  width = width_; separator = separator_; quote = quote_; returns = returns_; index = index_; mostRows = mostRows_;
}

export function beginBlock(): void {
  blankLines = 0; goesOn = false;
}

/**
 * Cuts rows from `from`, where one begins, to `to`, behind the end of one. Returns the place behind the last row that it cut, or 0 where
 * a row has another width, a line ends otherwise, or a quote stands elsewhere than around a whole value.
 */
export function cut(from: usize, to: usize): usize {
  const separators = i8x16.splat(<i8>separator);
  const feeds = i8x16.splat(10);
  const quotes = i8x16.splat(quote < 0 ? 10 : <i8>quote);
  const step = <usize>(width + 1) << 2;
  let row = index;
  const full = index + step * <usize>mostRows;
  store<u32>(row, <u32>from - 1);
  let begin = from; // of the value
  let fields = 0; // separators in the row
  let at = from;
  while (at < to) {
    const bytes = v128.load(at);
    let found = i8x16.bitmask(v128.or(i8x16.eq(bytes, separators), v128.or(i8x16.eq(bytes, feeds), i8x16.eq(bytes, quotes))));
    if (to - at < 16) found &= (1 << <i32>(to - at)) - 1;
    let next = at + 16;
    while (found != 0) {
      const place = at + ctz(found);
      found &= found - 1;
      const byte = <u32>load<u8>(place);
      if (byte == separator) {
        if (++fields >= width) return 0;
        store<u32>(row + (<usize>fields << 2), <u32>place);
        begin = place + 1;
      } else if (byte == 10) {
        const end = place - <usize>returns;
        if (returns != 0 && load<u8>(end) != 13) return 0;
        if (fields == 0 && end == begin) {
          blankLines++;
          store<u32>(row, <u32>place);
        } else {
          if (fields != width - 1) return 0;
          if (blankLines > 0) goesOn = true;
          store<u32>(row + (<usize>width << 2), <u32>end);
          row += step;
          store<u32>(row, <u32>place);
          fields = 0;
          if (row == full) {
            rowsCut = mostRows;
            return place + 1;
          }
        }
        begin = place + 1;
      } else {
        next = place == begin ? pastQuotes(place + 1, to) : 0;
        if (next == 0) return 0;
        begin = 0; // no second quote opens here
        found = 0;
      }
    }
    at = next;
  }
  rowsCut = <i32>((row - index) / step);
  return to;
}

/** The place behind the quote that closes, 0 where none does, or where something else than the end of the value follows. */
function pastQuotes(from: usize, to: usize): usize {
  const quotes = i8x16.splat(<i8>quote);
  let at = from;
  while (at < to) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(at), quotes));
    if (found == 0) { at += 16; continue; }
    at += ctz(found);
    if (at >= to) return 0;
    const after = <u32>load<u8>(at + 1);
    if (after == <u32>quote) { at += 2; continue; }
    const ends = after == separator || after == 10 || (returns != 0 && after == 13 && load<u8>(at + 2) == 10);
    return ends ? at + 1 : 0;
  }
  return 0;
}

/** The place behind the last line feed that stands in no quotes, where `from` stands in none; `from` where there is none. */
export function lastRowEnd(from: usize, to: usize): usize {
  const feeds = i8x16.splat(10);
  const quotes = i8x16.splat(<i8>quote);
  let last = from;
  let inside: i32 = 0; // all bits set: in quotes
  for (let at = from; at < to; at += 16) {
    const bytes = v128.load(at);
    let mask = i8x16.bitmask(i8x16.eq(bytes, quotes));
    let ends = i8x16.bitmask(i8x16.eq(bytes, feeds));
    if (to - at < 16) {
      const there = (1 << <i32>(to - at)) - 1;
      mask &= there; ends &= there;
    }
    // Each bit says whether an odd number of quotes stands up to it.
    mask ^= mask << 1; mask ^= mask << 2; mask ^= mask << 4; mask ^= mask << 8;
    mask = (mask & 0xffff) ^ (inside & 0xffff);
    ends &= ~mask;
    if (ends != 0) last = at + 32 - clz(ends);
    inside = mask & 0x8000 ? -1 : 0;
  }
  return last;
}

/** Carriage returns in a block. */
export function countReturns(from: usize, to: usize): i32 {
  const sought = i8x16.splat(13);
  let count = 0;
  let at = from;
  for (; at + 16 <= to; at += 16) count += popcnt(i8x16.bitmask(i8x16.eq(v128.load(at), sought)));
  for (; at < to; at++) if (load<u8>(at) == 13) count++;
  return count;
}
