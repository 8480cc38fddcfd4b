/** A release as the query process sees it: its tables as Parquet files, under the names that SQL uses. */
export interface QueryRelease {
  /** `id@release`, the schema that stays. */
  reference: string;
  /** Further schema names that mean this release: the id, and the id with underscores. */
  names: string[];
  /** A DuckDB file with the release's tables. */
  file: string;
}

export interface QueryRequest {
  id: number;
  sql: string;
  /** Rows in the preview. */
  limit: number;
  maxRows: number;
  /** Where the full result is written as Parquet. */
  output: string;
}

export interface QueryColumn {
  name: string;
  type: string;
}

export interface QuerySuccess {
  id: number;
  ok: true;
  columns: QueryColumn[];
  preview: unknown[][];
  rows: number;
  /** False when the result had more rows than were kept. */
  complete: boolean;
  /** Schemas that the statement names. */
  schemas: string[];
}

export interface QueryFailure {
  id: number;
  ok: false;
  code: 'bad-input' | 'not-allowed' | 'too-large' | 'failed';
  message: string;
  next?: string;
}

export type QueryReply = QuerySuccess | QueryFailure;
