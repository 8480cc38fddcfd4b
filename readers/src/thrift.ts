/**
 * A value of Thrift's compact protocol, as it is written: a struct by the numbers of its fields, so that what is not known is kept.
 * https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
 */
export type Thrift = boolean | bigint | Buffer | ThriftList | ThriftStruct;
/** Values of one type. */
export interface ThriftList {
  of: number;
  items: Thrift[];
}
/** Fields by their numbers, in the order in which they are written. */
export interface ThriftStruct {
  fields: Map<number, { type: number; value: Thrift }>;
}

const [yes, no, byte, i16, i32, i64, double, binary, list, set, struct] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12];

/** Reads the struct at the beginning of the bytes. Throws where they are no struct, or hold a map, which Parquet's footers do not. */
export const readThrift = (bytes: Buffer): ThriftStruct => thriftAt(bytes).read;

/** As `readThrift`, with how many bytes the struct takes. */
export function thriftAt(bytes: Buffer): { read: ThriftStruct; length: number } {
  let at = 0;
  const varint = () => {
    let [value, shift] = [0n, 0n];
    for (;;) {
      if (at >= bytes.length || shift > 63n) throw new Error('a footer that ends early');
      const next = bytes[at++];
      value |= BigInt(next & 0x7f) << shift;
      if (next < 0x80) return value;
      shift += 7n;
    }
  };
  const signed = () => {
    const value = varint();
    return (value >> 1n) ^ -(value & 1n);
  };
  const taken = (length: number) => {
    if (at + length > bytes.length) throw new Error('a footer that ends early');
    at += length;
    return bytes.subarray(at - length, at);
  };
  const read = (type: number): Thrift => {
    if (type === yes || type === no) return type === yes;
    if (type === byte) return BigInt(taken(1).readInt8());
    if (type === i16 || type === i32 || type === i64) return signed();
    if (type === double) return taken(8);
    if (type === binary) return taken(Number(varint()));
    if (type === list || type === set) return listOf();
    if (type === struct) return structOf();
    throw new Error(`a footer with a value of type ${type}`);
  };
  const listOf = (): ThriftList => {
    const head = taken(1)[0];
    const count = head >> 4 === 15 ? Number(varint()) : head >> 4;
    const of = head & 15;
    const items: Thrift[] = [];
    for (let i = 0; i < count; i++) items.push(of === yes || of === no ? taken(1)[0] === yes : read(of));
    return { of, items };
  };
  const structOf = (): ThriftStruct => {
    const fields: ThriftStruct['fields'] = new Map();
    for (let number = 0; ; ) {
      const head = taken(1)[0];
      if (head === 0) return { fields };
      number = head >> 4 === 0 ? Number(signed()) : number + (head >> 4);
      fields.set(number, { type: head & 15, value: read(head & 15) });
    }
  };
  const value = structOf();
  return { read: value, length: at };
}

/** A struct as bytes. */
export function writeThrift(root: ThriftStruct): Buffer {
  let out = Buffer.alloc(1 << 16);
  let length = 0;
  const room = (more: number) => {
    if (length + more > out.length) out = Buffer.concat([out], 2 * out.length + more);
  };
  const put = (value: number) => {
    room(1);
    out[length++] = value;
  };
  const putAll = (value: Buffer) => {
    room(value.length);
    length += value.copy(out, length);
  };
  const varint = (value: bigint) => {
    let rest = value;
    for (; rest > 127n; rest >>= 7n) put(Number(rest & 127n) | 128);
    put(Number(rest));
  };
  const signed = (value: bigint) => varint(BigInt.asUintN(64, (value << 1n) ^ (value >> 63n)));
  const write = (type: number, value: Thrift): void => {
    if (typeof value === 'boolean') return;
    if (typeof value === 'bigint') {
      if (type === byte) put(Number(BigInt.asUintN(8, value)));
      else signed(value);
    } else if (Buffer.isBuffer(value)) {
      if (type === binary) varint(BigInt(value.length));
      putAll(value);
    } else if ('items' in value) writeList(value);
    else writeStruct(value);
  };
  const writeList = ({ of, items }: ThriftList) => {
    put((Math.min(items.length, 15) << 4) | of);
    if (items.length >= 15) varint(BigInt(items.length));
    for (const item of items) {
      if (typeof item === 'boolean') put(item ? yes : no);
      else write(of, item);
    }
  };
  const writeStruct = ({ fields }: ThriftStruct) => {
    let before = 0;
    for (const [number, { type, value }] of fields) {
      const step = number - before;
      if (step > 0 && step < 16) put((step << 4) | type);
      else {
        put(type);
        signed(BigInt(number));
      }
      before = number;
      write(type, value);
    }
    put(0);
  };
  writeStruct(root);
  return out.subarray(0, length);
}
