import path from 'node:path';
import type { Decision } from '@bregma/core/contracts/dataset';
import { BregmaError, throwIfCancelled } from '@bregma/core/errors';
import { literal, readFileSql } from '@bregma/readers/sql-text';
import type { FormatKit } from '../../formats/format.ts';
import type { TableOptions } from '../table-options.ts';
import { uniqueNames } from '../unique-names.ts';
import { GroupedRows, mostTogether } from './grouped-rows.ts';
import { loadTyped } from './kernel/load-typed.ts';
import { otherReadings } from './other-encodings.ts';
import { refuseOther } from './other-files.ts';
import { type Survey, Surveyor } from './plain.ts';
import { planText, type TextPlan } from './plan.ts';
import type { RawTable } from './raw-table.ts';
import { rewrite, widestRow } from './rewrite.ts';
import {
  bytesOf,
  decodeHead,
  type Encoding,
  encodingOf,
  endsInReturn,
  headOf,
  isGzip,
  linesOf,
  mixedLines,
  notText,
  refuseEndless,
  textOf,
  WrongEncoding,
} from './source.ts';

/** Text after the last line end of a range that has no end. */
const noEnd = Number.POSITIVE_INFINITY;

/** Which files get the types of their columns while they are cut: those of so many bytes, in blocks of so many. */
export interface Typing {
  fromBytes?: number;
  blockBytes?: number;
}

/** Reads a text file into a raw table. Throws `bad-input` or `corrupt`, naming the place; never with fewer rows than the file. */
export async function loadText(
  file: string,
  options: TableOptions,
  raw: string,
  kit: FormatKit,
  typing: Typing = {},
): Promise<RawTable> {
  const { head, whole } = await headOf(file);
  refuseOther(head, file);
  const first = encodingOf(head, whole, file, options.encoding);
  if (decodeHead(head, first).trim() === '') throw empty(file);
  const load = async (encoding: Encoding) => {
    if (encoding.label === 'windows-1252' && options.encoding === undefined) {
      await refuseEndless(file);
      await refuseMixed(file);
    }
    return loadEncoded(file, encoding, { head, whole }, options, raw, kit, typing);
  };
  try {
    return await load(first);
  } catch (error) {
    if (!(error instanceof WrongEncoding) || options.encoding !== undefined || first.label !== 'utf-8') throw error;
    return load({ label: 'windows-1252', mark: 0 });
  }
}

async function refuseMixed(file: string): Promise<void> {
  const mixed = await mixedLines(file);
  if (!mixed) return;
  throw new BregmaError(
    'bad-input',
    `${path.basename(file)} mixes encodings: ${mixed.utf8 === mixed.other ? `line ${mixed.utf8} holds UTF-8 and other bytes` : `line ${mixed.utf8} is UTF-8, line ${mixed.other} is not`}.`,
    {
      next: 'Save it anew in one encoding (UTF-8). options.encoding, such as "windows-1252", reads all of it in one, with wrong characters in the other lines.',
    },
  );
}

const empty = (file: string) =>
  new BregmaError('bad-input', `${path.basename(file)} is empty.`, {
    next: 'Begin the file with the names of its columns.',
  });

function refuseWide(columns: number, file: string, { mostColumns = columns }: FormatKit): void {
  if (columns <= mostColumns) return;
  throw new BregmaError(
    'too-large',
    `${path.basename(file)} has ${columns} columns; of a file of its size ${mostColumns} can be read.`,
    {
      next: 'Save a matrix as NPY, or as a table of three columns (row, column, value); BREGMA_IMPORT_SCALE=4 in the environment of the server allows twice as many.',
    },
  );
}

