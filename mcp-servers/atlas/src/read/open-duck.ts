import { BregmaError } from '@bregma/core/errors';
import type { ObjectStore } from '@bregma/core/objects/objects';
import { Duck, type KeptNaN } from '@bregma/readers/duck';

/** DuckDB for turning files into Parquet: what it cannot read is the file's fault, and said so. */
export function openDuck(
  objects: ObjectStore,
  signal: AbortSignal,
  { keepNaN, memory = '1GB' }: { keepNaN?: KeptNaN; memory?: string } = {},
): Promise<Duck> {
  return Duck.open({ objects, signal, explain: toldOfFile, memory, keepNaN });
}

const toldOfFile = (message: string) =>
  new BregmaError('bad-input', message.split('\n').slice(0, 3).join(' ').slice(0, 600), {
    next: 'Correct the file and add it again; nothing was added.',
  });
