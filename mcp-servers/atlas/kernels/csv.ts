// Cuts a block of a delimited text into values, gives each column the type that was proposed for it, and writes what a row group of
// Parquet holds of it. It takes the plain notations alone: what else stands in a column is counted as odd, and read otherwise.
import {
  beginBlock, blankLines, countReturns, cut, goesOn, lastRowEnd, placeIndex, rowsCut,
} from './parts/cut';
import { kindOfText, UNSURE } from './parts/doubtful';
import { areEight, decimals, digits, endsInZero, isNumber, noWhole, number, placePowers, wholeNumber } from './parts/decimal';
import { isDate, isTime, isTimestamp, moment } from './parts/moments';
import {
  enterNumbers, enterTexts, entryCount, placeTables, tableBytes, writeLevels, writeBits, writeHalfEntries, writeHalves, writeNumberEntries,
  writeNumbers, writeTextEntries, writeTexts,
} from './parts/pack';
import { hasBlankEnd, wordAt } from './parts/words';

export { countReturns, lastRowEnd };

/** What a column is proposed to be. `RAW` is text of which nothing is missing. */
const INTEGER = 1;
const NUMBER = 2;
const TEXT = 3;
const RAW = 4;
/** Text with numbers in it, some of which are no doubles: ids, or codes that begin with zeros. */
const DIGITS = 5;
/** In the second byte the order of a date's parts, in the third the sign between them. */
const DATE = 6;
/** In the second byte whether it says how far it is from UTC. */
const TIMESTAMP = 7;
const TIME = 8;
/** In the second byte how it is spelled: 0 true, 1 True, 2 TRUE. */
const BOOLEAN = 9;

// A column, 112 bytes: what the host says, then what was found.
const MODE = 0; // u32: in its first byte one of the above
const WORDS = 4; // u32: the list of its words for missing
const COUNTS = 8; // u32: where their counts lie, u32 each
const VALUES = 12; // u32: eight bytes a value that is there
const VALIDITY = 16; // u32: a bit a row
const PRESENT = 20; // u32: values that are there
const NUMERIC = 24; // u32: values that are no whole numbers but numbers; of texts: what only the host can tell
const ODD = 28; // u32: values that are something else; among digits: those that are no numbers
const LONG = 32; // u32: numbers of more than 17 digits
const LARGE = 36; // u32: from 2^53 to 10^20; among digits: whole numbers beyond 2^53
const LEAST = 40; // i64 or f64
const GREATEST = 48;
const ZEROS = 56; // u32: numbers that end in a zero that none is written back with; among digits: those that begin with zeros
const SHORTEST = 60; // u32: decimals of numbers without exponent, at least and at most
const LONGEST = 64;
const FIRST = 72; // u32[3 × 3]: of the first odd values among digits the row, the place and the length
const firstOdd: u32 = 3;
const columnBytes: usize = 112;

let width: i32 = 0;
let quote: i32 = -1;
let columns: usize = 0;
let index: usize = 0;
let out: usize = 0;
let rows: u32 = 0;
/** Of what `pack` wrote: where the dictionary ends, which begins at `out` and may be empty, and the data. */
let dictionaryEnd: usize = 0;
let dataEnd: usize = 0;

/** Of the block that was read last. */
export function blankLineCount(): i32 { return blankLines; }
/** Whether rows follow on a blank line. */
export function rowsGoOn(): bool { return goesOn; }
export function dictionaryEntries(): u32 { return dictionaryEnd > out ? entryCount : 0; }
export function endOfDictionary(): usize { return dictionaryEnd; }
export function endOfData(): usize { return dataEnd; }
/** Bytes for the tables of dictionaries. */
export function bytesOfTables(): usize { return tableBytes; }

export function configure(
  width_: i32, separator: u32, quote_: i32, returns: i32, decimal: u32, powers: usize, columns_: usize, index_: usize, mostRows: i32,
): void {
  width = width_; quote = quote_; columns = columns_; index = index_;
  placeIndex(width, separator, quote, returns, index, mostRows);
  placePowers(powers, decimal);
}

export function place(out_: usize, tables: usize, numbers: usize): void {
  out = out_;
  placeTables(tables, numbers);
}