async function loadEncoded(
  file: string,
  encoding: Encoding,
  { head, whole }: { head: Buffer; whole: boolean },
  options: TableOptions,
  raw: string,
  kit: FormatKit,
  { fromBytes, blockBytes }: Typing,
): Promise<RawTable> {
  const range = rangeOf(options.range);
  const pieces = () => linesOf(textOf(file, encoding), range.from, range.to);
  const first = options.range === undefined ? { text: decodeHead(head, encoding), whole } : await sampleOf(pieces());
  const sample = firstLines(first);
  if (sample.text.trim() === '') throw empty(file);
  const plan = planText({ ...sample, firstLine: range.from, file }, options);
  refuseWide(plan.names.length, file, kit);
  const decisions = [...encodingDecision(encoding, options, sample.text, head), ...plan.decisions];
  const table = (rows: number, width: number): RawTable => {
    const { names, units, decimal } = plan;
    return { raw, names: names.slice(0, width), rows, units, decimal, decisions };
  };
  if (encoding.label === 'utf-8' && options.range === undefined && isFast(plan, encoding, options)) {
    const isLong = fromBytes === undefined ? !whole : head.length >= fromBytes;
    const typed = isLong ? await loadTyped({ file, plan, options, raw, blockBytes }, kit) : undefined;
    if (typed) {
      decisions.push(...blankDecision(typed));
      return { ...table(typed.rows, plan.names.length), settled: typed.settled, stored: typed.stored };
    }
    await refuseEndless(file);
    const survey = plan.width <= mostTogether ? await loadPlain(file, plan, raw, kit) : undefined;
    if (survey?.utf8 === false)
      throw new WrongEncoding('bad-input', `${path.basename(file)} is not UTF-8.`, {
        next: 'Name its encoding with options.encoding, such as "windows-1252".',
      });
    if (survey?.nulLine !== undefined) throw notText(file, survey.nulLine);
    if (survey?.loaded) {
      decisions.push(...blankDecision(survey));
      return table(survey.rows, plan.names.length);
    }
  }
  await refuseEndless(file);
  const wide = options.ragged === 'fill' ? await widenPlan(plan, pieces(), range.from) : plan;
  refuseWide(wide.width, file, kit);
  const written = new GroupedRows(wide.width, () => kit.objects.temporaryPath());
  try {
    const fill = options.ragged === 'fill';
    const done = await rewrite(pieces(), written, {
      file,
      plan: wide,
      firstLine: range.from,
      fill,
      keepBlank: options.blank === 'keep',
      signal: kit.signal,
    });
    const said = wide.dialect.separator === '' || options.blank === 'keep';
    decisions.push(...(said ? [] : blankDecision(done)), ...filledDecision(done.filled));
    const found = { ...table(done.rows, wide.names.length), names: wide.names };
    return await inGroups(found, written, file, kit);
  } catch (error) {
    written.remove();
    throw error;
  }
}

/** A raw table of written rows: made at once, or group by group where it has very many columns. */
export async function inGroups(table: RawTable, rows: GroupedRows, file: string, kit: FormatKit): Promise<RawTable> {
  const groups = rows.groups.map(({ file: part, from, width }) => ({
    from,
    width: Math.min(width, table.names.length - from),
    async make() {
      await createRaw(part, { delim: ',', quote: '"', newLine: '\\n', skip: 0, width }, table.raw, kit);
      await checkRows(table.raw, table.rows, file, kit);
    },
  }));
  // The empty column after a last separator may be alone in its group.
  const named = groups.filter(({ from }) => from < table.names.length);
  if (named.length > 1) return { ...table, groups: named, remove: () => rows.remove() };
  await groups[0].make();
  rows.remove();
  return table;
}

/** Whether the file may be read without being written anew, if all of it is what the sample shows. */
const isFast = (plan: TextPlan, encoding: Encoding, options: TableOptions) =>
  plan.evenTop &&
  plan.dialect.separator !== 'blanks' &&
  /^[\t -~]?$/.test(plan.dialect.separator) &&
  plan.dialect.comment === '' &&
  plan.dialect.escape === undefined &&
  options.ragged !== 'fill' &&
  options.blank !== 'keep' &&
  (encoding.mark === 0 || plan.firstRowLine > 1);

/** Lets DuckDB read the file while all of its bytes are looked through; loaded: whether both agree. */
async function loadPlain(
  file: string,
  plan: TextPlan,
  raw: string,
  kit: FormatKit,
): Promise<Survey & { loaded: boolean }> {
  const { separator, quote } = plan.dialect;
  const skip = plan.firstRowLine - 1;
  const surveyor = new Surveyor({
    separator: separator === '' ? -1 : separator.charCodeAt(0),
    quote: quote === '' ? -1 : quote.charCodeAt(0),
    width: plan.width,
    skip,
  });
  const crlf = await endsInReturn(file);
  const dialect = {
    delim: separator === '' ? '\x1f' : separator,
    quote,
    newLine: crlf ? '\\r\\n' : '\\n',
    skip,
    width: plan.width,
  };
  const loading = createRaw(file, dialect, raw, kit).then(
    () => true,
    () => false,
  );
  try {
    for await (const chunk of bytesOf(file)) {
      throwIfCancelled(kit.signal);
      surveyor.push(chunk);
    }
  } catch (error) {
    await loading;
    throw error;
  }
  const survey = surveyor.end();
  const agreed =
    (await loading) &&
    survey.even &&
    survey.lineEnd !== 'mixed' &&
    (survey.lineEnd === 'crlf') === crlf &&
    !(separator === '' && survey.blankLines > 0);
  throwIfCancelled(kit.signal);
  if (!agreed) return { ...survey, loaded: false };
  const [{ count }] = await kit.duck.rows(`SELECT count(*)::DOUBLE AS count FROM ${raw}`);
  return { ...survey, loaded: Number(count) === survey.rows };
}

interface Plain {
  delim: string;
  quote: string;
  newLine: string;
  skip: number;
  width: number;
}

