import { closeSync, createReadStream, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { readThrift, type Thrift, type ThriftList, type ThriftStruct, writeThrift } from './thrift.ts';

/**
 * Puts the columns of Parquet files of the same rows side by side in one file: their pages as they are, one behind the other, under
 * a footer that names all of them. DuckDB's time for a statement grows with the square of its columns; this grows with their
 * number. Throws when their row groups differ. Fields by number:
 * https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift
 */
export async function joinParquet(files: string[], to: string): Promise<void> {
  const out = openSync(to, 'w');
  try {
    let at = writeSync(out, magic);
    let joined: ThriftStruct | undefined;
    for (const file of files) {
      const { footer, end } = readFooter(file);
      shiftOffsets(footer, BigInt(at - magic.length));
      for await (const chunk of createReadStream(file, { start: magic.length, end: end - 1, highWaterMark: 1 << 20 }))
        at += writeSync(out, chunk);
      if (joined) addColumns(joined, footer);
      else joined = footer;
    }
    if (!joined) throw new Error('There is no file to join.');
    const footer = writeThrift(joined);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(footer.length);
    writeSync(out, Buffer.concat([footer, length, magic]));
  } finally {
    closeSync(out);
  }
}

const magic = Buffer.from('PAR1');
/** Numbers of fields. */
const file = { schema: 2, rowGroups: 4, orders: 7 };
const group = { columns: 1, bytes: 2, rows: 3, compressed: 6 };
const chunk = { offset: 2, about: 3 };
/** Of a column's metadata: where its data pages, its index, its dictionary and its filter begin. */
const places = [9, 10, 11, 14];
const childrenOfElement = 5;

function readFooter(path: string): { footer: ThriftStruct; end: number } {
  const opened = openSync(path, 'r');
  try {
    const { size } = fstatSync(opened);
    const tail = Buffer.alloc(8);
    readSync(opened, tail, 0, 8, size - 8);
    const length = tail.readUInt32LE(0);
    const end = size - 8 - length;
    if (!tail.subarray(4).equals(magic) || end < magic.length) throw new Error(`${path} is no Parquet file.`);
    const bytes = Buffer.alloc(length);
    readSync(opened, bytes, 0, length, end);
    return { footer: readThrift(bytes), end };
  } finally {
    closeSync(opened);
  }
}

function shiftOffsets(footer: ThriftStruct, by: bigint): void {
  const shift = (owner: ThriftStruct, number: number) => {
    const field = owner.fields.get(number);
    // A place of 0 says that there is none.
    if (typeof field?.value === 'bigint' && field.value > 0n) field.value += by;
  };
  for (const rows of structs(footer, file.rowGroups))
    for (const column of structs(rows, group.columns)) {
      shift(column, chunk.offset);
      const about = column.fields.get(chunk.about)?.value;
      // SAFETY: field 3 of a column chunk is a struct, its metadata.
      if (about) for (const place of places) shift(about as ThriftStruct, place);
    }
}

function addColumns(joined: ThriftStruct, more: ThriftStruct): void {
  const [root] = structs(joined, file.schema);
  const [otherRoot, ...elements] = structs(more, file.schema);
  add(root, otherRoot, childrenOfElement);
  listOf(joined, file.schema).items.push(...elements);
  // How values are compared, a column each; a file may leave it out.
  if (joined.fields.has(file.orders) && more.fields.has(file.orders))
    listOf(joined, file.orders).items.push(...structs(more, file.orders));
  else joined.fields.delete(file.orders);
  const [groups, others] = [structs(joined, file.rowGroups), structs(more, file.rowGroups)];
  const rowsOf = (some: ThriftStruct[]) => some.map(({ fields }) => fields.get(group.rows)?.value).join();
  if (rowsOf(groups) !== rowsOf(others)) throw new Error('The files have other rows.');
  for (const [i, rows] of groups.entries()) {
    listOf(rows, group.columns).items.push(...structs(others[i], group.columns));
    add(rows, others[i], group.bytes);
    add(rows, others[i], group.compressed);
  }
}

function add(owner: ThriftStruct, other: ThriftStruct, number: number): void {
  const [field, more] = [owner.fields.get(number), other.fields.get(number)];
  if (typeof field?.value === 'bigint' && typeof more?.value === 'bigint') field.value += more.value;
}

const isList = (value: Thrift | undefined): value is ThriftList =>
  typeof value === 'object' && !Buffer.isBuffer(value) && 'items' in value;

function listOf(owner: ThriftStruct, number: number): ThriftList {
  const value = owner.fields.get(number)?.value;
  if (!isList(value)) throw new Error(`a footer without the list ${number}`);
  return value;
}

// SAFETY: the lists of a footer that are asked for here are lists of structs.
const structs = (owner: ThriftStruct, number: number) => listOf(owner, number).items as ThriftStruct[];
