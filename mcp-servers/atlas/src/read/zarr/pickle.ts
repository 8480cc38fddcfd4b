import { Damaged } from '../packed/lz4.ts';

/** What a pickle names but is not called here: a class or function, made with arguments and given a state. */
export interface Made {
  global: string;
  args: unknown;
  state?: unknown;
  items: Map<unknown, unknown>;
}

/** Whether a value of a pickle is of a class or made by a function. */
export const isMade = (value: unknown): value is Made =>
  typeof value === 'object' && value !== null && 'global' in value;

/**
 * The elements of an array of objects that NumPy pickled (numcodecs' Pickle): texts, numbers, lists, and references as objects. It is
 * read as data: nothing that it names is looked up, and nothing runs. Throws `Damaged` for what no such array needs.
 */
export function unpickleArray(bytes: Uint8Array): unknown[] {
  const made = unpickle(bytes);
  if (!isMade(made) || !/multiarray:_reconstruct$/.test(made.global) || !Array.isArray(made.state))
    throw new Damaged('is a pickle of something else than an array of objects');
  const [, shape, , isFortran, data] = made.state;
  if (!Array.isArray(data) || (isFortran === true && Array.isArray(shape) && shape.length > 1))
    throw new Damaged('is a pickle of an array that is not read');
  return data.map(plain);
}

/** What a pickle holds, as data: lists, maps, `Made`, texts, numbers; bytes stay bytes. Throws `Damaged`. */
export const unpickle = (bytes: Uint8Array): unknown => new Unpickler(bytes).load();

