import type { Question, Role } from '../contracts/question.ts';
import { quotedName } from '../contracts/sql-name.ts';
import { BregmaError, unknownName } from '../errors.ts';
import { nearest } from '../nearest.ts';
import { hasDigits } from '../numbers.ts';
import { withoutCopies } from './equal-rows.ts';

/** A value of a table as a test reads it. null: not measured. */
export type Cell = number | string | boolean | null;

/** Columns of one length, by name. */
export type Columns = Readonly<Record<string, readonly Cell[]>>;

/** Rows that take part in a test, by the role that their columns play. */
export interface Sample {
  question: Question;
  rows: number;
  /** Numbers of a role, [row]. column: which of its columns, from 0. */
  numbers(role: string, column?: number): Float64Array;
  /** Whether the values of a role of either are words, of which each is a level. */
  areWords(role: string, column?: number): boolean;
  /** Levels of a role, [row]. */
  levels(role: string, column?: number): string[];
  /** Values as they stand, [row], of a column that the question names. */
  cells(column: string): Cell[];
  has(role: string): boolean;
  /** How many columns play a role. */
  columnsOf(role: string): string[];
  /** Names of units and subjects, [row]; undefined where the question names none. */
  unit?: string[];
  subject?: string[];
  /** Label of what each row may be exchanged within, [row]; undefined where the question names no blocks. */
  blocks?: string[];
  /** Rows that take no part. */
  leftOut: LeftOut;
}

/** How many rows take no part, and why. */
export interface LeftOut {
  /** A value that is needed was not measured. */
  missing: number;
  /** Of no group that is compared. */
  otherGroups: number;
  /** Equal to another row in everything: the same measurement once more. */
  copies: number;
}

/** Digits from which on a number is taken for one measurement, and not for a value that many share. */
const tellingDigits = 5;

/** Rows of a question and the levels of its family. Throws `unknown-name` or `bad-input` where its columns do not fit. */
export function drawSample(table: Columns, question: Question, roles: readonly Role[]): Sample {
  const named = rolesOf(question, roles);
  const wanted = new Map<string, Role['holds'] | undefined>();
  for (const [role, columns] of named) for (const column of columns) wanted.set(column, role.holds);
  for (const column of keysOf(question)) if (!wanted.has(column)) wanted.set(column, undefined);
  for (const [column, holds] of wanted) {
    mustHave(table, column);
    if (holds === 'numbers') mustBeNumbers(table[column], column);
  }
  const total = Object.values(table)[0]?.length ?? 0;
  const columns = [...wanted.keys()];
  const measured = rowsWhere(total, (row) => columns.every((column) => isMeasured(table[column][row])));
  const groupColumn = [...named].find(([role]) => role.name === 'group')?.[1][0];
  const groups = question.groups && new Set(question.groups);
  const compared =
    groups && groupColumn ? measured.filter((row) => groups.has(String(table[groupColumn][row]))) : measured;
  const kept = inOrder(table, withoutCopies(table, compared, columns), question.judge?.order);
  return sampleOf(table, kept, question, named, {
    missing: total - measured.length,
    otherGroups: measured.length - compared.length,
    copies: compared.length - kept.length,
  });
}

/** The sample of some of the rows of another: those of one member of a family. */
function sampleOf(
  table: Columns,
  rows: number[],
  question: Question,
  named: Map<Role, string[]>,
  leftOut: LeftOut,
): Sample {
  const columnsOf = (role: string) => [...named].find(([one]) => one.name === role)?.[1] ?? [];
  const texts = (column: string) => rows.map((row) => String(table[column][row]));
  return {
    question,
    rows: rows.length,
    numbers: (role, column = 0) => Float64Array.from(rows, (row) => Number(table[columnsOf(role)[column]][row])),
    areWords: (role, column = 0) => rows.some((row) => typeof table[columnsOf(role)[column]][row] === 'string'),
    levels: (role, column = 0) => texts(columnsOf(role)[column]),
    cells: (column) => rows.map((row) => table[column][row]),
    has: (role) => columnsOf(role).length > 0,
    columnsOf,
    unit: question.unit === undefined ? undefined : texts(question.unit),
    subject: question.subject === undefined ? undefined : texts(question.subject),
    blocks: question.blocks?.length
      ? rows.map((row) => JSON.stringify(question.blocks?.map((column) => table[column][row])))
      : undefined,
    leftOut,
  };
}

const isMeasured = (value: Cell | undefined) => value !== null && value !== undefined && !Number.isNaN(value);

function rowsWhere(total: number, holds: (row: number) => boolean): number[] {
  const rows: number[] = [];
  for (let row = 0; row < total; row++) if (holds(row)) rows.push(row);
  return rows;
}

/** Rows by a column of numbers or texts, those that are equal as they stand. */
export function inOrder(table: Columns, rows: number[], column: string | undefined): number[] {
  if (column === undefined) return rows;
  const value = (row: number) => table[column][row] ?? '';
  return rows.toSorted((a, b) => (value(a) < value(b) ? -1 : value(a) > value(b) ? 1 : a - b));
}

