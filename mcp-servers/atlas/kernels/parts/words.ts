// Whether a value is one of some words. A list lies in memory as: u32 words, u32 bytes of the longest, u32[8] bits of first bytes,
// then a word each: u32 length, u32 place of its bytes; the counts of how often each was met lie apart.

/** The number of the word that the text is, or -1. */
export function wordAt(list: usize, from: usize, to: usize): i32 {
  const length = <u32>(to - from);
  if (length > load<u32>(list, 4)) return -1;
  const words = load<u32>(list);
  if (length > 0) {
    const first = <u32>load<u8>(from);
    if ((load<u32>(list + (<usize>(first >> 5) << 2), 8) >> (first & 31) & 1) == 0) return -1;
  }
  for (let k: u32 = 0; k < words; k++) {
    const word = list + 40 + (<usize>k << 3);
    if (load<u32>(word) == length && same(<usize>load<u32>(word, 4), from, length)) return k;
  }
  return -1;
}

export function same(a: usize, b: usize, length: u32): bool {
  let at: u32 = 0;
  for (; at + 8 <= length; at += 8) if (load<u64>(a + at) != load<u64>(b + at)) return false;
  for (; at < length; at++) if (load<u8>(a + at) != load<u8>(b + at)) return false;
  return true;
}

/** Whether a blank of any kind (Unicode's Zs) stands at the begin or the end of the text: then it may be a word all the same. */
export function hasBlankEnd(from: usize, to: usize): bool {
  if (from == to) return false;
  const first = load<u8>(from);
  const last = load<u8>(to - 1);
  if (first == 32 || last == 32) return true;
  if (first < 0x80 && last < 0x80) return false;
  return isBlank(from, to) || (to - from > 1 && isBlank(to - 2, to)) || (to - from > 2 && isBlank(to - 3, to));
}

/** U+00A0, U+1680, U+2000 to U+200A, U+202F, U+205F, U+3000. */
function isBlank(at: usize, to: usize): bool {
  const a = load<u8>(at);
  const b = load<u8>(at + 1);
  if (a == 0xc2) return b == 0xa0 && to - at > 1;
  if (to - at < 3) return false;
  const c = load<u8>(at + 2);
  if (a == 0xe1) return b == 0x9a && c == 0x80;
  if (a == 0xe3) return b == 0x80 && c == 0x80;
  if (a != 0xe2) return false;
  return (b == 0x80 && (c <= 0x8a || c == 0xaf)) || (b == 0x81 && c == 0x9f);
}
