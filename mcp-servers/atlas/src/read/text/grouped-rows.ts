import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { quotedField } from '@bregma/core/contracts/csv';

/** Columns beyond which a table is read in groups: DuckDB takes some 130 kB for a column of text, however few rows there are. */
export const mostTogether = 1000;
/** Columns of a group. */
const groupWidth = 250;
/** Rows that are kept before they are written. */
const atOnce = 4096;

/** A file with some of the columns of a table. */
export interface Group {
  file: string;
  from: number;
  width: number;
}

/**
 * Writes rows as the plainest CSV there is: UTF-8, commas, every value in quotes, one line end, no header. A table of very many
 * columns becomes several files, each with the same rows and some of the columns.
 */
export class GroupedRows {
  readonly groups: Group[];
  private readonly outs: number[];
  private lines: string[][];
  private values = 0;
  private readonly width: number;

  constructor(width: number, temporaryPath: () => string) {
    this.width = width;
    const step = width > mostTogether ? groupWidth : Math.max(1, width);
    this.groups = Array.from({ length: Math.max(1, Math.ceil(width / step)) }, (_, i) => ({
      file: temporaryPath(),
      from: i * step,
      width: Math.min(step, width - i * step),
    }));
    this.outs = this.groups.map(({ file }) => openSync(file, 'w'));
    this.lines = this.groups.map(() => []);
  }

  push(fields: string[]): void {
    if (this.groups.length === 1) this.lines[0].push(fields.map(quotedField).join(','));
    else
      for (const [i, { from, width }] of this.groups.entries())
        this.lines[i].push(
          fields
            .slice(from, from + width)
            .map(quotedField)
            .join(','),
        );
    this.values += this.width;
    if (this.lines[0].length >= atOnce || this.values > 1 << 20) this.flush();
  }

  end(): void {
    this.flush();
    for (const out of this.outs) closeSync(out);
    this.outs.length = 0;
  }

  remove(): void {
    for (const out of this.outs) closeSync(out);
    this.outs.length = 0;
    for (const { file } of this.groups) rmSync(file, { force: true });
  }

  private flush(): void {
    for (const [i, lines] of this.lines.entries())
      if (lines.length > 0) writeSync(this.outs[i], `${lines.join('\n')}\n`);
    this.lines = this.groups.map(() => []);
    this.values = 0;
  }
}