/** References are dictionaries of a class of their own. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Uint8Array) return utf8.decode(value);
  const items = value instanceof Map ? value : isMade(value) ? value.items : undefined;
  return items ? Object.fromEntries([...items].map(([name, one]) => [String(name), plain(one)])) : value;
}

const mark = Symbol('mark');
const utf8 = new TextDecoder();

class Unpickler {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly stack: unknown[] = [];
  private readonly memo = new Map<number, unknown>();
  private at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  load(): unknown {
    for (;;) {
      const code = this.u1();
      if (code === 0x2e) return this.pop(); // STOP
      this.step(code);
    }
  }

  /** One operation of protocol 2 to 5 (CPython, pickletools.py). */
  private step(code: number): void {
    const { stack } = this;
    switch (code) {
      case 0x80: // PROTO
        this.take(1);
        return;
      case 0x95: // FRAME
        this.take(8);
        return;
      case 0x28: // MARK
        stack.push(mark);
        return;
      case 0x4e: // NONE
        stack.push(null);
        return;
      case 0x88: // NEWTRUE
      case 0x89: // NEWFALSE
        stack.push(code === 0x88);
        return;
      case 0x4b: // BININT1
        stack.push(this.u1());
        return;
      case 0x4d: // BININT2
        stack.push(this.number(2, (at) => this.view.getUint16(at, true)));
        return;
      case 0x4a: // BININT
        stack.push(this.number(4, (at) => this.view.getInt32(at, true)));
        return;
      case 0x8a: // LONG1
        stack.push(this.long(this.u1()));
        return;
      case 0x47: // BINFLOAT
        stack.push(this.number(8, (at) => this.view.getFloat64(at, false)));
        return;
      case 0x8c: // SHORT_BINUNICODE
      case 0x58: // BINUNICODE
      case 0x8d: // BINUNICODE8
        stack.push(utf8.decode(this.take(this.length(code))));
        return;
      case 0x43: // SHORT_BINBYTES
      case 0x42: // BINBYTES
      case 0x8e: // BINBYTES8
        stack.push(this.take(this.length(code)));
        return;
      default:
        this.build(code);
    }
  }

  private length(code: number): number {
    if (code === 0x8c || code === 0x43) return this.u1();
    if (code === 0x58 || code === 0x42) return this.u4();
    return Number(this.number(8, (at) => this.view.getBigUint64(at, true)));
  }

  private build(code: number): void {
    const { stack, memo } = this;
    switch (code) {
      case 0x5d: // EMPTY_LIST
      case 0x29: // EMPTY_TUPLE
        stack.push([]);
        return;
      case 0x7d: // EMPTY_DICT
        stack.push(new Map());
        return;
      case 0x74: // TUPLE
        stack.push(this.untilMark());
        return;
      case 0x85: // TUPLE1
      case 0x86: // TUPLE2
      case 0x87: // TUPLE3
        stack.push(stack.splice(stack.length - (code - 0x84)));
        return;
      case 0x61: // APPEND
        this.append([this.pop()]);
        return;
      case 0x65: // APPENDS
        this.append(this.untilMark());
        return;
      case 0x73: // SETITEM
        this.setItems(stack.splice(stack.length - 2));
        return;
      case 0x75: // SETITEMS
        this.setItems(this.untilMark());
        return;
      case 0x94: // MEMOIZE
        memo.set(memo.size, stack.at(-1));
        return;
      case 0x71: // BINPUT
        memo.set(this.u1(), stack.at(-1));
        return;
      case 0x72: // LONG_BINPUT
        memo.set(this.u4(), stack.at(-1));
        return;
      case 0x68: // BINGET
        stack.push(memo.get(this.u1()));
        return;
      case 0x6a: // LONG_BINGET
        stack.push(memo.get(this.u4()));
        return;
      default:
        this.name(code);
    }
  }

  private name(code: number): void {
    const { stack } = this;
    switch (code) {
      case 0x63: // GLOBAL
        stack.push(`${this.line()}:${this.line()}`);
        return;
      case 0x93: {
        // STACK_GLOBAL
        const [module, name] = stack.splice(stack.length - 2);
        stack.push(`${module}:${name}`);
        return;
      }
      case 0x52: // REDUCE
      case 0x81: {
        // NEWOBJ
        const args = this.pop();
        const global = String(this.pop());
        stack.push({ global, args, items: new Map() } satisfies Made);
        return;
      }
      case 0x62: {
        // BUILD
        const state = this.pop();
        const top = stack.at(-1);
        if (isMade(top)) top.state = state;
        return;
      }
      default:
        throw new Damaged(`is a pickle with the operation ${code}, which no array of texts needs`);
    }
  }

  private append(values: unknown[]): void {
    const list = this.stack.at(-1);
    if (!Array.isArray(list)) throw new Damaged('is a pickle that is damaged');
    for (const value of values) list.push(value);
  }

  private setItems(pairs: unknown[]): void {
    const top = this.stack.at(-1);
    const items = top instanceof Map ? top : isMade(top) ? top.items : undefined;
    if (!items) throw new Damaged('is a pickle that is damaged');
    for (let i = 0; i + 1 < pairs.length; i += 2) items.set(pairs[i], pairs[i + 1]);
  }

  private untilMark(): unknown[] {
    const at = this.stack.lastIndexOf(mark);
    if (at < 0) throw new Damaged('is a pickle that is damaged');
    return this.stack.splice(at).slice(1);
  }

  private pop(): unknown {
    if (this.stack.length === 0) throw new Damaged('is a pickle that is damaged');
    return this.stack.pop();
  }

  private take(length: number): Uint8Array {
    if (!(this.at + length <= this.bytes.length)) throw new Damaged('is a pickle that ends early');
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  private number<Kind>(length: number, read: (at: number) => Kind): Kind {
    this.take(length);
    return read(this.at - length);
  }

  private readonly u1 = () => this.take(1)[0];
  private readonly u4 = () => this.number(4, (at) => this.view.getUint32(at, true));

  /** A whole number of any length, little-endian, in two's complement; beyond 2⁵³ it is text. */
  private long(length: number): number | string {
    let value = 0n;
    const bytes = this.take(length);
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]);
    const signed = BigInt.asIntN(Math.max(1, length * 8), value);
    return Number.isSafeInteger(Number(signed)) ? Number(signed) : String(signed);
  }

  private line(): string {
    const end = this.bytes.indexOf(10, this.at);
    if (end < 0) throw new Damaged('is a pickle that ends early');
    const text = utf8.decode(this.take(end - this.at));
    this.take(1);
    return text;
  }
}
