import { BregmaError } from '@bregma/core/errors';
import type { ObjectStore } from '@bregma/core/objects/objects';
import { Duck, type KeptNaN } from '@bregma/readers/duck';

/** DuckDB for turning files into Parquet: what it cannot read is the file's fault, and said so. */
export function openDuck(
  objects: ObjectStore,
  signal: AbortSignal,
  { keepNaN, memory = '1GB', also }: { keepNaN?: KeptNaN; memory?: string; also?: readonly string[] } = {},
): Promise<Duck> {
  return Duck.open({ objects, signal, explain: toldOfFile, memory, keepNaN, also });
}

const toldOfFile = (message: string) =>
  /^Out of Memory/.test(message)
    ? tooWide()
    : new BregmaError('bad-input', message.split('\n').slice(0, 3).join(' ').slice(0, 600), {
        next: 'Correct the file and add it again; nothing was added.',
      });

/** DuckDB takes some 130 kB for a column, whatever it holds; what is long it writes to disk. */
const tooWide = () =>
  new BregmaError('too-large', 'The table has too many columns for the memory that an import of its size may take.', {
    next: 'Save a matrix as NPY, or as a table of three columns (row, column, value); or allow more with BREGMA_IMPORT_SCALE=8 in the environment of the server.',
  });
