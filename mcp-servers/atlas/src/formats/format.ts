/**
 * A file format. A file of this folder exports one, named as the file:
 *
 * ```ts
 * // mcp-servers/atlas/src/formats/csv.ts
 * import { doubts, readTextTable, storeTable } from '../read/load-table.ts';
 * import { tableName } from '../read/table-name.ts';
 * import { parseTableOptions, tableOptionNames } from '../read/table-options.ts';
 * import type { FileFormat } from './format.ts';
 *
 * export const csv: FileFormat = {
 *   name: 'csv',
 *   title: 'Comma- or tab-separated text',
 *   extensions: ['.csv', '.tsv', '.txt', '.csv.gz', '.tsv.gz', '.txt.gz'],
 *   options: [...tableOptionNames.filter((name) => name !== 'sheet' && name !== 'merged'), 'delimiter'],
 *   async read(file, options, kit) {
 *     const typed = await readTextTable(file, parseTableOptions(options), kit);
 *     const table = await storeTable(typed, tableName(file), kit);
 *     return { shape: 'tables', tables: [table], arrays: [], warnings: doubts(typed.decisions) };
 *   },
 * };
 * ```
 *
 * `npm run gen` registers it; every option that it does not list is refused.
 */
import type { DataArray, DataCard, DatasetRelease, Table } from '@bregma/core/contracts/dataset';
import type { ValueKind } from '@bregma/core/contracts/value-kind';
import type { ObjectStore } from '@bregma/core/objects/objects';
import type { Duck } from '@bregma/readers/duck';

/** What a reader may use. */
export interface FormatKit {
  objects: ObjectStore;
  duck: Duck;
  signal: AbortSignal;
  progress(done: number, total: number, message: string): void;
  /** A path of the user's (relative to the workspace), or of what lies beside a file that is read, as an absolute one to read at. */
  resolve(file: string): string;
  /** Columns that a table may have, for the time that its reading may take; default: as many as there are. */
  mostColumns?: number;
  /** What is read comes over the network: large arrays are left out unless they are named. */
  isSparing?: boolean;
}

/** What a file holds, stored. */
export interface Parts {
  shape: DatasetRelease['shape'];
  tables: Table[];
  arrays: DataArray[];
  warnings: string[];
  /** Files that were read, absolute; default: the source itself. */
  files?: string[];
  /** What the format knows about its data; the user's own words come first. */
  card?: Partial<DataCard>;
}

/** One file format. Reading stores objects; it adds no data set, so that a failure leaves nothing behind. */
export interface FileFormat {
  name: string;
  title: string;
  /** File name endings, lower case, with the dot. */
  extensions: string[];
  /** Whether a folder is of this format, by the names of what lies in it. Without it the format has no folders. */
  isFolder?(names: string[]): boolean;
  /** How everything of this format came to be, when it can only be one way: a generator makes `synthetic` data. */
  kind?: ValueKind;
  /** Options that `read` understands. */
  options: string[];
  /** path: absolute. Throws `bad-input` or `corrupt`, naming the file and the place in it. */
  read(path: string, options: Record<string, unknown>, kit: FormatKit): Promise<Parts>;
}
