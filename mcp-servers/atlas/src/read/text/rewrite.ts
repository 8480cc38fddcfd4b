import path from 'node:path';
import { BregmaError, throwIfCancelled } from '@bregma/core/errors';
import { turn } from '@bregma/core/in-slices';
import { separatorName } from './dialect.ts';
import type { GroupedRows } from './grouped-rows.ts';
import { flawed, isBlankRow, type TextPlan } from './plan.ts';
import { RecordCutter, type TextRecord } from './records.ts';
import { notText } from './source.ts';

/** What a text was rewritten with. */
interface Rewriting {
  file: string;
  plan: TextPlan;
  firstLine: number;
  /** Rows that are too short end in missing values. */
  fill: boolean;
  /** Blank lines are rows of missing values. */
  keepBlank: boolean;
  signal: AbortSignal;
}

/** What was written, in numbers. filled: rows that were short and got missing values. */
export interface Rewritten {
  rows: number;
  blankLines: number;
  /** Rows go on after a blank line. */
  goesOn: boolean;
  filled: number;
}

/**
 * Writes the rows of a text as the plainest CSV there is. Throws `bad-input` at the first row of another width, naming its line and
 * what helps.
 */
export async function rewrite(
  pieces: AsyncIterable<string>,
  to: GroupedRows,
  rewriting: Rewriting,
): Promise<Rewritten> {
  const { file, plan, firstLine, signal } = rewriting;
  const cutter = new RecordCutter(plan.dialect, firstLine);
  const done: Rewritten = { rows: 0, blankLines: 0, goesOn: false, filled: 0 };
  let pending: TextRecord[] = [];
  const write = (records: TextRecord[]) => {
    for (const record of records) {
      if (record.line < plan.firstRowLine) continue;
      if (isBlankRow(record.fields, plan.dialect)) {
        done.blankLines++;
        if (!rewriting.keepBlank) continue;
        done.rows++;
        to.push(new Array<string>(plan.width).fill(''));
        continue;
      }
      if (done.blankLines > 0) done.goesOn = true;
      to.push(wholeRow(record, rewriting, done));
    }
  };
  for await (const piece of pieces) {
    throwIfCancelled(signal);
    if (piece.includes('\0')) throw notText(file, lineOfNul(piece, cutter));
    // The blank lines at the end of a file of one column are no values: they wait until more follows.
    const records = [...pending, ...cutter.push(piece)];
    const keep = records.findLastIndex(({ fields }) => fields.length > 0) + 1;
    pending = records.slice(keep);
    write(records.slice(0, keep));
    if (cutter.flaw) throw flawed(cutter.flaw, plan.dialect, file);
    await turn();
  }
  const records = [...pending, ...cutter.end()];
  if (cutter.flaw) throw flawed(cutter.flaw, plan.dialect, file);
  write(records.slice(0, records.findLastIndex(({ fields }) => fields.length > 0) + 1));
  to.end();
  return done;
}

function wholeRow({ line, fields }: TextRecord, { file, plan, fill }: Rewriting, done: Rewritten): string[] {
  const row = fields.length === 0 ? [''] : fields;
  done.rows++;
  if (row.length !== plan.width) {
    if (!fill || row.length > plan.width) throw ragged(file, line, row, plan);
    done.filled++;
    while (row.length < plan.width) row.push('');
  }
  return row;
}

function ragged(file: string, line: number, row: string[], plan: TextPlan): BregmaError {
  const short =
    plan.dialect.separator === 'blanks'
      ? 'An empty cell cannot be seen between blanks: save such a table with commas or tabs'
      : '{"ragged": "fill"} ends short rows with missing values';
  const count = (n: number) => `${n} value${n === 1 ? '' : 's'}`;
  return new BregmaError(
    'bad-input',
    `${path.basename(file)}, line ${line}: ${count(row.length)} where the lines before have ${plan.width} (separator: ${separatorName(plan.dialect.separator)}).`,
    {
      next: `${beginning(row)}If line ${line} begins another table, read them one by one with options {"range": "1:${line - 1}"} and {"range": "${line}:"}. ${short}; {"comment": "#"} leaves comment lines out; {"separator": …} names another separator. Nothing was added.`,
    },
  );
}

/** What the beginning of a row that does not fit suggests. */
function beginning(row: string[]): string {
  const mark = /^\s*(#|%|\/\/)/.exec(row[0])?.[1];
  if (mark !== undefined) return `Line begins with ${mark}: {"comment": "${mark}"} leaves such lines out. `;
  return row.some((field) => /^\s*'/.test(field)) && row.some((field) => /'\s*$/.test(field))
    ? `Values in single quotes: {"quote": "'"}. `
    : '';
}

function lineOfNul(piece: string, cutter: RecordCutter): number {
  return cutter.nextLine + piece.slice(0, piece.indexOf('\0')).split('\n').length - 1;
}

/** The most values that a row of a text has. */
export async function widestRow(pieces: AsyncIterable<string>, plan: TextPlan, firstLine: number): Promise<number> {
  const cutter = new RecordCutter(plan.dialect, firstLine);
  let width = plan.width;
  const look = (records: TextRecord[]) => {
    for (const { line, fields } of records)
      if (line >= plan.firstRowLine && fields.length > width) width = fields.length;
  };
  for await (const piece of pieces) look(cutter.push(piece));
  look(cutter.end());
  return width;
}
