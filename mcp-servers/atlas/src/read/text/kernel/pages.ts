import { type Thrift, type ThriftStruct, writeThrift } from '@bregma/readers/thrift';
import type { Block } from './block.ts';

// The numbers of fields, types and encodings: https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift
const [plain, rle, dictionaryIndices] = [0, 3, 8];
const [yes, no, i32, i64, binary, list, struct] = [1, 2, 5, 6, 8, 9, 12];

/** The header of a page of values: levels, then values, or their numbers in a dictionary. */
export function pageOfData(bytes: number, values: number, hasDictionary: boolean): Uint8Array<ArrayBuffer> {
  const about = numbers(values, hasDictionary ? dictionaryIndices : plain, rle, rle);
  return new Uint8Array([...numbers(0, bytes, bytes), 0x2c, ...about, 0, 0]);
}

/** The header of the page of a dictionary. */
export function pageOfDictionary(bytes: number, values: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array([...numbers(2, bytes, bytes), 0x4c, ...numbers(values, plain), 0, 0]);
}

/** The fields 1, 2, … of a struct, each a number of 32 bits. */
const numbers = (...values: number[]) => values.flatMap((value) => [0x15, ...varint(2 * value)]);

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  bytes.push(rest);
  return bytes;
}

/** A column of a file. */
export interface ColumnOfFile {
  name: string;
  type: 'BIGINT' | 'DOUBLE' | 'VARCHAR' | 'DATE' | 'TIMESTAMP' | 'TIMESTAMPTZ' | 'TIME' | 'BOOLEAN';
}

const physical = { BIGINT: 2, DOUBLE: 5, VARCHAR: 6, DATE: 1, TIMESTAMP: 2, TIMESTAMPTZ: 2, TIME: 2, BOOLEAN: 0 };
const converted = {
  BIGINT: 18,
  DOUBLE: undefined,
  VARCHAR: 0,
  DATE: 6,
  TIMESTAMP: 10,
  TIMESTAMPTZ: 10,
  TIME: 8,
  BOOLEAN: undefined,
};

/** Blocks one behind the other as the row groups of a Parquet file, whose first bytes are `magic`. */
export class Footer {
  private readonly columns: ColumnOfFile[];
  private readonly groups: Thrift[] = [];
  private rows = 0;
  private at = magic.length;

  constructor(columns: ColumnOfFile[]) {
    this.columns = columns;
  }

  /** Counts a block whose pages were written behind those before it. */
  add({ rows, columns }: Pick<Block, 'rows' | 'columns'>): void {
    const begin = this.at;
    const chunks: Thrift[] = [];
    for (const [j, found] of columns.entries()) {
      const column = this.columns[j];
      const { dictionary, data, present, least, greatest } = found;
      const bytes = dictionary + data;
      const about = record([
        [1, i32, number(physical[column.type])],
        [2, list, { of: i32, items: (dictionary > 0 ? [plain, rle, dictionaryIndices] : [plain, rle]).map(number) }],
        [3, list, { of: binary, items: [Buffer.from(column.name)] }],
        [4, i32, 0n],
        [5, i64, number(rows)],
        [6, i64, number(bytes)],
        [7, i64, number(bytes)],
        [9, i64, number(this.at + dictionary)],
        [11, i64, dictionary > 0 ? number(this.at) : undefined],
        [
          12,
          struct,
          record([
            [3, i64, number(rows - present)],
            [5, binary, greatest && Buffer.from(withZeros(greatest, column.type, 0))],
            [6, binary, least && Buffer.from(withZeros(least, column.type, 0x80))],
          ]),
        ],
      ]);
      chunks.push(
        record([
          [2, i64, number(this.at)],
          [3, struct, about],
        ]),
      );
      this.at += bytes;
    }
    const bytes = number(this.at - begin);
    this.groups.push(
      record([
        [1, list, { of: struct, items: chunks }],
        [2, i64, bytes],
        [3, i64, number(rows)],
        [6, i64, bytes],
      ]),
    );
    this.rows += rows;
  }

  /** The bytes behind the last pages. */
  end(): Buffer {
    const { columns } = this;
    const elements = columns.map(({ name, type }) =>
      record([
        [1, i32, number(physical[type])],
        [3, i32, 1n],
        [4, binary, Buffer.from(name)],
        [6, i32, converted[type] === undefined ? undefined : number(converted[type])],
        [10, struct, logical(type)],
      ]),
    );
    const root = record([
      [4, binary, Buffer.from('schema')],
      [5, i32, number(columns.length)],
    ]);
    const footer = writeThrift(
      record([
        [1, i32, 1n],
        [2, list, { of: struct, items: [root, ...elements] }],
        [3, i64, number(this.rows)],
        [4, list, { of: struct, items: this.groups }],
        [6, binary, Buffer.from('Bregma')],
        [7, list, { of: struct, items: columns.map(() => record([[1, struct, record([])]])) }],
      ]),
    );
    const length = Buffer.alloc(4);
    length.writeUInt32LE(footer.length);
    return Buffer.concat([footer, length, magic]);
  }
}

/** The first and the last bytes of a file. */
export const magic = Buffer.from('PAR1');

const number = (value: number) => BigInt(value);

function record(fields: [number: number, type: number, value: Thrift | undefined][]): ThriftStruct {
  const there = fields.flatMap(([at, type, value]) => (value === undefined ? [] : [[at, { type, value }] as const]));
  return { fields: new Map(there) };
}

/** What a column's numbers or bytes mean, in Parquet's union of logical types. */
function logical(type: ColumnOfFile['type']): ThriftStruct | undefined {
  const none = record([]);
  const only = (at: number, value: ThriftStruct) => record([[at, struct, value]]);
  if (type === 'VARCHAR') return only(1, none);
  if (type === 'DATE') return only(6, none);
  if (type !== 'TIME' && type !== 'TIMESTAMP' && type !== 'TIMESTAMPTZ') return undefined;
  const inUtc = type === 'TIMESTAMPTZ';
  const microseconds = record([
    [1, inUtc ? yes : no, inUtc],
    [2, struct, only(2, none)],
  ]);
  return only(type === 'TIME' ? 7 : 8, microseconds);
}

/** A bound that is a zero has the sign that lets both zeros be within it. */
function withZeros(bound: Uint8Array, type: ColumnOfFile['type'], sign: number): Uint8Array {
  const isZero = type === 'DOUBLE' && bound.subarray(0, 7).every((byte) => byte === 0) && (bound[7] & 0x7f) === 0;
  return isZero ? Uint8Array.from([0, 0, 0, 0, 0, 0, 0, sign]) : bound;
}