/** Columns that a question names beside those of its roles. */
function keysOf({ unit, subject, family, blocks = [], judge }: Question): string[] {
  return [unit, subject, family, ...blocks, judge?.order].filter((column) => column !== undefined);
}

/** The columns that a question reads. */
export function columnsRead(question: Question): string[] {
  return [...new Set([...Object.values(question.columns).flat(), ...keysOf(question)])];
}

function rolesOf({ metric, columns }: Question, roles: readonly Role[]): Map<Role, string[]> {
  const known = roles.map(({ name }) => name);
  const strange = Object.keys(columns).find((name) => !known.includes(name));
  if (strange !== undefined)
    throw unknownName('role', strange, nearest(strange, known), `${metric} reads the columns ${known.join(', ')}.`);
  const named = new Map<Role, string[]>();
  for (const role of roles) {
    const given = columns[role.name];
    if (given === undefined && role.optional) continue;
    const list = given === undefined ? [] : [given].flat();
    if (list.length === 0 || (list.length > 1 && !role.several))
      throw new BregmaError(
        'bad-input',
        `${metric} needs ${role.several ? 'columns' : 'one column'} as ${role.name}.`,
        {
          next: `columns: {${roles.map(({ name, optional }) => `${name}${optional ? '?' : ''}: …`).join(', ')}}`,
        },
      );
    named.set(role, list);
  }
  return named;
}

function mustHave(table: Columns, column: string): void {
  if (Object.hasOwn(table, column)) return;
  const names = Object.keys(table);
  throw unknownName('column', column, nearest(column, names), `There are: ${names.slice(0, 40).join(', ')}.`);
}

function mustBeNumbers(values: readonly Cell[], column: string): void {
  const isWrong = (value: Cell) =>
    typeof value === 'string' || (typeof value === 'number' && Math.abs(value) === Infinity);
  const wrong = values.filter(isWrong);
  if (wrong.length === 0) return;
  const isWord = (value: Cell) => !Number.isFinite(Number(value));
  const first = wrong.find(isWord) ?? wrong[0];
  const numbers = typeof first === 'string' && !wrong.every(isWord) ? ' among numbers that are text' : '';
  throw new BregmaError(
    'bad-input',
    `Column ${column} holds ${JSON.stringify(String(first).slice(0, 40))}${numbers}: finite numbers are needed.`,
    { next: nextFor(wrong, String(first), column) },
  );
}

/** A number that is a bound: "90+" of an age that is not told further. */
const atLeast = /^\s*\d+(?:\.\d+)?\s*\+\s*$/;

/** A number with a unit behind it. */
const measuredIn = /^\s*[-+]?\d[\d.,]*(?:e[-+]?\d+)?\s*([a-zµμ%°/]{1,12})\s*$/i;

/** What SQL makes numbers of such values. */
function nextFor(values: readonly Cell[], value: string, column: string): string {
  const name = quotedName(column);
  if (atLeast.test(value))
    return `${value.trim()} says how much at least. In SQL: rtrim(${name}, '+ ')::DOUBLE takes it for its bound (ranks, as of spearman, ask for no more), TRY_CAST(${name} AS DOUBLE) leaves such rows out.`;
  const units = [...new Set(values.flatMap((own) => measuredIn.exec(String(own))?.[1] ?? []))];
  if (measuredIn.test(value)) {
    const number = `regexp_extract(${name}, '[-+0-9.]+')::DOUBLE`;
    return units.length > 1
      ? `Its values are in ${units.slice(0, 6).join(', ')}: make one unit of them in SQL: CASE WHEN ${name} LIKE '%${units[1]}' THEN … * ${number} ELSE ${number} END.`
      : `Its values are in ${units[0]}: make numbers of them in SQL: ${number}.`;
  }
  if (/^\d{4}-\d{2}-\d{2}/.test(value))
    return `Make a number of it in SQL: date_diff('day', DATE '2000-01-01', ${name}::DATE).`;
  return `Name a column of numbers, or make one in SQL: TRY_CAST(${name} AS DOUBLE), or (${name} = '…')::INT of a word.`;
}

/** Whether a number has so many digits that two measurements hardly share it. */
export function isTelling(value: number): boolean {
  if (!Number.isFinite(value) || Number.isInteger(value)) return false;
  return hasDigits(value, tellingDigits);
}

/** Levels of the family of a question, in the order in which they appear, each with its part of the table. */
export function familyOf(table: Columns, column: string): Map<string, Columns> {
  mustHave(table, column);
  const rows = new Map<string, number[]>();
  table[column].forEach((cell, row) => {
    if (!isMeasured(cell)) return;
    const own = rows.get(String(cell)) ?? [];
    own.push(row);
    rows.set(String(cell), own);
  });
  const part = (own: number[]): Columns =>
    Object.fromEntries(Object.entries(table).map(([name, values]) => [name, own.map((row) => values[row])]));
  return new Map([...rows].map(([level, own]) => [level, part(own)]));
}