/** Reads the rows from..to. Returns how many there are, or -1 where the block is not regular. */
export function read(from: usize, to: usize): i32 {
  beginBlock();
  rows = 0;
  for (let j = 0; j < width; j++) {
    const column = columns + <usize>j * columnBytes;
    memory.fill(column + PRESENT, 0, columnBytes - PRESENT);
    store<u32>(column, u32.MAX_VALUE, SHORTEST);
  }
  while (from < to) {
    from = cut(from, to);
    if (from == 0) return -1;
    for (let j = 0; j < width; j++) {
      const column = columns + <usize>j * columnBytes;
      const mode = <u32>load<u8>(column, MODE);
      // The rows of a cut are a multiple of eight but for the last.
      memory.fill(<usize>load<u32>(column, VALIDITY) + (rows >> 3), 0xff, rowsCut + 7 >> 3);
      if (mode == INTEGER) readIntegers(column, j);
      else if (mode == NUMBER) readNumbers(column, j);
      else if (mode >= <u32>DATE) readMoments(column, j, mode);
      else readTexts(column, j, mode);
    }
    rows += rowsCut;
  }
  return rows;
}

// @ts-ignore: decorator
@inline
function isQuoted(from: usize, to: usize): bool { return from < to && <i32>load<u8>(from) == quote; }

// @ts-ignore: decorator
@inline
function forget(column: usize, row: u32): void {
  const at = <usize>load<u32>(column, VALIDITY) + (row >> 3);
  store<u8>(at, load<u8>(at) & ~(<u8>1 << <u8>(row & 7)));
}

/** Whether the text is a word for missing, which is then counted. */
// @ts-ignore: decorator
@inline
function isMissing(column: usize, row: u32, from: usize, to: usize): bool {
  const word = wordAt(load<u32>(column, WORDS), from, to);
  if (word < 0) return false;
  const count = <usize>load<u32>(column, COUNTS) + (<usize>word << 2);
  store<u32>(count, load<u32>(count) + 1);
  forget(column, row);
  return true;
}

function isNumberAnd(from: usize, to: usize): bool { return from < to && isNumber(from, to); }

function readIntegers(column: usize, j: i32): void {
  const step = <usize>(width + 1) << 2;
  const values = <usize>load<u32>(column, VALUES);
  let present = load<u32>(column, PRESENT);
  let least = present == 0 ? i64.MAX_VALUE : load<i64>(column, LEAST);
  let greatest = present == 0 ? i64.MIN_VALUE : load<i64>(column, GREATEST);
  let at = index + (<usize>j << 2);
  for (let row = rows, end = rows + rowsCut; row < end; row++, at += step) {
    let from = <usize>load<u32>(at) + 1;
    let to = <usize>load<u32>(at, 4);
    if (isQuoted(from, to)) { from++; to--; }
    const value = from < to ? wholeNumber(from, to) : noWhole;
    if (value != noWhole) {
      store<i64>(values + (<usize>(present++) << 3), value);
      if (value < least) least = value;
      if (value > greatest) greatest = value;
    } else if (!isMissing(column, row, from, to)) {
      const what = isNumberAnd(from, to) ? NUMERIC : ODD;
      store<u32>(column + what, load<u32>(column + what) + 1);
    }
  }
  store<u32>(column, present, PRESENT);
  store<i64>(column, least, LEAST);
  store<i64>(column, greatest, GREATEST);
}

