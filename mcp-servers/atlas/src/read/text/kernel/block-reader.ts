import {
  type Block,
  type BlockPlan,
  type ColumnOfBlock,
  type ColumnPlan,
  isRight,
  type OddValue,
  type Reading,
} from './block.ts';
import { pageOfData, pageOfDictionary } from './pages.ts';
import { powersOfFive } from './powers.ts';

/** Exports of kernels/csv.ts. */
interface Kernel {
  memory: WebAssembly.Memory;
  heap(): number;
  bytesOfTables(): number;
  configure(
    width: number,
    separator: number,
    quote: number,
    returns: number,
    decimal: number,
    powers: number,
    columns: number,
    index: number,
    mostRows: number,
  ): void;
  place(out: number, tables: number, numbers: number): void;
  read(from: number, to: number): number;
  pack(column: number): void;
  endOfDictionary(): number;
  endOfData(): number;
  dictionaryEntries(): number;
  countReturns(from: number, to: number): number;
  lastRowEnd(from: number, to: number): number;
  blankLineCount(): number;
  rowsGoOn(): number;
}

const modes: Record<Reading, number> = {
  integer: 1,
  number: 2,
  text: 3,
  raw: 4,
  digits: 5,
  date: 6,
  timestamp: 7,
  timestamptz: 7,
  time: 8,
  boolean: 9,
};
const orders = { dmy: 1, mdy: 2, ymd: 3 };
const spellings = { true: 0, True: 1, TRUE: 2 };
/** A column's mode with what the kernel must know besides. */
function modeOf({ reading, parts, truth = 'true' }: ColumnPlan): number {
  const mode = modes[reading];
  if (reading === 'timestamptz') return mode | (1 << 8);
  if (reading === 'boolean') return mode | (spellings[truth] << 8);
  return parts ? mode | (orders[parts.order] << 8) | (parts.sign.charCodeAt(0) << 16) : mode;
}
const bytesOfColumn = 112;
/** Where the first odd values of a column are told, and of how many: a row, a place and a length each. */
const [placeOfOdd, mostOdd] = [72, 3];
/** Bytes that are told of an odd value. */
const bytesOfOdd = 1000;
/** Values that are cut before columns are read: their places stay in the processor's cache. */
const valuesAtOnce = 8192;
/** Bytes beyond its end that a block may be read to. */
const margin = 64;

/** Reads blocks of whole rows, of up to `mostBytes`, into pages of Parquet. */
export class BlockReader {
  private readonly kernel: Kernel;
  private readonly plan: BlockPlan;
  private readonly mostBytes: number;
  private input = 0;
  private columns = 0;
  private counts = 0;
  private out = 0;
  private words = 0;

  constructor(module: WebAssembly.Module, plan: BlockPlan, mostBytes: number) {
    this.plan = plan;
    this.mostBytes = mostBytes;
    const { exports } = new WebAssembly.Instance(module, {
      env: { toDouble: (from: number, length: number) => this.toDouble(from, length) },
    });
    // SAFETY: the module is compiled from kernels/csv.ts, which exports these.
    this.kernel = exports as unknown as Kernel;
    this.layOut();
  }

  /** Reads the first `length` bytes: whole rows, the last line ended. Their pages are written over them, as far as there is room. */
  read(bytes: Uint8Array<ArrayBuffer>, length: number): Block {
    const { kernel, plan, input } = this;
    const memory = new Uint8Array(kernel.memory.buffer);
    memory.set(bytes.subarray(0, length), input);
    const end = input + length;
    memory.fill(0, end, end + margin);
    new Uint32Array(kernel.memory.buffer, this.counts, this.words).fill(0);
    const rows = kernel.read(input, end);
    const [blankLines, goesOn] = [kernel.blankLineCount(), kernel.rowsGoOn() !== 0];
    const lines = Math.max(0, rows) + blankLines;
    const irregular = rows < 0 || kernel.countReturns(input, end) !== (plan.returns ? lines : 0);
    const block: Block = { rows, blankLines, goesOn, irregular, columns: [], counts: new Uint32Array(0), pages: [] };
    if (irregular) return block;
    const pages = new Pages(bytes);
    for (const [j, { reading }] of plan.columns.entries()) block.columns.push(this.column(j, reading, rows, pages));
    block.pages = pages.end();
    block.counts = new Uint32Array(kernel.memory.buffer, this.counts, this.words).slice();
    return block;
  }

