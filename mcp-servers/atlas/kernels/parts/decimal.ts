// Decimal text to the nearest double, without a loop over digits where eight of them stand together.
// Eight digits at once, and products with 128-bit powers of five: Lemire 2021, Number parsing at a gigabyte per second,
// Software: Practice and Experience 51:1700, https://doi.org/10.1002/spe.2984.

/** What the host decides: numbers of more digits than 64 bits hold, subnormal ones, and the few that the product leaves open. */
// @ts-ignore: decorator
@external('env', 'toDouble')
declare function toDouble(from: usize, length: i32): f64;

/** u64[2 × 651]: 128 bits of 5^q, high half first, for q from -342 to 308. */
let powers: usize = 0;
let decimal: u32 = 46;

/** The number that `isNumber` found. */
export let number: f64 = 0;
/** Its digits from the first that is not zero, without those of the exponent. */
export let digits: i32 = 0;
/** Its digits behind the decimal sign; -1 where it has an exponent. */
export let decimals: i32 = 0;
let hasSign: bool = false;

const leastPower: i32 = -342;
const mostPower: i32 = 308;
const exact: u64 = 9007199254740991; // 2^53 - 1: beyond it a whole number may not be the double that is nearest to it

export function placePowers(powers_: usize, decimal_: u32): void {
  powers = powers_; decimal = decimal_;
}

// @ts-ignore: decorator
@inline
function digitAt(at: usize): u32 { return <u32>load<u8>(at) - 48; }

// @ts-ignore: decorator
@inline
export function areEight(bytes: u64): bool {
  return ((bytes & 0xf0f0f0f0f0f0f0f0) | (((bytes + 0x0606060606060606) & 0xf0f0f0f0f0f0f0f0) >> 4)) == 0x3333333333333333;
}

// @ts-ignore: decorator
@inline
function valueOfEight(bytes: u64): u64 {
  let v = bytes - 0x3030303030303030;
  v = v * 10 + (v >> 8);
  return ((v & 0x000000ff000000ff) * 0x000f424000000064 + ((v >> 16) & 0x000000ff000000ff) * 0x0000271000000001) >> 32;
}

/** u64[9]: powers of ten. */
const tens = memory.data<u64>([1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000]);
const zeros: u64 = 0x3030303030303030;

/**
 * Whether the text from..to, which is not empty and behind which comes no digit, is a number in plain decimal notation whose nearest
 * double is neither infinite nor, but for 0, zero: no sign but "-", no leading zeros, no whole number beyond 2^53. Branches that no
 * processor could foresee, such as the sign, are none here.
 */
export function isNumber(from: usize, to: usize): bool {
  const negative = <usize>(load<u8>(from) == 45);
  const first = from + negative;
  let at = first;
  let w: u64 = 0;
  let d: u32;
  while ((d = digitAt(at)) < 10) { w = w * 10 + d; at++; }
  const whole = <i32>(at - first);
  const startsWithZero = load<u8>(first) == 48;
  if (whole == 0 || (whole > 1 && startsWithZero)) return false;
  let fraction = 0;
  let end = at; // of the digits
  if (load<u8>(at) == decimal) {
    const begin = ++at;
    while (<isize>(to - at) > 8) {
      const eight = load<u64>(at);
      if (!areEight(eight)) break;
      w = w * 100000000 + valueOfEight(eight);
      at += 8;
    }
    const rest = to - at;
    if (rest - 1 < 8) {
      // The last one to eight, behind as many zeros as make eight. A shift by 64 would be none.
      const few = (load<u64>(at) << (64 - (rest << 3))) | (zeros >> (rest << 2) >> (rest << 2));
      if (areEight(few)) {
        w = w * load<u64>(tens + (rest << 3)) + valueOfEight(few);
        at = to;
      }
    }
    if (at != to) while ((d = digitAt(at)) < 10) { w = w * 10 + d; at++; }
    fraction = <i32>(at - begin);
    if (fraction == 0) return false;
    end = at;
  }
  hasSign = fraction > 0;
  decimals = fraction;
  let exponent = 0;
  if (at != to) {
    decimals = -1;
    if ((load<u8>(at) | 32) != 101) return false;
    at++;
    const sign = load<u8>(at);
    if (sign == 43 || sign == 45) at++;
    const begin = at;
    while ((d = digitAt(at)) < 10 && at - begin < 5) { exponent = exponent * 10 + <i32>d; at++; }
    if (at == begin || at - begin > 4 || at != to) return false;
    if (sign == 45) exponent = -exponent;
  }
  digits = whole + fraction - <i32>startsWithZero;
  if (digits > 17) digits = whole + fraction - zerosBefore(first, end);
  if (fraction == 0 && end == to && whole > 15 && (whole > 19 || w > exact)) return false;
  const size = digits > 19 ? toDouble(first, <i32>(to - first)) : nearest(w, exponent - fraction, first, to);
  if (size == Infinity || (size == 0 && (w != 0 || digits > 19))) return false;
  number = reinterpret<f64>(reinterpret<u64>(size) | (<u64>negative << 63));
  return true;
}

