import { totalmem } from 'node:os';

/** What one import may take. */
export interface ImportLimits {
  /** Memory of its process, all that is resident. */
  bytes: number;
  /** Time of its processors from its request to its reply; `longestWait` times as much may pass. */
  ms: number;
}

const baseBytes = 880e6;
const baseMs = 19_000;
/** Data grow with their file: text to columns, columns to Parquet, 4 s a megabyte at the slowest, where it has 20,000 columns. */
const bytesPerByte = 16;
const msPerByte = 4e-3;
/** A file is found, opened, digested and read by itself. */
const msPerFile = 5;
const mostOfMachine = 0.75;

/**
 * The limits of an import. They grow with what is read, because honest data grow with their files and a bomb does not. bytes: of all
 * files together. made: bytes that are expected whatever the inputs, for generators and for releases that are pinned. scale:
 * what a person allows beyond it.
 */
export function importLimits({ bytes, files }: { bytes: number; files: number }, made = 0, scale = 1): ImportLimits {
  const expected = baseBytes + bytesPerByte * bytes + made;
  return {
    bytes: Math.min(expected * scale, mostOfMachine * totalmem()),
    ms: (baseMs + msPerByte * (bytes + made) + msPerFile * files) * scale,
  };
}

/** Reads `BREGMA_IMPORT_SCALE`: a number from 1; anything else is 1. */
export function importScale(environment: NodeJS.ProcessEnv = process.env): number {
  const given = Number(environment.BREGMA_IMPORT_SCALE);
  return Number.isFinite(given) && given >= 1 ? given : 1;
}

/** DuckDB takes ever longer for a further column: 10,000 columns took 1 s of a processor, 20,000 took 13, and 30,000 took 24. */
const msPerSquaredColumn = 3e-5;

/** Columns of a table that can be read in so many ms of a processor: 25,000 in a small file. */
export const mostColumns = ({ ms }: Pick<ImportLimits, 'ms'>): number => Math.floor(Math.sqrt(ms / msPerSquaredColumn));
