/**
 * A data set that Bregma knows by name. A file of this folder exports one release or a list, named as the file:
 *
 * ```ts
 * // mcp-servers/atlas/src/datasets/mouse-ages.ts
 * import { loadTable } from '../read/load-table.ts';
 * import type { DatasetAdapter } from './adapter.ts';
 *
 * export const mouseAges: DatasetAdapter = {
 *   id: 'mouse-ages',
 *   release: '2026',
 *   shape: 'tables',
 *   card: {
 *     title: 'Ages of the mice of a colony',
 *     description: 'One row a mouse, with its age on the first of January.',
 *     species: 'Mus musculus',
 *     modality: 'records of a colony',
 *     kind: 'measured',
 *     doi: '10.1000/example',
 *     cite: ['Author et al. 2026, Journal 1:1'],
 *     licence: 'CC0-1.0',
 *     exposure: 'public',
 *   },
 *   files: [{ path: 'mouse-ages/ages.csv', bytes: 1234, sha256: '…', origin: 'https://example.org/ages.csv' }],
 *   async ingest(file, kit) {
 *     await loadTable('ages', file('ages.csv'), { types: { mouse: 'text' } }, kit);
 *     const table = await kit.duck.table('SELECT mouse, age_weeks::DOUBLE AS age_weeks FROM ages ORDER BY mouse', {
 *       name: 'mice',
 *       columns: { age_weeks: { unit: 'weeks' } },
 *     });
 *     return { tables: [table], arrays: [] };
 *   },
 * };
 * ```
 *
 * `npm run gen` registers it; the file is fetched, and checked by its sha256, before `ingest` sees it.
 */
import type { DataArray, DataCard, DatasetRelease, Table } from '@bregma/core/contracts/dataset';
import type { FormatKit } from '../formats/format.ts';

/** A file of a release, pinned. */
export interface RegistryFile {
  /** Path below the embedded `datasets/` folder and below `BREGMA_MIRROR`; also its name for `ingest`. */
  path: string;
  bytes: number;
  sha256: string;
  /** https URL, or in words how the file was made when no server offers it. */
  origin: string;
}

/** A number that papers give of a release, and what the release gives. */
export interface PublishedNumber {
  /** What is counted: "proofread neurons". */
  what: string;
  /** Who says what, the first one the paper of the release; several where sources disagree. */
  says: { value: number; source: string }[];
  /** One number of this release, as SQL over `this.TABLE`; absent where its files cannot tell. */
  sql?: string;
  /** What `sql` gives, where that is none of these. */
  here?: number;
  /** Why sources differ, where that is known. */
  because?: string;
}

/** A file of a release that nobody pinned here: too large, or behind terms; the person has it. */
export interface BroughtFile {
  /**
   * Its name, as its publisher calls it, below the folder. A `*` stands for any characters of one name, a last part `**` for all that
   * lies below: each file that fits is read.
   */
  name: string;
  /** Where it is published. */
  origin: string;
  optional?: true;
}

/** One release of a data set: what it is, then how its files become tables and arrays. */
export interface DatasetAdapter {
  id: string;
  release: string;
  shape: DatasetRelease['shape'];
  card: DataCard;
  /** What find_data finds it by beside its card: regions, methods. */
  keywords?: string[];
  files: RegistryFile[];
  /** In place of `files`: what `options.folder` must hold. Digests are taken when it is added. */
  brought?: BroughtFile[];
  /** What there is to cover, and one number over this release that says how much of it is here, as SQL over `this.TABLE`. */
  domain?: { what: string; size: number; source: string; sql: string };
  /** Numbers of papers: what `describe_data` names where they disagree, and what is counted again whenever tests run. */
  published?: PublishedNumber[];
  /** Terms that a user must agree to before the data are added. */
  terms?: string;
  /**
   * What a person brings is one of many parts of the release (a session, a person's betas): `add_data` takes an id for it, so that several
   * lie side by side.
   */
  parts?: string;
  /**
   * file: the absolute place of a file of `files`, by the end of its path; it was checked against its sha256. names: of all files that are
   * there, as the folder that was brought names them.
   */
  ingest(
    file: (name: string) => string,
    kit: FormatKit,
    names: string[],
  ): Promise<{ tables: Table[]; arrays: DataArray[]; warnings?: string[] }>;
}

/** A file of `datasets/` registers one release, or a family of them. */
export type DatasetFamily = DatasetAdapter | DatasetAdapter[];