  /** The length of the whole rows with which these bytes begin. */
  wholeRows(bytes: Uint8Array, length: number): number {
    const { kernel, input } = this;
    new Uint8Array(kernel.memory.buffer).set(bytes.subarray(0, length), input);
    return kernel.lastRowEnd(input, input + length) - input;
  }

  private column(j: number, reading: Reading, rows: number, pages: Pages): ColumnOfBlock {
    const { kernel } = this;
    const view = new DataView(kernel.memory.buffer, this.columns + j * bytesOfColumn, bytesOfColumn);
    const [present, numeric, odd, long, large] = [20, 24, 28, 32, 36].map((at) => view.getUint32(at, true));
    const [zeros, shortest, longest] = [56, 60, 64].map((at) => view.getUint32(at, true));
    const found: ColumnOfBlock = {
      present,
      numeric,
      odd,
      long,
      large,
      zeros,
      shortest,
      longest,
      dictionary: 0,
      data: 0,
    };
    if (!isRight(found, reading)) return found;
    if (reading === 'digits' && odd > 0) found.firstOdd = this.firstOdd(view, odd);
    kernel.pack(j);
    const [middle, end] = [kernel.endOfDictionary(), kernel.endOfData()];
    const entries = kernel.dictionaryEntries();
    const bytes = new Uint8Array(kernel.memory.buffer);
    if (entries > 0)
      found.dictionary = pages.add(pageOfDictionary(middle - this.out, entries), bytes.subarray(this.out, middle));
    found.data = pages.add(pageOfData(end - middle, rows, entries > 0), bytes.subarray(middle, end));
    if (present === 0 || isWithoutBounds(reading)) return found;
    const place = this.columns + j * bytesOfColumn;
    const size = reading === 'date' ? 4 : 8;
    found.least = bytes.slice(place + 40, place + 40 + size);
    found.greatest = bytes.slice(place + 48, place + 48 + size);
    return found;
  }

  private firstOdd(view: DataView, odd: number): OddValue[] {
    return Array.from({ length: Math.min(odd, mostOdd) }, (_, i) => {
      const [row, from, length] = [0, 4, 8].map((at) => view.getUint32(placeOfOdd + 12 * i + at, true));
      const bytes = Buffer.from(this.kernel.memory.buffer, from, Math.min(length, bytesOfOdd));
      return { row, text: bytes.toString() };
    });
  }

  /** The number nearest to a text that is one. */
  private toDouble(from: number, length: number): number {
    const text = Buffer.from(this.kernel.memory.buffer, from, length).toString('latin1');
    return Number(text.replace(',', '.'));
  }

