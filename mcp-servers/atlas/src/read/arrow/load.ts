import path from 'node:path';
import { BregmaError, saidBy } from '@bregma/core/errors';
import type { Batch as Columns } from '@bregma/readers/duck-batches';
import { identifier } from '@bregma/readers/sql-text';
import { type Batch, CompressionType, setCompressionCodec, type Table, tableFromIPC } from '@uwdata/flechette';
import type { FormatKit } from '../../formats/format.ts';
import { Damaged, lz4Frame } from '../packed/lz4.ts';
import { unpackZstd } from '../packed/zlib.ts';
import { saidRenamed, uniqueNames } from '../unique-names.ts';
import { wrongWith } from './check.ts';
import { type ArrowColumn, columnOf, valuesOf } from './columns.ts';
import { type Messages, openMessages } from './messages.ts';

/** Most bytes of one buffer, unpacked. */
const largestBuffer = 2 ** 30;

const unpackOnly = (unpack: (bytes: Uint8Array, size: number) => Uint8Array) => ({
  encode(): Uint8Array {
    throw new Error('Arrow is read here, and not packed.');
  },
  decode(bytes: Uint8Array, size?: number): Uint8Array {
    if (!(size !== undefined && size >= 0 && size <= largestBuffer))
      throw new Damaged(`claims ${size} bytes in one buffer`);
    const unpacked = unpack(bytes, size);
    if (unpacked.length !== size) throw new Damaged('holds fewer bytes than it says');
    return unpacked;
  },
});
setCompressionCodec(CompressionType.LZ4_FRAME, unpackOnly(lz4Frame));
setCompressionCodec(CompressionType.ZSTD, unpackOnly(unpackZstd));

/**
 * Loads an Arrow file or stream, batch by batch, into DuckDB's table `incoming`. Returns its columns, with what is to be said of each, and
 * of their names.
 * Throws `bad-input` when it is none, `corrupt` when it is damaged.
 */
export async function loadArrow(file: string, kit: FormatKit): Promise<{ columns: ArrowColumn[]; renamed: string[] }> {
  const name = path.basename(file);
  const messages = openMessages(file);
  try {
    const { duck } = kit;
    const schema = decoded([messages.read(messages.list[0])], name).schema;
    // No name in SQL has a NUL.
    const wanted = schema.fields.map((field, k) => field.name.replaceAll('\0', '\ufffd') || `column${k}`);
    const names = uniqueNames(wanted);
    const columns = schema.fields.map((field, k) => ({ ...columnOf(field.name, field.type), name: names[k] }));
    if (columns.length === 0)
      throw new BregmaError('bad-input', `${name} has no columns.`, { next: 'Write a table with at least one.' });
    const isPlain = columns.map(() => true);
    const withMissing = new Set<number>();
    for (const batch of batchesOf(messages, name, kit))
      for (const [k, part] of batch.entries()) if (part.nullCount > 0) withMissing.add(k);
    for (const [k, column] of columns.entries()) isPlain[k] = column.plain !== undefined && !withMissing.has(k);
    async function* batches(): AsyncGenerator<Columns> {
      for (const batch of batchesOf(messages, name, kit))
        yield batch.map((part, k) => inFile(name, () => valuesOf(part, isPlain[k])));
    }
    const types = columns.map(({ name: column, plain }, k) => [column, (isPlain[k] && plain) || 'VARCHAR']);
    await duck.load('incoming', Object.fromEntries(types), batches());
    const casts = columns.flatMap(({ name: column, stored }, k) =>
      isPlain[k] || stored === 'VARCHAR' ? [] : [`${identifier(column)}::${stored} AS ${identifier(column)}`],
    );
    if (casts.length > 0)
      await duck.run(`CREATE OR REPLACE TABLE incoming AS SELECT * REPLACE (${casts.join(', ')}) FROM incoming`);
    return { columns, renamed: saidRenamed(wanted, names) };
  } finally {
    messages.close();
  }
}

/** The columns of each batch of records, checked; of dictionaries those that came before. */
function* batchesOf(messages: Messages, name: string, { progress, signal }: FormatKit): Generator<Batch<unknown>[]> {
  const [schema, ...rest] = messages.list;
  const before = [messages.read(schema)];
  for (const [i, message] of rest.entries()) {
    signal.throwIfAborted();
    progress(i, rest.length, name);
    if (message.kind === 'dictionary') before.push(messages.read(message));
    if (message.kind !== 'records') continue;
    const table = decoded([...before, messages.read(message)], name);
    const parts = table.children.map(({ data }) => data[0]);
    for (const [k, part] of parts.entries()) {
      const wrong = part ? wrongWith(part, table.numRows) : 'has no values';
      if (wrong || part.length !== parts[0].length)
        throw damaged(name, `its column ${table.schema.fields[k].name} ${wrong ?? 'has another length'}`);
    }
    yield parts;
  }
}

const decoded = (parts: Uint8Array[], name: string): Table =>
  inFile(name, () => tableFromIPC(parts, { useBigInt: true, useBigIntTimestamp: true, useDecimalInt: true }));

/** Does something with what a file holds; what is wrong is told of the file. */
function inFile<T>(name: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw damaged(name, saidBy(error).message);
  }
}

const damaged = (name: string, why: string) =>
  new BregmaError('corrupt', `${name} is damaged: ${why.slice(0, 300).replace(/\.$/, '')}.`, {
    next: 'Copy the file again; nothing was added.',
  });
