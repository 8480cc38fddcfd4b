import { rmSync, statSync } from 'node:fs';
import { readFileSql } from '@bregma/readers/sql-text';
import type { FormatKit } from '../../../formats/format.ts';
import type { Candidate } from '../../candidate.ts';
import type { SettledBefore, Work } from '../../settled.ts';
import type { TableOptions } from '../../table-options.ts';
import { guessedFrom, workOf } from '../../work.ts';
import { writtenOtherwise } from '../../written-decimals.ts';
import { mostTogether } from '../grouped-rows.ts';
import { isBlankRow, type TextPlan } from '../plan.ts';
import { RecordCutter, type TextRecord } from '../records.ts';
import { endsInReturn, isGzip, textOf } from '../source.ts';
import { isMissing, isNumber } from '../words.ts';
import { type BlockPlan, type ColumnPlan, isRight, type Reading } from './block.ts';
import type { ColumnOfFile } from './pages.ts';
import { type ColumnOfPass, endFile, type Pass, readPass } from './pass.ts';

/** A table of a text whose columns have types as far as SQL was not needed for them. */
export interface LoadedTyped {
  rows: number;
  blankLines: number;
  goesOn: boolean;
  settled: Map<number, SettledBefore>;
  stored?: string;
}

interface TypedRequest {
  file: string;
  plan: TextPlan;
  options: TableOptions;
  /** The table in the database. */
  raw: string;
  blockBytes?: number;
}

/** A column and what it is read as. chosen: the type, unless SQL finds it. */
interface Column extends ColumnPlan {
  work: Work;
  chosen?: Candidate;
  /** Its first rows hold nothing: a value behind them tells the type. */
  awaits?: boolean;
}

/**
 * Loads a text whose columns get their types while it is cut. A column that has values in other than plain notation is kept as text in
 * the table `raw`, for SQL. Undefined where the text is not regular. plan: of a dialect that DuckDB reads.
 */
export async function loadTyped(
  { file, plan, options, raw, blockBytes }: TypedRequest,
  kit: FormatKit,
): Promise<LoadedTyped | undefined> {
  const { separator, quote } = plan.dialect;
  if (separator === '' || plan.names.length < 2 || plan.trailing) return undefined;
  const samples = await firstValues(file, plan);
  let columns = samples.map((sample, j) => first(workOf(j, sample, plan, options), plan));
  const to = kit.objects.temporaryPath();
  try {
    for (;;) {
      const text: BlockPlan = {
        separator: separator.charCodeAt(0),
        quote: quote === '' ? -1 : quote.charCodeAt(0),
        decimal: plan.decimal.charCodeAt(0),
        returns: await endsInReturn(file),
        columns: columns.map(({ reading, words, parts, truth }) => ({ reading, words, parts, truth })),
      };
      const bytes = isGzip(file) ? Number.POSITIVE_INFINITY : statSync(file).size;
      const pass = await readPass({
        file,
        bytes,
        plan: text,
        skip: plan.firstRowLine - 1,
        to,
        blockBytes: blockBytes ?? bytesOfBlock(columns.length),
        signal: kit.signal,
      });
      if (!pass) return undefined;
      const next = columns.map((column, j) => again(column, pass.columns[j], plan));
      // What SQL types it reads in groups of columns, where there are very many.
      if (next.length > mostTogether && next.some(({ chosen }) => !chosen)) {
        rmSync(to, { force: true });
        return undefined;
      }
      if (next.every((column, j) => column === columns[j])) return await finish(pass, columns, raw, to, kit);
      columns = next;
    }
  } catch (error) {
    rmSync(to, { force: true });
    throw error;
  }
}

/** A row group of very wide rows holds some thousand of them, as far as memory allows: each costs its columns an entry in the file. */
const bytesOfBlock = (columns: number) => Math.min(1 << 25, Math.max(1 << 22, columns << 13));

/** What a column is read as first. */
function first(work: Work, plan: TextPlan): Column {
  // Which of its values are odd is told by SQL.
  if (work.almost) return forSql(work);
  const there = work.sample.filter((value) => !isMissing(value));
  const chosen = work.candidates[0];
  // Without values a type is guessed from later ones; text with many numbers in it is looked into.
  const numbers = there.filter((value) => isNumber(value, plan.decimal) || /^[+-]?\d+$/.test(value.trim()));
  const isText = chosen.name === 'text' && numbers.length > there.length / 2;
  if (there.length > 0 && (isText || (chosen.name === 'integer' && there.some(isNoDouble)))) return asDigits(work);
  if (there.length === 0) return { ...asPlain(work, chosen), awaits: true };
  const isDoubtful = chosen.name === 'number' && !work.told && writtenOtherwise(work.sample).example !== undefined;
  return isDoubtful ? forSql(work) : asPlain(work, chosen);
}

const forSql = (work: Work): Column => ({ work, reading: 'raw', words: [] });

const asPlain = (work: Work, chosen: Candidate | undefined): Column =>
  chosen?.plain ? { work, chosen, ...chosen.plain } : forSql(work);

/** Whether digits are more than a double holds, or begin with a zero. */
const isNoDouble = (digits: string) => /^(\d{17,}|0\d+)$/.test(digits);

