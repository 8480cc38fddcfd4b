import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import { columnChunks } from './hidden-rows.ts';
import { openRegular } from './regular-file.ts';
import { HoleFiller, holesOf } from './sparse-file.ts';

/** Bytes behind a footer: its length, and PAR1. */
const tailBytes = 8;

/**
 * Fetches what is needed of a Parquet file that lies in the network: its footer, and the pages of the columns that are taken; of all,
 * when none are named. Nothing, where the file is here. Throws `corrupt`, `unknown-name`.
 */
export async function fetchColumns(file: string, take: string[] | undefined, signal: AbortSignal): Promise<void> {
  const holes = holesOf(file);
  if (!holes) return;
  const opened = openRegular(file, Number.POSITIVE_INFINITY);
  const filler = new HoleFiller(holes.holes, holes.need);
  try {
    const { size } = opened;
    if (!take) return await filler.fill(0, size, signal);
    await filler.fill(size - tailBytes, tailBytes, signal);
    const footer = opened.read(size - tailBytes, 4).readUInt32LE(0);
    if (footer <= size - 2 * tailBytes) await filler.fill(size - tailBytes - footer, footer, signal);
    const chunks = columnChunks(opened);
    if (!chunks)
      throw new BregmaError('corrupt', `${path.basename(file)} is no readable Parquet file: it has no footer.`, {
        next: 'Look at it where it lies.',
      });
    const strange = chunks.find(({ from, bytes }) => !(from >= 0 && bytes >= 0 && from + bytes <= size));
    if (strange)
      throw new BregmaError(
        'corrupt',
        `${path.basename(file)} says that its column ${strange.column} lies beyond its end.`,
        { next: 'Look at it where it lies.' },
      );
    for (const { column, from, bytes } of chunks) if (take.includes(column)) await filler.fill(from, bytes, signal);
  } finally {
    filler.close();
    opened.close();
  }
}

/** `options.take` as names of columns; undefined: all of them. Throws `bad-input`. */
export function takenColumns({ take }: Record<string, unknown>): string[] | undefined {
  if (take === undefined) return undefined;
  if (Array.isArray(take) && take.length > 0 && take.every((name) => typeof name === 'string'))
    return [...new Set<string>(take)];
  throw new BregmaError('bad-input', `options.take is ${JSON.stringify(take)?.slice(0, 100)}.`, {
    next: 'Name columns: {"take": ["cell_label", "class"]}.',
  });
}
