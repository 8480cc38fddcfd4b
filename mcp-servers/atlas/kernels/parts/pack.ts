// Values of a column as the pages of Parquet hold them: all of them, or a dictionary and a number each.
// https://parquet.apache.org/docs/file-format/data-pages/encodings/
import { same } from './words';

const slots: u32 = 1 << 16;
const mostEntries: u32 = 1 << 15;
/** Values after which most must have repeated for a dictionary to go on. */
const trial: u32 = 2048;

let table: usize = 0; // u32[slots]: number of the entry + 1
let entries: usize = 0; // [mostEntries × 2 × u32]: of a text its place and length; of a number its eight bytes
let numbers: usize = 0; // u32[values]: the entry of each value
/** Entries of the dictionary; 0: the values are too many for one. */
export let entryCount: u32 = 0;

/** Bytes that a dictionary takes. */
export const tableBytes: usize = <usize>slots * 4 + <usize>mostEntries * 8;

export function placeTables(table_: usize, numbers_: usize): void {
  table = table_; entries = table_ + <usize>slots * 4; numbers = numbers_;
}

// @ts-ignore: decorator
@inline
function mix(hash: u64): u32 {
  const mixed = (hash ^ (hash >> 32)) * 0x9e3779b97f4a7c15;
  return <u32>(mixed >> 48);
}

/** Enters numbers of eight bytes. Returns whether there are few enough. */
export function enterNumbers(values: usize, count: u32): bool {
  memory.fill(table, 0, slots * 4);
  entryCount = 0;
  for (let i: u32 = 0; i < count; i++) {
    const value = load<u64>(values + (<usize>i << 3));
    let slot = mix(value);
    for (;;) {
      const known = load<u32>(table + (<usize>slot << 2));
      if (known == 0) {
        if (isTooMany(i)) return false;
        store<u64>(entries + (<usize>entryCount << 3), value);
        store<u32>(table + (<usize>slot << 2), ++entryCount);
        store<u32>(numbers + (<usize>i << 2), entryCount - 1);
        break;
      }
      if (load<u64>(entries + (<usize>(known - 1) << 3)) == value) {
        store<u32>(numbers + (<usize>i << 2), known - 1);
        break;
      }
      slot = slot + 1 & (slots - 1);
    }
  }
  return true;
}

/** Enters texts, each a place and a length. Returns whether there are few enough. */
export function enterTexts(values: usize, count: u32): bool {
  memory.fill(table, 0, slots * 4);
  entryCount = 0;
  for (let i: u32 = 0; i < count; i++) {
    const at = <usize>load<u32>(values + (<usize>i << 3));
    const length = load<u32>(values + (<usize>i << 3), 4);
    let slot = hashOf(at, length);
    for (;;) {
      const known = load<u32>(table + (<usize>slot << 2));
      if (known == 0) {
        if (isTooMany(i)) return false;
        store<u64>(entries + (<usize>entryCount << 3), load<u64>(values + (<usize>i << 3)));
        store<u32>(table + (<usize>slot << 2), ++entryCount);
        store<u32>(numbers + (<usize>i << 2), entryCount - 1);
        break;
      }
      const entry = entries + (<usize>(known - 1) << 3);
      if (load<u32>(entry, 4) == length && same(<usize>load<u32>(entry), at, length)) {
        store<u32>(numbers + (<usize>i << 2), known - 1);
        break;
      }
      slot = slot + 1 & (slots - 1);
    }
  }
  return true;
}

// @ts-ignore: decorator
@inline
function isTooMany(done: u32): bool {
  return entryCount == mostEntries || (done > trial && entryCount > done >> 1);
}

// @ts-ignore: decorator
@inline
function hashOf(at: usize, length: u32): u32 {
  let hash: u64 = length;
  let k: u32 = 0;
  for (; k + 8 <= length; k += 8) hash = (hash ^ load<u64>(at + k)) * 0x9fb21c651e98df25;
  const rest = length - k;
  // What stands behind the text is masked.
  if (rest > 0) hash = (hash ^ (load<u64>(at + k) & (u64.MAX_VALUE >> (<u64>(8 - rest) << 3)))) * 0x9fb21c651e98df25;
  return mix(hash);
}