function readNumbers(column: usize, j: i32): void {
  const step = <usize>(width + 1) << 2;
  const values = <usize>load<u32>(column, VALUES);
  let present = load<u32>(column, PRESENT);
  let least = present == 0 ? Infinity : load<f64>(column, LEAST);
  let greatest = present == 0 ? -Infinity : load<f64>(column, GREATEST);
  let shortest = load<u32>(column, SHORTEST);
  let longest = load<u32>(column, LONGEST);
  let at = index + (<usize>j << 2);
  for (let row = rows, end = rows + rowsCut; row < end; row++, at += step) {
    let from = <usize>load<u32>(at) + 1;
    let to = <usize>load<u32>(at, 4);
    if (isQuoted(from, to)) { from++; to--; }
    if (from < to && isNumber(from, to)) {
      const value = number;
      store<f64>(values + (<usize>(present++) << 3), value);
      if (value < least) least = value;
      if (value > greatest) greatest = value;
      if (digits > 17 && to - from > 18) store<u32>(column, load<u32>(column, LONG) + 1, LONG);
      const size = abs(value);
      if (decimals >= 0) {
        shortest = min(shortest, <u32>decimals);
        longest = max(longest, <u32>decimals);
      }
      if (load<u8>(to - 1) == 48 && endsInZero(to)) store<u32>(column, load<u32>(column, ZEROS) + 1, ZEROS);
      if (size >= 9007199254740992 && size <= 1e20) store<u32>(column, load<u32>(column, LARGE) + 1, LARGE);
    } else if (!isMissing(column, row, from, to)) store<u32>(column, load<u32>(column, ODD) + 1, ODD);
  }
  store<u32>(column, present, PRESENT);
  store<f64>(column, least, LEAST);
  store<f64>(column, greatest, GREATEST);
  store<u32>(column, shortest, SHORTEST);
  store<u32>(column, longest, LONGEST);
}

// @ts-ignore: decorator
@inline
function isMoment(mode: u32, detail: u32, sign: u32, from: usize, to: usize): bool {
  if (mode == DATE) return isDate(from, to, detail, sign);
  if (mode == TIMESTAMP) return isTimestamp(from, to, detail != 0);
  return mode == TIME ? isTime(from, to) : isTruth(from, to, detail);
}

/** u64[3 × 2]: true and the first four letters of false in each spelling. */
const spellings = memory.data<u32>([0x65757274, 0x736c6166, 0x65757254, 0x736c6146, 0x45555254, 0x534c4146]);

/** Whether the text is true or false, as 1 or 0 in `truth`. */
function isTruth(from: usize, to: usize, spelling: u32): bool {
  const begin = load<u32>(from);
  const pair = spellings + (<usize>spelling << 3);
  truth = begin == load<u32>(pair);
  if (truth) return to - from == 4;
  return to - from == 5 && begin == load<u32>(pair, 4) && load<u8>(from, 4) == (spelling == 2 ? 69 : 101);
}
let truth: bool = false;

/** Dates, times and truth values: a word for missing is missing even where it is one of them. */
function readMoments(column: usize, j: i32, mode: u32): void {
  const step = <usize>(width + 1) << 2;
  const detail = <u32>load<u8>(column, 1);
  const sign = <u32>load<u8>(column, 2);
  const values = <usize>load<u32>(column, VALUES);
  let present = load<u32>(column, PRESENT);
  let least = present == 0 ? i64.MAX_VALUE : load<i64>(column, LEAST);
  let greatest = present == 0 ? i64.MIN_VALUE : load<i64>(column, GREATEST);
  let at = index + (<usize>j << 2);
  for (let row = rows, end = rows + rowsCut; row < end; row++, at += step) {
    let from = <usize>load<u32>(at) + 1;
    let to = <usize>load<u32>(at, 4);
    if (isQuoted(from, to)) { from++; to--; }
    if (isMissing(column, row, from, to)) continue;
    if (isMoment(mode, detail, sign, from, to)) {
      const value = mode == BOOLEAN ? <i64>truth : moment;
      store<i64>(values + (<usize>(present++) << 3), value);
      if (value < least) least = value;
      if (value > greatest) greatest = value;
    } else store<u32>(column, load<u32>(column, ODD) + 1, ODD);
  }
  store<u32>(column, present, PRESENT);
  store<i64>(column, least, LEAST);
  store<i64>(column, greatest, GREATEST);
}

