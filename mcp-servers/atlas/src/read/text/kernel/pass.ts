import { appendFileSync, closeSync, openSync, writeSync } from 'node:fs';
import { throwIfCancelled } from '@bregma/core/errors';
import { type Block, type BlockPlan, type ColumnOfBlock, isRight, type Reading } from './block.ts';
import { BlockReader } from './block-reader.ts';
import { blocksOf, endOfLine } from './blocks.ts';
import { kernelModule, type LaneReply, openLanes } from './lanes.ts';
import { type ColumnOfFile, Footer, magic } from './pages.ts';

/** A text that is read, and where its columns go. */
export interface PassRequest {
  file: string;
  /** Bytes of the text, or more. */
  bytes: number;
  plan: BlockPlan;
  /** Lines before the first row. */
  skip: number;
  /** The Parquet file that is written. */
  to: string;
  /** Bytes that are read at a time, the rows of a row group; default 4 MB. */
  blockBytes?: number;
  signal: AbortSignal;
}

/** A column of all blocks together. */
export interface ColumnOfPass
  extends Pick<ColumnOfBlock, 'numeric' | 'odd' | 'long' | 'large' | 'zeros' | 'shortest' | 'longest'> {
  missing: number;
  /** Values that are there. */
  present: number;
  /** How often each of its words was met. */
  tokens: number[];
  /** Of `digits` the first values that are no numbers, with their rows from 1. */
  firstOdd: { row: number; value: string }[];
  /** Of numbers the lowest and the highest; infinite where there is none. */
  low: number;
  high: number;
}

/** Odd values of a column that are told. */
const mostOdd = 3;

/** What all blocks of a text hold together. */
export interface Pass {
  rows: number;
  blankLines: number;
  /** Rows go on after a blank line. */
  goesOn: boolean;
  columns: ColumnOfPass[];
  /** The row groups that were written; none where a column has values that are not what it is read as. */
  groups: Pick<Block, 'rows' | 'columns'>[];
}

/**
 * Reads a text once from begin to end, on several threads, and writes its columns as they are read. Undefined where the text is not
 * regular: other bytes than UTF-8, rows of another width, line ends of several kinds, quotes inside values.
 */
export async function readPass(request: PassRequest): Promise<Pass | undefined> {
  const { file, bytes, plan, skip, to, signal, blockBytes = 1 << 22 } = request;
  const size = Math.min(blockBytes, bytes + 1);
  const lanes = openLanes(plan, size + endOfLine, bytes);
  const free: Uint8Array<ArrayBuffer>[] = [];
  let cutter: BlockReader | undefined;
  const blocks = blocksOf(file, {
    size,
    skip,
    quote: plan.quote,
    returns: plan.returns,
    wholeRows(rows, length) {
      cutter ??= new BlockReader(kernelModule(), { ...plan, columns: [] }, size + endOfLine);
      return cutter.wholeRows(rows, length);
    },
    buffer: () => free.pop() ?? new Uint8Array(size + endOfLine),
  });
  const out = openSync(to, 'w');
  writeSync(out, magic);
  const pass = nothing(plan);
  const begun: Promise<LaneReply>[] = [];
  const take = async () => {
    const reply = await begun.shift();
    throwIfCancelled(signal);
    if (!reply || reply.block.irregular) return false;
    add(pass, reply.block, plan, out);
    free.push(reply.bytes);
    return true;
  };
  try {
    for (;;) {
      const next = await blocks.next();
      if (next.done && !next.value) return undefined;
      if (next.done) break;
      begun.push(lanes.read(next.value));
      while (begun.length > lanes.most) if (!(await take())) return undefined;
    }
    while (begun.length > 0) if (!(await take())) return undefined;
    return pass;
  } finally {
    for (const read of begun) read.catch(() => {});
    await blocks.return(false);
    lanes.close();
    closeSync(out);
  }
}

/** Ends the Parquet file that a pass wrote. */
export function endFile(to: string, { groups }: Pass, columns: ColumnOfFile[]): void {
  const footer = new Footer(columns);
  for (const group of groups) footer.add(group);
  appendFileSync(to, footer.end());
}

const nothing = ({ columns }: BlockPlan): Pass => ({
  rows: 0,
  blankLines: 0,
  goesOn: false,
  columns: columns.map(({ words }) => ({
    missing: 0,
    present: 0,
    firstOdd: [],
    low: Number.POSITIVE_INFINITY,
    high: Number.NEGATIVE_INFINITY,
    tokens: words.map(() => 0),
    numeric: 0,
    odd: 0,
    long: 0,
    large: 0,
    zeros: 0,
    shortest: Number.POSITIVE_INFINITY,
    longest: 0,
  })),
  groups: [],
});

/** A bound of a column of numbers; NaN of another column. */
function numberOf(bytes: Uint8Array, reading: Reading): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (reading === 'number') return view.getFloat64(0, true);
  return reading === 'integer' ? Number(view.getBigInt64(0, true)) : Number.NaN;
}

function add(pass: Pass, block: Block, plan: BlockPlan, out: number): void {
  const before = pass.rows;
  pass.goesOn ||= block.goesOn || (pass.blankLines > 0 && block.rows > 0);
  pass.rows += block.rows;
  pass.blankLines += block.blankLines;
  let counted = 0;
  for (const [j, found] of block.columns.entries()) {
    const column = pass.columns[j];
    column.missing += block.rows - found.present;
    column.present += found.present;
    for (const end of [found.least, found.greatest]) {
      const value = end === undefined ? Number.NaN : numberOf(end, plan.columns[j].reading);
      if (value < column.low) column.low = value;
      if (value > column.high) column.high = value;
    }
    for (const { row, text } of found.firstOdd ?? [])
      if (column.firstOdd.length < mostOdd) column.firstOdd.push({ row: before + row + 1, value: text });
    for (const what of ['numeric', 'odd', 'long', 'large', 'zeros'] as const) column[what] += found[what];
    column.shortest = Math.min(column.shortest, found.shortest);
    column.longest = Math.max(column.longest, found.longest);
    for (let k = 0; k < column.tokens.length; k++) column.tokens[k] += block.counts[counted++];
  }
  if (pass.columns.some((column, j) => !isRight(column, plan.columns[j].reading))) pass.groups = [];
  else if (block.rows > 0) {
    for (const page of block.pages) for (let at = 0; at < page.length; ) at += writeSync(out, page, at);
    pass.groups.push({ rows: block.rows, columns: block.columns });
  }
}
