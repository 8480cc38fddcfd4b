import { significant } from '@bregma/core/numbers';

/** An analysis as it is on record. */
export interface Value {
  answers: Record<string, unknown>[];
  [member: string]: unknown;
}

type Row = Record<string, unknown>;
/** Rows that name their columns once. */
interface Table {
  columns: string[];
  rows: unknown[][];
}

/** Digits of a look at an assumption, and a value that is 0 but for the rounding of a sum. */
const look = { digits: 3, nothing: 1e-12 };
/** Hex digits by which an object is named here: enough to find it. */
const objectName = 16;

/**
 * What an agent reads of an analysis: rows name their columns once, citations stand on the page of the test, which is named where an
 * assumption is in doubt, and what the question says itself is left out. The record has all.
 */
export function briefAnalysis({ answers, metric: _, unit, assumes, png, svg, ...value }: Value): Row {
  const inDoubt = answers.some(({ doubtful }) => doubtful !== undefined);
  const rest = {
    ...value,
    unit: unit === 'value' ? undefined : unit,
    assumes: inDoubt ? assumes : undefined,
    ...named({ png, svg }),
  };
  return value.family === undefined ? { answers: answers.map(one), ...rest } : { ...rest, ...membersOf(answers) };
}

/** Objects by the beginning of their digest. */
export const named = (objects: Row): Row =>
  Object.fromEntries(
    Object.entries(objects).map(([name, digest]) => [
      name,
      typeof digest === 'string' ? digest.slice(0, objectName) : undefined,
    ]),
  );

/** One answer; n is that of the whole answer. */
function one({ n: _, groups, pairs, how, checks, doubtful, low, high, ...answer }: Row): Row {
  const { estimate, ...rest } = answer;
  return {
    estimate,
    ...(low === null && high === null ? {} : { low, high }),
    groups: isRows(groups) ? tableOf(groups) : undefined,
    pairs: isRow(pairs) && isRows(pairs.rows) ? { how: pairs.how, ...tableOf(pairs.rows) } : undefined,
    ...rest,
    how: uncited(how),
    checks: rounded(checks),
    doubtful: rounded(doubtful),
  };
}

/** What is of each member, were it the same of all. */
const ofEach = new Set(['member', 'estimate', 'low', 'high', 'p', 'adjusted']);

/** Members of a family as rows: what all of them say alike is told once, what is as a test assumes not at all. */
function membersOf(answers: Row[]): { each?: Row; answers: Table } {
  const flat = answers.map(flattened);
  const asked = flat.filter(({ refused }) => refused === undefined);
  const names = Object.keys(Object.assign({}, ...asked));
  const alike = names.filter(
    (name) =>
      !ofEach.has(name) && asked.length > 1 && new Set(asked.map((row) => JSON.stringify(row[name]))).size === 1,
  );
  const each = Object.fromEntries(alike.map((name) => [name, asked[0][name]]));
  const own = flat.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !alike.includes(name))));
  return { each: alike.length > 0 ? each : undefined, answers: tableOf(own) };
}

/** A member in one row: details by their names, of each group n and mean, what is in doubt by what was looked at. */
function flattened({ n, groups, how, checks: _, doubtful, details, leftOut, interval, ...answer }: Row): Row {
  const ofGroups = isRows(groups)
    ? groups.flatMap(({ name, n: count, mean }) => [
        [`n ${name}`, count],
        [`mean ${name}`, mean],
      ])
    : [];
  const found: Row = {
    ...answer,
    n: isRow(n) ? n.count : undefined,
    ...(isRow(details) ? details : {}),
    ...Object.fromEntries(ofGroups),
    ...(isRow(leftOut) ? prefixed('left out: ', leftOut) : {}),
    ...prefixed('doubtful: ', rounded(doubtful) ?? {}),
    interval,
    how: uncited(how),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

const prefixed = (before: string, row: Row): Row =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [before + name, value]));

const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);
const isRows = (value: unknown): value is Row[] => Array.isArray(value) && value.every(isRow);

/** Columns in the order in which they first stand; null where a row has none. */
function tableOf(rows: Row[]): Table {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row).filter((name) => row[name] !== undefined)))];
  return { columns, rows: rows.map((row) => columns.map((name) => row[name] ?? null)) };
}

function rounded(looks: unknown): Row | undefined {
  if (!isRow(looks)) return undefined;
  return Object.fromEntries(
    Object.entries(looks).map(([what, value]) => [what, typeof value === 'number' ? lookOf(value) : value]),
  );
}

const lookOf = (value: number) => (Math.abs(value) < look.nothing ? 0 : significant(value, look.digits));

/** A sentence without the papers in it: "(Potter 2005, Stat Med 24:693)". */
function uncited(words: unknown): string | undefined {
  return typeof words === 'string' ? words.replaceAll(/ \([^()]*\b(?:19|20)\d\d\b[^()]*\)/g, '') : undefined;
}