/** Whether the number that was found and ends in a zero has a decimal sign that does not stand just before it: 1.10, and 1.5e10. */
// @ts-ignore: decorator
@inline
export function endsInZero(to: usize): bool { return hasSign && load<u8>(to - 2) != decimal; }

/** Zeros that stand before the first other digit. */
function zerosBefore(first: usize, end: usize): i32 {
  let zeros = 0;
  for (let at = first; at < end; at++) {
    const byte = load<u8>(at);
    if (byte == 48) zeros++;
    else if (byte != decimal) break;
  }
  return zeros;
}

/** The whole number without leading zeros, or sign but "-", up to 2^53 - 1; otherwise `noWhole`. What stands behind is no digit. */
export function wholeNumber(from: usize, to: usize): i64 {
  let at = from;
  const negative = load<u8>(at) == 45;
  if (negative) at++;
  const first = at;
  let w: u64 = 0;
  let d: u32;
  while ((d = digitAt(at)) < 10) { w = w * 10 + d; at++; }
  const length = at - first;
  if (at != to || length == 0 || length > 16 || (length > 1 && load<u8>(first) == 48) || w > exact) return noWhole;
  if (!negative) return <i64>w;
  return w == 0 ? noWhole : -<i64>w;
}
export const noWhole: i64 = i64.MIN_VALUE;

/** The double nearest to w × 10^q. */
// @ts-ignore: decorator
@inline
function nearest(w: u64, q: i32, from: usize, to: usize): f64 {
  if (w == 0) return 0;
  if (q == 0 && w <= exact) return <f64>w;
  if (q < leastPower || q > mostPower) return toDouble(from, <i32>(to - from));
  const lead = <i32>clz(w);
  const shifted = w << lead;
  const power = powers + (<usize>(q - leastPower) << 4);
  let high = highOf(shifted, load<u64>(power));
  let low = shifted * load<u64>(power);
  if ((high & 0x1ff) == 0x1ff) {
    const more = highOf(shifted, load<u64>(power, 8));
    low += more;
    if (more > low) high++;
  }
  if (low == u64.MAX_VALUE && (q < -27 || q > 55)) return toDouble(from, <i32>(to - from));
  const upper = <i32>(high >> 63);
  const shift = upper + 9;
  let mantissa = high >> shift;
  let exponent = ((217706 * q) >> 16) + 63 + upper - lead + 1023;
  if (exponent <= 0) return toDouble(from, <i32>(to - from));
  // Half way between two doubles: the even one.
  if (low <= 1 && q >= -4 && q <= 23 && (mantissa & 3) == 1 && mantissa << shift == high) mantissa &= ~1;
  mantissa = (mantissa + (mantissa & 1)) >> 1;
  if (mantissa >= (<u64>2 << 52)) { mantissa = <u64>1 << 52; exponent++; }
  if (exponent >= 0x7ff) return Infinity;
  return reinterpret<f64>((mantissa & ~(<u64>1 << 52)) | (<u64>exponent << 52));
}

/** The high half of the product of two 64-bit numbers. */
// @ts-ignore: decorator
@inline
function highOf(a: u64, b: u64): u64 {
  const a0 = a & 0xffffffff;
  const a1 = a >> 32;
  const b0 = b & 0xffffffff;
  const b1 = b >> 32;
  const middle = a1 * b0 + (a0 * b0 >> 32);
  return a1 * b1 + (middle >> 32) + ((a0 * b1 + (middle & 0xffffffff)) >> 32);
}
