import type { Decision } from '@bregma/core/contracts/dataset';
import type { SettledBefore } from '../settled.ts';
import type { ColumnKind } from '../sheet/sheet-table.ts';

/** A table whose values are all text, in the kit's database: columns c0, c1, … in the order of the file. */
export interface RawTable {
  /** Its name in the database. */
  raw: string;
  names: string[];
  rows: number;
  units: Record<string, string>;
  decimal: ',' | '.';
  decisions: Decision[];
  /** What the cells of each column are, where a file says it. */
  kinds?: ColumnKind[];
  /** Of a table with very many columns: some of them at a time, made as the table `raw`, with columns from c0 on. */
  groups?: ColumnGroup[];
  /** Removes the files of the groups. */
  remove?(): void;
  /** Columns, by their place, that have their types already. */
  settled?: Map<number, SettledBefore>;
  /** The Parquet file with all columns under their names, where every one has its type: then there is no table in the database. */
  stored?: string;
}

/** Some columns of a table: their places, and what makes them. */
export interface ColumnGroup {
  from: number;
  width: number;
  make(): Promise<void>;
}