/** Lets DuckDB read a file without any guess into the table `raw`: text columns c0, c1, …, none null. */
async function createRaw(
  file: string,
  { delim, quote, newLine, skip, width }: Plain,
  raw: string,
  kit: FormatKit,
): Promise<void> {
  const columns = Array.from({ length: width }, (_, j) => `c${j}`);
  const settings = [
    'auto_detect = false',
    'header = false',
    'strict_mode = true',
    `skip = ${skip}`,
    `delim = ${literal(delim)}`,
    `quote = ${literal(quote)}`,
    `escape = ${literal(quote)}`,
    `new_line = '${newLine}'`,
    "comment = ''",
    `compression = '${isGzip(file) ? 'gzip' : 'none'}'`,
    `columns = {${columns.map((name) => `${name}: 'VARCHAR'`).join(', ')}}`,
    `force_not_null = [${columns.map(literal).join(', ')}]`,
  ];
  await kit.duck.run(`CREATE OR REPLACE TABLE ${raw} AS SELECT * FROM ${readFileSql('csv', file, ...settings)}`);
}

async function checkRows(raw: string, rows: number, file: string, kit: FormatKit): Promise<void> {
  const [{ count }] = await kit.duck.rows(`SELECT count(*)::DOUBLE AS count FROM ${raw}`);
  if (Number(count) === rows) return;
  throw new BregmaError('failed', `${path.basename(file)}: ${count} of ${rows} rows were read.`, {
    next: 'Nothing was added. Report this file: a reader that loses rows is a bug.',
  });
}

async function widenPlan(plan: TextPlan, pieces: AsyncIterable<string>, firstLine: number): Promise<TextPlan> {
  const width = await widestRow(pieces, plan, firstLine);
  const more = Array.from(
    { length: Math.max(0, width - plan.names.length) },
    (_, i) => `column${plan.names.length + i}`,
  );
  const names = uniqueNames([...plan.names, ...more]);
  return { ...plan, width, names };
}

/** So many lines decide: a megabyte of short ones would be millions of values, cut once for every separator that is tried. */
const mostLines = 20_000;

function firstLines(sample: { text: string; whole: boolean }): { text: string; whole: boolean } {
  let lines = 0;
  for (const end of sample.text.matchAll(/\r\n|\n|\r/g))
    if (++lines === mostLines) return { text: sample.text.slice(0, end.index + end[0].length), whole: false };
  return sample;
}

async function sampleOf(pieces: AsyncIterable<string>): Promise<{ text: string; whole: boolean }> {
  let text = '';
  for await (const piece of pieces) {
    text += piece;
    if (text.length > 1 << 20) return { text: text.slice(0, 1 << 20), whole: false };
  }
  return { text, whole: true };
}

function rangeOf(range: string | undefined): { from: number; to: number } {
  if (range === undefined) return { from: 1, to: noEnd };
  const parts = /^\s*(\d+)?\s*[:-]\s*(\d+)?\s*$/.exec(range);
  const from = Number(parts?.[1] ?? 1);
  const to = parts?.[2] === undefined ? noEnd : Number(parts[2]);
  if (parts && from >= 1 && to >= from) return { from, to };
  throw new BregmaError('bad-input', `options.range is '${range.slice(0, 40)}'.`, {
    next: 'For a text file it is the first and last line, as "4:9" or "4:".',
  });
}

function encodingDecision(
  { label, mark }: Encoding,
  { encoding }: TableOptions,
  text: string,
  head: Buffer,
): Decision[] {
  if (label === 'utf-8') return [];
  const guessed = encoding === undefined && mark === 0;
  const word = /[^\s,;|"]{0,20}[^\s -~][^\s,;|"]{0,20}/.exec(text)?.[0];
  const others = otherReadings(head).map((other) => `${other.label} ("${other.word}")`);
  const or = others.length > 0 ? `; it may be ${others.slice(0, 4).join(', or ')}` : '';
  const because =
    label === 'windows-1252' ? `, since not all bytes are UTF-8${word ? `; it holds "${word}"` : ''}${or}` : '';
  return [{ what: `Encoding: ${label}${guessed ? because : ''}.`, option: 'encoding', doubtful: guessed || undefined }];
}

/** More blank lines than this are how a file is spaced, and no border between two tables. */
const fewBlankLines = 3;

function blankDecision({ blankLines, goesOn }: { blankLines: number; goesOn: boolean }): Decision[] {
  if (blankLines === 0) return [];
  const what = `${blankLines} blank ${blankLines === 1 ? 'line is' : 'lines are'} no row`;
  if (!goesOn || blankLines > fewBlankLines) return [{ what: `${what}.`, option: 'blank: "keep"' }];
  return [
    {
      what: `${what}, and rows go on behind; if another table begins there, read each by its lines, as "1:20".`,
      option: 'range',
      doubtful: true,
    },
  ];
}

const filledDecision = (rows: number): Decision[] =>
  rows > 0
    ? [{ what: `${rows} short ${rows === 1 ? 'row ends' : 'rows end'} in missing values.`, option: 'ragged' }]
    : [];
