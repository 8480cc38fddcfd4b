import type { SaidError } from '@bregma/core/errors';

/** An object as a table. */
export interface QueryTable {
  name: string;
  object: string;
  /** Of an array: what its axes are called. */
  axes?: string[];
  unit?: string;
  /** Of an array: its NaN are values, and not NULL. */
  nan?: 'value';
}

/** A release as the query process gets it. */
export interface QueryRelease {
  /** `id@release`: the name of its catalog. */
  reference: string;
  id: string;
  /** Further schema names that mean this release; empty unless it is the newest of its id. */
  aliases: string[];
  tables: QueryTable[];
}

/** A DuckDB file of the cache: its name there, its bytes, and what the file system said of it when these were read. */
export interface SealedCopy {
  name: string;
  sha256: string;
  stamp: string;
}

/** Which copies may be believed: by their bytes on record, and those whose bytes this server has seen. */
export interface KnownCopies {
  seals: Record<string, string[]>;
  seen: SealedCopy[];
}

/** The first message: what to open, before any of a user's SQL is seen. */
export interface OpenRequest {
  open: {
    /** The store's objects. */
    objects: string;
    /** Where DuckDB files are kept for the next process. */
    cache: string;
    /** This process's own folder: results are written here. */
    folder: string;
    releases: QueryRelease[];
    known: KnownCopies;
  };
}

/** Once it has opened: the copies that it reads, of which the server puts on record those that are new. */
export interface Opened {
  copies: SealedCopy[];
}

/** A query, to the process that runs it. */
export interface QueryRequest {
  id: number;
  sql: string;
  /** Rows in the preview. */
  limit: number;
  /** Significant digits of numbers in the preview that are not whole. */
  digits?: number;
}

/** A column of a result. */
export interface QueryColumn {
  name: string;
  /** DuckDB's name of the type. */
  type: string;
  /** Present when numbers of this column are given as text, because a JSON number would lose digits. */
  text?: true;
}

/** The result of a query: its first rows; all kept rows lie in a file. */
export interface QuerySuccess {
  id: number;
  columns: QueryColumn[];
  preview: unknown[][];
  /** Rows that were asked for are missing from the preview, because it would be too long. */
  shortened: boolean;
  /** Some number of the preview has fewer digits than the kept one. */
  rounded: boolean;
  /** Rows that were kept. */
  rows: number;
  /** False when there were more rows than were kept. */
  complete: boolean;
  /** The releases that the statement reads, `id@release`. */
  releases: string[];
  /** The kept rows as a Parquet file, inside the process's own folder. */
  file: string;
}

/** Why a query gave nothing. */
export interface QueryFailure {
  id: number;
  failed: SaidError;
}

/** Rows and bytes (in memory, uncompressed) of a result that are kept. */
export const resultCaps = { rows: 5_000_000, bytes: 256 * 2 ** 20 };
/** DuckDB's own limit for a statement, and for the result beside it. */
export const memoryLimitMiB = 1024;
/** A process that holds more is ended: some functions of DuckDB allocate outside its own limit. */
export const processLimitMiB = 3072;
