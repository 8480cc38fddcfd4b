// Dates, times of day and moments of the years 1 to 9999, in the notations in which they are told apart from other text.

/** What the last text meant: days since 1970-01-01, or microseconds since then or since midnight. */
export let moment: i64 = 0;

const none: i32 = i32.MIN_VALUE;
const dash: u32 = 45;
const colon: u32 = 58;

/** The number of two digits; 100 and more where they are none. */
// @ts-ignore: decorator
@inline
function two(at: usize): u32 {
  const tens = <u32>load<u8>(at) - 48;
  const ones = <u32>load<u8>(at, 1) - 48;
  return tens < 10 && ones < 10 ? tens * 10 + ones : 10000;
}

// @ts-ignore: decorator
@inline
function daysIn(year: u32, month: u32): u32 {
  if (month == 2) return 28 + <u32>(year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
  return 30 + ((month + (month >> 3)) & 1);
}

/** Days since 1970-01-01, or `none` of a day that there is not. A year that begins in March ends in the day that leap years have more. */
function daysOf(year: u32, month: u32, day: u32): i32 {
  if (year - 1 > 9998 || month - 1 > 11 || day - 1 >= daysIn(year, month)) return none;
  const y = year - <u32>(month < 3);
  const fromMarch = month > 2 ? month - 3 : month + 9;
  const ofYear = (153 * fromMarch + 2) / 5 + day - 1;
  const centuries = y / 100;
  return <i32>(365 * y + y / 4 - centuries + centuries / 4 + ofYear) - 719468;
}

/** Days of YYYY-MM-DD at a place, or `none`. */
// @ts-ignore: decorator
@inline
function isoDays(at: usize): i32 {
  if (<u32>load<u8>(at, 4) != dash || <u32>load<u8>(at, 7) != dash) return none;
  return daysOf(two(at) * 100 + two(at + 2), two(at + 5), two(at + 8));
}

let cursor: usize = 0;

/** The number of so many digits at the cursor, which then stands behind them; 0 where there are none or more. */
function part(to: usize, least: i32, most: i32): u32 {
  let value: u32 = 0;
  let count = 0;
  for (; cursor < to; cursor++, count++) {
    const digit = <u32>load<u8>(cursor) - 48;
    if (digit > 9) break;
    if (count == most) return 0;
    value = value * 10 + digit;
  }
  return count < least ? 0 : value;
}

/** Puts the cursor behind the sign that stands there. */
function passes(to: usize, sign: u32): bool { return cursor < to && <u32>load<u8>(cursor++) == sign; }

/** Whether the text is a date. order: 0 of YYYY-MM-DD alone, 1 day first, 2 month first, 3 year first, with one or two digits and this sign. */
export function isDate(from: usize, to: usize, order: u32, sign: u32): bool {
  if (order == 0) {
    if (to - from != 10) return false;
    moment = isoDays(from);
    return moment != none;
  }
  cursor = from;
  const first = order == 3 ? part(to, 4, 4) : part(to, 1, 2);
  if (!passes(to, sign)) return false;
  const second = part(to, 1, 2);
  if (!passes(to, sign)) return false;
  const third = order == 3 ? part(to, 1, 2) : part(to, 4, 4);
  if (cursor != to) return false;
  if (order == 1) moment = daysOf(third, second, first);
  else if (order == 2) moment = daysOf(third, first, second);
  else moment = daysOf(first, second, third);
  return moment != none;
}

/** Microseconds since midnight of HH:MM:SS, with up to six decimals, or of HH:MM where seconds may be left out; -1 of something else. */
function microsOf(from: usize, to: usize, seconds: bool): i64 {
  const length = to - from;
  if (length < 5 || <u32>load<u8>(from, 2) != colon) return -1;
  const hour = two(from);
  const minute = two(from + 3);
  if (hour > 23 || minute > 59) return -1;
  const minutes = <i64>(hour * 60 + minute);
  if (length == 5) return seconds ? -1 : minutes * 60000000;
  if (length < 8 || <u32>load<u8>(from, 5) != colon) return -1;
  const second = two(from + 6);
  if (second > 59) return -1;
  const whole = (minutes * 60 + second) * 1000000;
  if (length == 8) return whole;
  const decimals = length - 9;
  if (load<u8>(from, 8) != 46 || decimals - 1 > 5) return -1;
  let fraction: u32 = 0;
  for (let k: usize = 0; k < 6; k++) {
    const digit = k < decimals ? <u32>load<u8>(from + 9 + k) - 48 : 0;
    if (digit > 9) return -1;
    fraction = fraction * 10 + digit;
  }
  return whole + fraction;
}

export function isTime(from: usize, to: usize): bool {
  moment = microsOf(from, to, true);
  return moment >= 0;
}

/** Whether the text is a date and a time behind a blank or a T; with `zone`, and behind them how far they are from UTC. */
export function isTimestamp(from: usize, to: usize, zone: bool): bool {
  if (to - from < 16) return false;
  const between = load<u8>(from, 10);
  if (between != 32 && between != 84) return false;
  const days = isoDays(from);
  if (days == none) return false;
  let end = to;
  let offset: i64 = 0;
  if (zone) {
    end = zoneBegin(to);
    offset = minutesOf(end, to);
    if (offset == i64.MIN_VALUE) return false;
  }
  const micros = end < from + 11 ? -1 : microsOf(from + 11, end, false);
  if (micros < 0) return false;
  moment = <i64>days * 86400000000 + micros - offset * 60000000;
  return true;
}

// @ts-ignore: decorator
@inline
function isSign(at: usize): bool { return load<u8>(at) == 43 || <u32>load<u8>(at) == dash; }

/** Where Z, +HH or +HH:MM begins, if the text ends in one. */
function zoneBegin(to: usize): usize {
  if (load<u8>(to - 1) == 90) return to - 1;
  return isSign(to - 3) ? to - 3 : to - 6;
}

function minutesOf(from: usize, to: usize): i64 {
  if (to - from == 1) return 0;
  if (!isSign(from)) return i64.MIN_VALUE;
  const hours = two(from + 1);
  let minutes: u32 = 0;
  if (to - from == 6) {
    if (<u32>load<u8>(from, 3) != colon) return i64.MIN_VALUE;
    minutes = two(from + 4);
  }
  if (hours > 12 || minutes > 59) return i64.MIN_VALUE;
  const all = <i64>(hours * 60 + minutes);
  return <u32>load<u8>(from) == dash ? -all : all;
}