  private layOut(): void {
    const { kernel, plan, mostBytes } = this;
    const width = plan.columns.length;
    // A row has a separator or a line end behind each value.
    const mostRows = Math.floor(mostBytes / Math.max(1, width)) + 1;
    const rowsAtOnce = Math.max(8, Math.floor(valuesAtOnce / (width + 1) / 8) * 8);
    let at = kernel.heap();
    const take = (bytes: number) => {
      const begin = (at + 15) & ~15;
      at = begin + bytes;
      return begin;
    };
    const powers = take(powersOfFive().byteLength);
    this.columns = take(width * bytesOfColumn);
    const lists = new Map<string, { list: Uint8Array; at: number; words: number }>();
    const listOf = plan.columns.map(({ words }) => {
      const key = JSON.stringify(words);
      const known = lists.get(key);
      if (known) return known;
      const list = take(0);
      const made = { list: listOfWords(words, list), at: list, words: words.length };
      take(made.list.length);
      lists.set(key, made);
      return made;
    });
    this.words = listOf.reduce((sum, { words }) => sum + words, 0);
    this.counts = take(4 * this.words);
    const index = take(4 * (width + 1) * (rowsAtOnce + 1));
    const input = take(16 + mostBytes + margin) + 16;
    const values = plan.columns.map(() => take(8 * mostRows));
    const validity = plan.columns.map(() => take(mostRows / 8 + 16));
    const tables = take(kernel.bytesOfTables());
    const numbers = take(4 * mostRows);
    this.input = input;
    this.out = take(Math.max(8 * mostRows, mostBytes + 4 * mostRows) + mostBytes + (1 << 20));
    const missing = at - kernel.memory.buffer.byteLength;
    if (missing > 0) kernel.memory.grow(Math.ceil(missing / 65_536));
    const { buffer } = kernel.memory;
    new BigUint64Array(buffer, powers, powersOfFive().length).set(powersOfFive());
    for (const { list, at: place } of lists.values()) new Uint8Array(buffer).set(list, place);
    let counted = this.counts;
    for (const [j, column] of plan.columns.entries()) {
      const fields = new Uint32Array(buffer, this.columns + j * bytesOfColumn, 5);
      fields.set([modeOf(column), listOf[j].at, counted, values[j], validity[j]]);
      counted += 4 * listOf[j].words;
    }
    // A line ends before the first row.
    new Uint8Array(buffer)[input - 1] = 10;
    kernel.configure(
      width,
      plan.separator,
      plan.quote,
      Number(plan.returns),
      plan.decimal,
      powers,
      this.columns,
      index,
      rowsAtOnce,
    );
    kernel.place(this.out, tables, numbers);
  }
}

const isWithoutBounds = (reading: Reading) =>
  reading === 'text' || reading === 'raw' || reading === 'digits' || reading === 'boolean';

/** Pages one behind the other: first in a buffer that is there, then in their own. */
class Pages {
  private readonly buffer: Uint8Array<ArrayBuffer>;
  private used = 0;
  private readonly further: Uint8Array<ArrayBuffer>[] = [];

  constructor(buffer: Uint8Array<ArrayBuffer>) {
    this.buffer = buffer;
  }

  /** Returns how many bytes the page has. */
  add(head: Uint8Array, body: Uint8Array): number {
    const bytes = head.length + body.length;
    if (this.further.length > 0 || this.used + bytes > this.buffer.length)
      this.further.push(new Uint8Array(head), new Uint8Array(body));
    else {
      this.buffer.set(head, this.used);
      this.buffer.set(body, this.used + head.length);
      this.used += bytes;
    }
    return bytes;
  }

  end(): Uint8Array<ArrayBuffer>[] {
    return [this.buffer.subarray(0, this.used), ...this.further];
  }
}

/** Words as kernels/parts/words.ts reads them at a place. */
function listOfWords(words: string[], at: number): Uint8Array {
  const texts = words.map((word) => Buffer.from(word));
  const head = 40 + 8 * words.length;
  const list = Buffer.alloc(head + texts.reduce((sum, { length }) => sum + length, 0) + 8);
  list.writeUInt32LE(words.length, 0);
  list.writeUInt32LE(Math.max(0, ...texts.map(({ length }) => length)), 4);
  let end = head;
  for (const [k, text] of texts.entries()) {
    list.writeUInt32LE(text.length, 40 + 8 * k);
    list.writeUInt32LE(at + end, 44 + 8 * k);
    text.copy(list, end);
    end += text.length;
    if (text.length > 0) list[8 + (text[0] >> 3)] |= 1 << (text[0] & 7);
  }
  return list;
}
