import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import { openWorkspace } from '@bregma/core/workspace';
import fc from 'fast-check';
import type { FormatKit } from '../../mcp-servers/atlas/src/formats/format.ts';
import { readTextTable } from '../../mcp-servers/atlas/src/read/load-table.ts';
import { openDuck } from '../../mcp-servers/atlas/src/read/open-duck.ts';
import { parseTableOptions } from '../../mcp-servers/atlas/src/read/table-options.ts';
import type { Typing } from '../../mcp-servers/atlas/src/read/text/load-text.ts';
import { missingSigns, missingWords } from '../../mcp-servers/atlas/src/read/text/words.ts';
import { type Fuzzed, type Fuzzer, goesOn } from './fuzzer.ts';

const digits = (least: number, most: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: least, maxLength: most });
const point = fc.constantFrom('.', '.', ',');
/** Numbers in every notation, also those that end half way between two doubles, and those of which nothing is a number. */
const number = fc.oneof(
  { weight: 6, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }).map(String) },
  { weight: 6, arbitrary: fc.double({ min: -100, max: 100, noNaN: true }).map(String) },
  { weight: 2, arbitrary: fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((value) => value.toFixed(3)) },
  { weight: 2, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value.toExponential(5)) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.constantFrom('', '-'),
        fc.integer({ min: 1, max: 9 }),
        digits(0, 24),
        fc.integer({ min: -345, max: 310 }),
      )
      .map(([sign, first, rest, power]) => `${sign}${first}.${rest}0e${power}`),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(digits(1, 20), digits(1, 26))
      .map(([whole, rest]) => `${whole.replace(/^0+(?=\d)/, '')}.${rest}`),
  },
  {
    weight: 2,
    arbitrary: fc.bigInt({ min: 2n ** 53n, max: 2n ** 54n - 1n }).map((value) => `${value | 1n}.0`),
  },
);
/** Those that need no look at all of them: no ids, none beyond every double. */
const tame = fc.oneof(
  fc.double({ min: -100, max: 100, noNaN: true }).map(String),
  fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((value) => value.toFixed(3)),
  fc.double({ min: 1e-9, max: 1e9, noNaN: true }).map((value) => value.toExponential(7)),
  digits(10, 25).map((rest) => `0.${rest}`),
  fc.tuple(digits(1, 6), digits(14, 22)).map(([front, rest]) => `-1${front}.${rest}`),
);
const whole = fc.oneof(
  fc.integer({ min: -9, max: 99 }).map(String),
  fc.bigInt({ min: -(2n ** 53n), max: 2n ** 53n }).map(String),
  fc.nat(2 ** 31 - 1).map(String),
);
const odd = fc.constantFrom(
  ...'-0,+5,007,1_000,0x1A,1E5,1e400,1e-400,4.9e-324,2.2250738585072011e-308,.5,5.,1.,-,--1,1-,1e,1e+,e5,inf,-inf,nan,9007199254740993,0.0,-0.0,00.5,1.5.1, 1,1 ,\t2,TRUE,2024-01-05,12:30:00,1.2.3,1-2,<0.1,n.d.,fifty,-inf x,\u200b5,5\ufeff,≤5,+-5,1e5e5,0:30,24:00:00,2023-02-29,2024-02-29,0000-01-01,10000-01-01,2024-1-5,2024-01-05T10:30,2024-01-05 10:30:00.1234567,2024-01-05 10:30+02,2024-01-05 10:30:00+02:30,2024-01-05 10:30:00-1400,2024-01-05 10:30Z,31.12.2020,12/31/2020,1.2.2020,True,t,é,\u00a0NA,NA\u00a0, NA ,n/a,None,1 000'.split(
    ',',
  ),
);
const word = fc.oneof(
  fc.constantFrom(
    'VISp',
    'VISl',
    'MOs',
    'left, right',
    'größe',
    'a"b',
    'two\nlines',
    '鼠',
    'x ',
    ' y',
    '#x',
    '1E5',
    'NAN2',
  ),
  fc.string({ unit: fc.constantFrom(...'abXY09 .;|-_é'), minLength: 0, maxLength: 30 }),
);
const missing = fc.constantFrom('', '', ...missingWords, ...missingSigns);
const day = fc.date({ min: new Date('1950-01-01'), max: new Date('2090-01-01'), noInvalidDate: true });
const names = ['a', 'b', 'version', 'cell_id', 'dose (mg)', 'f'];
/** More of those that are read without SQL. */
const kinds = {
  number,
  tame,
  tame2: tame,
  tame3: tame,
  whole,
  small: fc.integer({ min: -1000, max: 1000 }).map(String),
  small2: fc.nat(2 ** 31 - 1).map(String),
  words: word,
  few: fc.constantFrom('0', '1', '2'),
  halves: fc.constantFrom('0.0', '0.5', '1.0'),
  word,
  date: day.map((at) => at.toISOString().slice(0, 10)),
  moment: day.map((at) => at.toISOString().slice(0, 19)),
  uneven: fc.tuple(fc.nat(3), fc.constantFrom('1', '5', '10', '20', '0', '9')).map((parts) => parts.join('.')),
  second: fc.tuple(day, fc.constantFrom(' ', 'T'), fc.integer({ min: 16, max: 23 })).map(([at, between, end]) => {
    const text = at.toISOString().slice(0, end).replace('T', between);
    return end === 17 || end === 18 || end === 20 ? `${text.slice(0, 16)}` : text;
  }),
  zoned: fc
    .tuple(day, fc.constantFrom('Z', '+00', '-05', '+05:30', '-11:45', '+12:00'))
    .map(([at, zone]) => at.toISOString().slice(0, 19).replace('T', ' ') + zone),
  clock: day.map((at) => at.toISOString().slice(11, 19)),
  fraction: day.map((at) => at.toISOString().slice(11, 22)),
  german: day.map((at) => at.toISOString().slice(0, 10).split('-').reverse().join('.')),
  american: day.map((at) => `${at.getUTCMonth() + 1}/${at.getUTCDate()}/${at.getUTCFullYear()}`),
  slashed: day.map((at) => at.toISOString().slice(0, 10).replaceAll('-', '/')),
  truth: fc.constantFrom('true', 'false'),
  shouted: fc.constantFrom('TRUE', 'FALSE'),
  written: fc.constantFrom('True', 'False'),
  mixed: fc.oneof({ weight: 5, arbitrary: tame }, { weight: 1, arbitrary: fc.constantFrom('n.d.', '<0.1', '-', 'x') }),
  mixedWhole: fc.oneof(
    { weight: 5, arbitrary: fc.nat(99999).map(String) },
    { weight: 1, arbitrary: fc.constantFrom('> 5', '1-2', '007', '?', '.') },
  ),
  code: fc.integer({ min: 0, max: 99 }).map((value) => String(value).padStart(3, '0')),
  ids: fc.bigInt({ min: 7n * 10n ** 17n, max: 8n * 10n ** 17n }).map(String),
  tags: fc.oneof(fc.bigInt({ min: 0n, max: 10n ** 17n }).map(String), digits(1, 18)),
  padded: fc.integer({ min: 0, max: 99 }).map((value) => String(value).padStart(4)),
  nothing: fc.constant(''),
};