/** A value in quotes loses those that are doubled where it stands. */
function readTexts(column: usize, j: i32, mode: u32): void {
  const step = <usize>(width + 1) << 2;
  const values = <usize>load<u32>(column, VALUES);
  const longest = <usize>load<u32>(<usize>load<u32>(column, WORDS), 4) + 4;
  let present = load<u32>(column, PRESENT);
  let at = index + (<usize>j << 2);
  for (let row = rows, end = rows + rowsCut; row < end; row++, at += step) {
    let from = <usize>load<u32>(at) + 1;
    let to = <usize>load<u32>(at, 4);
    if (isQuoted(from, to)) { from++; to = undoubled(from, to - 1); }
    if (mode != RAW && to - from <= longest) {
      if (hasBlankEnd(from, to)) {
        let begin = from;
        let close = to;
        while (begin < close && load<u8>(begin) == 32) begin++;
        while (close > begin && load<u8>(close - 1) == 32) close--;
        if (hasBlankEnd(begin, close)) store<u32>(column, load<u32>(column, NUMERIC) + 1, NUMERIC);
        if (isMissing(column, row, begin, close)) continue;
      } else if (isMissing(column, row, from, to)) continue;
    }
    if (mode == DIGITS) {
      const what = kindOfDigits(column, from, to);
      if (what == ODD) noteOdd(column, row, from, to);
      if (what != 0) store<u32>(column + what, load<u32>(column + what) + 1);
    }
    const value = values + (<usize>(present++) << 3);
    store<u32>(value, <u32>from);
    store<u32>(value, <u32>(to - from), 4);
  }
  store<u32>(column, present, PRESENT);
}

/** Keeps where the first values stand that are no numbers. */
function noteOdd(column: usize, row: u32, from: usize, to: usize): void {
  const odd = load<u32>(column, ODD);
  if (odd >= firstOdd) return;
  const first = column + <usize>odd * 12;
  store<u32>(first, row, FIRST);
  store<u32>(first, <u32>from, FIRST + 4);
  store<u32>(first, <u32>(to - from), FIRST + 8);
}

/**
 * What is counted of a number: LARGE of a whole one beyond 2^53, ZEROS of one that begins with zeros; ODD of what is none, NUMERIC of what
 * may be one in another notation. LONG counts those of 16 digits.
 */
function kindOfDigits(column: usize, from: usize, to: usize): u32 {
  if (from == to) return ODD;
  const sign = load<u8>(from);
  const first = from + <usize>(sign == 43 || sign == 45);
  const length = to - first;
  let at = first;
  while (at + 8 <= to && areEight(load<u64>(at))) at += 8;
  while (at < to && <u32>load<u8>(at) - 48 < 10) at++;
  if (at < to || length == 0) return isNumber(from, to) ? 0 : kindOfText(from, to) == UNSURE ? NUMERIC : ODD;
  if (length > 15) store<u32>(column, load<u32>(column, LONG) + 1, LONG);
  if (length > 1 && load<u8>(first) == 48) return ZEROS;
  // As many as no double is too small for.
  if (length > 40) return NUMERIC;
  return length > 16 || wholeNumber(first, to) == noWhole ? LARGE : 0;
}

/** Takes one of two quotes out of a text; returns its new end. */
function undoubled(from: usize, to: usize): usize {
  let at = from;
  while (at < to && <i32>load<u8>(at) != quote) at++;
  if (at == to) return to;
  let end = at;
  while (at < to) {
    const byte = load<u8>(at);
    store<u8>(end++, byte);
    at += <i32>byte == quote ? 2 : 1;
  }
  return end;
}

/** Writes a column of the block at `out`: its dictionary, if it has one, then levels and values. */
export function pack(j: i32): void {
  const column = columns + <usize>j * columnBytes;
  const mode = <u32>load<u8>(column, MODE);
  const isText = mode == TEXT || mode == RAW || mode == DIGITS;
  const present = load<u32>(column, PRESENT);
  const values = <usize>load<u32>(column, VALUES);
  const validity = <usize>load<u32>(column, VALIDITY);
  const few = present > 0 && mode != BOOLEAN && (isText ? enterTexts(values, present) : enterNumbers(values, present));
  if (!few) dictionaryEnd = out;
  else dictionaryEnd = isText ? writeTextEntries(out) : mode == DATE ? writeHalfEntries(out) : writeNumberEntries(out);
  let end = writeLevels(rows, rows - present, validity, dictionaryEnd);
  if (few) end = writeNumbers(present, end);
  else if (isText) end = writeTexts(values, present, end);
  else if (mode == DATE) end = writeHalves(values, present, end);
  else if (mode == BOOLEAN) end = writeBits(values, present, end);
  else {
    memory.copy(end, values, <usize>present << 3);
    end += <usize>present << 3;
  }
  dataEnd = end;
}

/** Where memory is free. */
export function heap(): usize { return __heap_base; }