/** Writes the entries of a dictionary of numbers. Returns the place behind them. */
export function writeNumberEntries(out: usize): usize {
  memory.copy(out, entries, <usize>entryCount << 3);
  return out + (<usize>entryCount << 3);
}

/** Writes the entries of a dictionary of numbers of four bytes. Returns the place behind them. */
export function writeHalfEntries(out: usize): usize {
  return writeHalves(entries, entryCount, out);
}

/** Writes the lower halves of numbers of eight bytes. Returns the place behind them. */
export function writeHalves(values: usize, count: u32, out: usize): usize {
  for (let i: u32 = 0; i < count; i++, out += 4) store<u32>(out, load<u32>(values + (<usize>i << 3)));
  return out;
}

/** Writes the lowest bits of numbers of eight bytes, eight to a byte. Returns the place behind them. */
export function writeBits(values: usize, count: u32, out: usize): usize {
  for (let i: u32 = 0; i < count; out++) {
    let byte: u32 = 0;
    for (let bit: u32 = 0; bit < 8 && i < count; bit++, i++) byte |= <u32>load<u8>(values + (<usize>i << 3)) << bit;
    store<u8>(out, byte);
  }
  return out;
}

/** Writes the entries of a dictionary of texts. Returns the place behind them. */
export function writeTextEntries(out: usize): usize {
  return writeTexts(entries, entryCount, out);
}

/** Writes texts, their lengths before them. Returns the place behind them. */
export function writeTexts(values: usize, count: u32, out: usize): usize {
  for (let i: u32 = 0; i < count; i++) {
    const from = <usize>load<u32>(values + (<usize>i << 3));
    const length = load<u32>(values + (<usize>i << 3), 4);
    store<u32>(out, length);
    out += 4;
    if (length <= 16) v128.store(out, v128.load(from)); // more than needed is written over
    else memory.copy(out, from, length);
    out += length;
  }
  return out;
}

/** Writes the entry of each value in as few bits as hold all of them. Returns the place behind them. */
export function writeNumbers(count: u32, out: usize): usize {
  const bits = entryCount <= 2 ? 1 : 32 - clz(entryCount - 1);
  store<u8>(out++, bits);
  if (entryCount == 1) {
    out = writeVarint(count << 1, out); // one run
    store<u8>(out, 0);
    return out + 1;
  }
  const groups = count + 7 >> 3;
  out = writeVarint(groups << 1 | 1, out);
  let held: u64 = 0;
  let have: u64 = 0;
  for (let i: u32 = 0; i < count; i++) {
    held |= <u64>load<u32>(numbers + (<usize>i << 2)) << have;
    have += bits;
    if (have >= 32) {
      store<u32>(out, <u32>held);
      out += 4;
      held >>= 32; have -= 32;
    }
  }
  const end = out + ((<usize>groups * bits) - <usize>(((<u64>count * bits) - have) >> 3));
  store<u64>(out, held);
  for (let at = out + 8; at < end; at++) store<u8>(at, 0);
  return end;
}

/** Writes which values are there, as definition levels of one bit. validity: a bit a row. */
export function writeLevels(count: u32, missing: u32, validity: usize, out: usize): usize {
  const begin = out;
  out += 4;
  if (missing == 0 || missing == count) {
    out = writeVarint(count << 1, out);
    store<u8>(out++, missing == 0 ? 1 : 0);
  } else {
    const groups = count + 7 >> 3;
    out = writeVarint(groups << 1 | 1, out);
    memory.copy(out, validity, groups);
    out += groups;
  }
  store<u32>(begin, <u32>(out - begin - 4));
  return out;
}

function writeVarint(value: u32, out: usize): usize {
  while (value > 127) { store<u8>(out++, value & 127 | 128); value >>= 7; }
  store<u8>(out, value);
  return out + 1;
}