const easyKinds = [
  ...[tame, kinds.small, kinds.small2, kinds.few, kinds.ids, word, kinds.date, kinds.moment, kinds.truth, kinds.german],
  ...[kinds.zoned, kinds.fraction, kinds.mixed, kinds.nothing],
];

interface TypedTable {
  text: string;
  options: Record<string, unknown>;
  blockBytes: number;
}

/** Cells of a column; one of them may be odd, also behind the rows from which types are guessed. */
const column = (rows: number, easy: boolean) =>
  fc.constantFrom(...(easy ? easyKinds : Object.values(kinds))).chain((cell: fc.Arbitrary<string>) =>
    fc.record({
      cells: fc.array(cell, { minLength: Math.min(rows, 40), maxLength: Math.min(rows, 40) }),
      gaps: fc.option(fc.tuple(missing, fc.integer({ min: 1, max: 30 })), { nil: undefined }),
      odd: fc.oneof(
        { weight: 5, arbitrary: fc.constant(undefined) },
        { weight: easy ? 0 : 1, arbitrary: fc.tuple(fc.oneof(odd, missing, number), fc.nat(rows - 1)) },
      ),
    }),
  );

const table: fc.Arbitrary<TypedTable> = fc
  .record({
    rows: fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 3, max: 60 }) },
      { weight: 1, arbitrary: fc.integer({ min: 3001, max: 3300 }) },
    ),
    width: fc.integer({ min: 2, max: 6 }),
    easy: fc.boolean(),
  })
  .chain(({ rows, width, easy }) =>
    fc.record({
      columns: fc.array(column(rows, easy), { minLength: width, maxLength: width }),
      separator: fc.constantFrom(',', '\t', ';', '|'),
      end: fc.constantFrom('\n', '\n', '\r\n'),
      quoting: fc.constantFrom('minimal', 'minimal', 'all', 'text'),
      last: fc.constantFrom('ended', 'open', 'blank'),
      decimal: point,
      blockBytes: fc.constantFrom(600, 5000, 1 << 20),
      options: fc.constantFrom<Record<string, unknown>>(
        {},
        {},
        {},
        {},
        { missing: [] },
        { missing: ['-1', ''] },
        { types: { a: 'number' } },
        { types: 'text' },
        { missing: { b: ['none', 'x '] } },
      ),
      rows: fc.constant(rows),
    }),
  )
  .map(({ columns, separator, end, quoting, last, decimal, blockBytes, options, rows }) => {
    const comma = decimal === ',' && separator !== ',';
    const quoted = (value: string) => `"${value.replaceAll('"', '""')}"`;
    const written = (value: string) => {
      const cell = comma && /^-?\d+\.\d+$/.test(value) ? value.replace('.', ',') : value;
      const must = /["\n\r]/.test(cell) || cell.includes(separator);
      return must || quoting === 'all' || (quoting === 'text' && /[A-Za-z]/.test(cell)) ? quoted(cell) : cell;
    };
    const lines = [columns.map((_, j) => names[j]).join(separator)];
    for (let i = 0; i < rows; i++)
      lines.push(
        columns
          .map(({ cells, gaps, odd: [value, at] = ['', -1] }) =>
            written(i === at ? value : gaps && i % gaps[1] === 0 ? gaps[0] : cells[i % cells.length]),
          )
          .join(separator),
      );
    if (last === 'blank') lines.splice(2, 0, '');
    return { text: lines.join(end) + (last === 'open' ? '' : end), options, blockBytes };
  });

/**
 * Tables whose columns get their types while the text is cut, and by SQL: type by type, value by value and sentence by sentence they
 * must be the same.
 */
export const typedTables: Fuzzer & { regular: number } = {
  name: 'typed-tables',
  /** Of the last run: tables that were cut without SQL. */
  regular: 0,
  async run(seed, extent) {
    const done: Fuzzed = { tried: 0, failures: [] };
    const folder = mkdtempSync(path.join(tmpdir(), 'bregma-typed-'));
    const workspace = openWorkspace(folder);
    const signal = new AbortController().signal;
    const duck = await openDuck(workspace.objects, signal, { also: [folder] });
    const kit: FormatKit = { objects: workspace.objects, duck, signal, progress: () => {}, resolve: (file) => file };
    const file = path.join(folder, 'table.csv');
    this.regular = 0;
    try {
      for (const startedMs = performance.now(); goesOn(extent, done.tried, startedMs); done.tried++) {
        const [{ text, options, blockBytes }] = fc.sample(table, { numRuns: 1, seed: seed + done.tried });
        writeFileSync(file, text);
        const [cut, asked] = [
          await read(file, options, { fromBytes: 0, blockBytes }, kit),
          await read(file, options, { fromBytes: Number.POSITIVE_INFINITY }, kit),
        ];
        if (cut.typed) this.regular++;
        const [a, b] = [cut.found, asked.found].map((found) => found.split('\n'));
        const at = a.findIndex((line, i) => line !== b[i]);
        if (at >= 0 || a.length !== b.length)
          done.failures.push(
            `seed ${seed + done.tried}: cut …${around(a[at], b[at])}, by SQL …${around(b[at], a[at])}, of ${JSON.stringify({ options, blockBytes, text: text.slice(0, 600) })}`,
          );
      }
    } finally {
      duck.close();
      workspace.close();
      rmSync(folder, { recursive: true, force: true });
    }
    return done;
  },
};

/** A line from just before it differs from another. */
function around(line = '', other = ''): string {
  const from = [...line].findIndex((sign, i) => sign !== other[i]);
  return line.slice(Math.max(0, from - 60), from + 240);
}

/** All that is told of a table, as lines. typed: every column had its type without SQL. */
async function read(
  file: string,
  options: Record<string, unknown>,
  typing: Typing,
  kit: FormatKit,
): Promise<{ found: string; typed: boolean }> {
  try {
    const typed = await readTextTable(file, parseTableOptions(options), kit, typing);
    const columns = await kit.duck.columns(`(${typed.query})`);
    const texts = columns.map((_, j) => `c${j}::VARCHAR AS c${j}`);
    const names = columns.map((_, j) => `c${j}`).join(', ');
    const rows = await kit.duck.rows(`SELECT ${texts.join(', ')} FROM (${typed.query}) t(${names})`);
    const found = [columns, typed.rows, typed.columns, typed.decisions, ...rows]
      .map((part) => JSON.stringify(part))
      .join('\n');
    const stored = typed.stored !== undefined;
    if (typed.stored !== undefined) rmSync(typed.stored, { force: true });
    return { found, typed: stored };
  } catch (error) {
    if (!(error instanceof BregmaError)) throw error;
    return { found: `${error.code} ${error.message} ${error.next}`, typed: false };
  }
}