/** Numbers that are text, because some of them survive no type of numbers. */
function asDigits(work: Work): Column {
  const [chosen] = work.candidates.slice(-1);
  const onlyNumbers = work.candidates.every(({ name }) => name === 'integer' || name === 'number' || name === 'text');
  const isPlain = chosen.name === 'text' && chosen.plain !== undefined && work.candidates[0].plain !== undefined;
  return isPlain && onlyNumbers ? { ...asPlain(work, chosen), reading: 'digits' } : forSql(work);
}

/** What a column is read as after a pass: the same, a wider type, or text for SQL. */
function again(column: Column, found: ColumnOfPass, { decimal }: TextPlan): Column {
  const { work, reading, chosen, awaits } = column;
  if (!chosen) return column;
  if (awaits && found.present > 0) return forSql(work);
  if (reading === 'digits') return areTold(found, decimal) ? column : forSql(work);
  if (reading === 'number' || reading === 'integer') return asNumbers(column, found);
  return isRight(found, reading) ? column : forSql(work);
}

/** Whether texts among numbers stay text. That numbers are so large, and 1.10 beside 1.5, SQL asks of all of them. */
const areTold = ({ numeric, odd, large, zeros }: ColumnOfPass, decimal: string) =>
  numeric === 0 && (odd > 0 ? decimal === '.' : large + zeros > 0);

function asNumbers(column: Column, { numeric, odd, large, zeros, shortest, longest }: ColumnOfPass): Column {
  const { work } = column;
  if (odd > 0) return asDigits(work);
  const isUneven = zeros > 0 && shortest < longest && !work.told;
  if (large > 0 || isUneven) return forSql(work);
  if (numeric === 0) return column;
  return asPlain(
    work,
    work.candidates.find(({ plain }) => plain?.reading === 'number'),
  );
}

async function finish(pass: Pass, columns: Column[], raw: string, to: string, kit: FormatKit): Promise<LoadedTyped> {
  const settled = new Map<number, SettledBefore>();
  for (const [j, { work, chosen, words, reading }] of columns.entries()) {
    if (!chosen) continue;
    const { missing, tokens, long, zeros, odd, present, firstOdd, low, high } = pass.columns[j];
    const value = (column: string) => column;
    const typed = { ...chosen, value, whole: undefined };
    const ofDigits: Record<string, number> = odd > 0 ? {} : { ids: long, codes: zeros };
    const watched = { large: 0, zeros: 0, ...(reading === 'digits' ? ofDigits : { long }) };
    const mixture = odd > 0 ? { all: present, odd, first: firstOdd } : undefined;
    const column = {
      ...work,
      chosen: typed,
      misses: missing,
      watched,
      mixture,
      ends: low <= high ? { low, high } : undefined,
    };
    settled.set(j, { column, tokens: countedWords(words, tokens) });
  }
  const { rows, blankLines, goesOn } = pass;
  const loaded = { rows, blankLines, goesOn, settled };
  const isWhole = settled.size === columns.length;
  endFile(
    to,
    pass,
    columns.map(({ work, reading }) => ({ name: isWhole ? work.name : work.raw, type: types[reading] })),
  );
  if (isWhole) return { ...loaded, stored: to };
  await kit.duck.run(`CREATE OR REPLACE TABLE ${raw} AS SELECT * FROM ${readFileSql('parquet', to)}`);
  rmSync(to, { force: true });
  return loaded;
}

const types: Record<Reading, ColumnOfFile['type']> = {
  integer: 'BIGINT',
  number: 'DOUBLE',
  text: 'VARCHAR',
  digits: 'VARCHAR',
  raw: 'VARCHAR',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
  timestamptz: 'TIMESTAMPTZ',
  time: 'TIME',
  boolean: 'BOOLEAN',
};

/** Missing words that are named of one column. */
const mostTokens = 20;

/** How often each word was met: the most frequent ones first. */
function countedWords(words: string[], times: number[]): Record<string, number> {
  const met = words.map((word, k) => [word, times[k]] as const).filter(([, count]) => count > 0);
  met.sort(([a, some], [b, others]) => others - some || Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return Object.fromEntries(met.slice(0, mostTokens));
}

/** The values of the first rows, column by column. */
async function firstValues(file: string, plan: TextPlan): Promise<string[][]> {
  const cutter = new RecordCutter(plan.dialect);
  const columns = plan.names.map((): string[] => []);
  const enough = Math.min(guessedFrom, Math.max(fewestRows, Math.ceil(mostValues / columns.length)));
  const isEnough = (records: TextRecord[]) => {
    for (const { line, fields } of records) {
      if (line < plan.firstRowLine || isBlankRow(fields, plan.dialect)) continue;
      for (const [j, values] of columns.entries()) values.push(fields[j] ?? '');
      if (columns[0].length === enough) return true;
    }
    return false;
  };
  for await (const piece of textOf(file, { label: 'utf-8', mark: 0 }))
    for (let at = 0; at < piece.length; at += cutAtOnce)
      if (isEnough(cutter.push(piece.slice(at, at + cutAtOnce)))) return columns;
  isEnough(cutter.end());
  return columns;
}

/** Rows and values that are enough where a row is very wide. */
const fewestRows = 100;
const mostValues = 1e6;

/** Characters of the first rows that are cut before it is seen whether they are enough. */
const cutAtOnce = 1 << 16;
