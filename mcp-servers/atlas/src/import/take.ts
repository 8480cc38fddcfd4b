import { closeSync, lstatSync, openSync, readSync } from 'node:fs';
import type { DataArray, Table } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import { npyHead } from '@bregma/core/npy';
import { ObjectStore } from '@bregma/core/objects/objects';
import { parquetSize } from '@bregma/readers/parquet';
import { ImportReply } from './protocol.ts';

/**
 * Moves what an import made among the objects, after a look at each: a regular file of the digest that was said, an array of the shape
 * and type that its card claims, a table with its rows and columns. Throws `corrupt` otherwise, and then no data set comes of it.
 * made: the folder that the import wrote.
 */
export function takeIn(said: unknown, made: string, objects: ObjectStore): ImportReply {
  const { success, data: reply, error } = ImportReply.safeParse(said);
  if (!success) throw wrong(`its answer is of another form: ${error.issues[0]?.path.join('.')}`);
  const staged = new ObjectStore(made);
  const taken = new Set<string>();
  for (const [part, check] of [
    ...reply.tables.map((table) => [table, (file: string) => checkTable(table, file)] as const),
    ...reply.arrays.map((array) => [array, (file: string) => checkArray(array, file)] as const),
  ]) {
    const file = taken.has(part.object) ? objects.pathOf(part.object) : staged.pathOf(part.object);
    if (!lstatSync(file, { throwIfNoEntry: false })?.isFile()) throw wrong(`${part.name} is not there`);
    check(file);
    if (taken.has(part.object)) continue;
    if (objects.adopt(file, '').object !== part.object) throw wrong(`${part.name} has another digest`);
    taken.add(part.object);
  }
  return reply;
}

const wrong = (what: string) =>
  new BregmaError('corrupt', `What the import made is not what it says: ${what.slice(0, 200)}.`, {
    next: 'Add the file again; if this persists, do not trust it.',
  });

/** Places along an axis of an array without values: no byte pays for them, and whoever goes through its rows makes them all. */
const mostEmpty = 1e6;
const longestHead = 70_000;
const longestFooter = 64e6;

function checkArray({ name, dtype, shape }: DataArray, file: string): void {
  const { size } = lstatSync(file);
  const head = npyHead(bytesOf(file, 0, Math.min(size, longestHead)));
  const fits = head.dtype === dtype && head.shape.join() === shape.join() && head.start + head.bytes === size;
  if (!fits) throw wrong(`${name} is not the ${dtype} array of shape [${shape}]`);
  if (shape.includes(0) && shape.some((places) => places > mostEmpty))
    throw new BregmaError('corrupt', `${name} claims the shape [${shape}] and holds no value.`, {
      next: 'Look at what wrote it: an array with an axis of length 0 has nothing to read.',
    });
}

function checkTable({ name, rows, columns }: Table, file: string): void {
  const { size } = lstatSync(file);
  const [end] = size < 12 ? [undefined] : [bytesOf(file, size - 8, 8)];
  const footer = end?.subarray(4).toString('latin1') === 'PAR1' ? end.readUInt32LE(0) + 8 : 0;
  if (footer === 0 || footer > Math.min(size, longestFooter)) throw wrong(`${name} is no Parquet table`);
  const found = parquetSize(bytesOf(file, size - footer, footer));
  const same = found.rows === rows && found.columns.join('\n') === columns.map((column) => column.name).join('\n');
  if (!same) throw wrong(`${name} has not the ${rows} rows and ${columns.length} columns`);
}

function bytesOf(file: string, at: number, length: number): Buffer {
  const handle = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, readSync(handle, bytes, 0, length, at));
  } finally {
    closeSync(handle);
  }
}
