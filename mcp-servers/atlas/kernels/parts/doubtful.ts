// What a text among numbers is that is no number in plain notation.
import { hasBlankEnd } from './words';

/** It certainly is no number in any notation. */
export const NO_NUMBER: i32 = 1;
/** It may be one, in another notation. */
export const UNSURE: i32 = 2;

// @ts-ignore: decorator
@inline
function isDigit(byte: u32): bool { return byte - 48 < 10; }

/** Whether U+200B or U+FEFF stands there. */
// @ts-ignore: decorator
@inline
function isNoWidth(at: usize): bool {
  const three = load<u32>(at) & 0xffffff;
  return three == 0x8b80e2 || three == 0xbfbbef;
}

/** Of letters those of e, infinity and nan. u32: a bit a letter from a. */
const lettersOfNumbers: u32 = 1 << 0 | 1 << 4 | 1 << 5 | 1 << 8 | 1 << 13 | 1 << 19 | 1 << 24;

/**
 * What a text is that is no number in plain notation. Other notations have digits, at most one point and one exponent, signs before the
 * digits and behind an e, underscores, blanks around them; or they are words for infinity and nan.
 */
export function kindOfText(from: usize, to: usize): i32 {
  const blanks = hasBlankEnd(from, to) || isNoWidth(from) || (to - from > 3 && isNoWidth(to - 3));
  let digits = false;
  let words = false;
  let points = 0;
  let exponents = 0;
  let before: u32 = 101;
  let odd = false;
  for (let at = from; at < to; at++) {
    const byte = <u32>load<u8>(at);
    if (isDigit(byte)) digits = true;
    else if (byte == 46) { if (++points > 1) odd = true; }
    else if (byte == 43 || byte == 45) {
      if (before != 101) odd = true;
      else if (byte == 43) continue; // DuckDB reads +-5
    }
    else if ((byte | 32) == 101) exponents++;
    else if ((byte | 32) - 97 < 26) {
      if ((lettersOfNumbers >> ((byte | 32) - 97) & 1) == 0) return NO_NUMBER;
      words = true;
    } else if (byte == 32 || byte - 9 < 5 || byte >= 0x80) {
      if (!blanks && byte >= 0x80) return NO_NUMBER;
      if (byte < 0x80) continue;
      words = true;
    } else if (byte == 40) return words ? UNSURE : NO_NUMBER; // nan(ind)
    else if (byte != 95) return NO_NUMBER;
    before = byte | 32;
  }
  if (words) return UNSURE;
  return !digits || odd || exponents > 1 ? NO_NUMBER : UNSURE;
}
