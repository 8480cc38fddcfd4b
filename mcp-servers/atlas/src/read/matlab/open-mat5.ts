import type { OpenedFile } from '../regular-file.ts';
import { DamagedMat, fileBytes, type MatBytes, type Spool } from './bytes.ts';
import { dataTypes, type Element, elementAt, smallNumbers } from './elements.ts';
import { charsOf, numbersOf, sparseOf } from './mat5-arrays.ts';
import { countOfDims, type MatScalar, type MatValue, placesInC, refusedClass } from './value.ts';

/** Array classes (table 1-3). */
const classes = { cell: 1, struct: 2, object: 3, char: 4, sparse: 5, function: 16, opaque: 17, handle: 18 };
const numeric: Record<number, MatScalar> = {
  6: 'f8',
  7: 'f4',
  8: 'i1',
  9: 'u1',
  10: 'i2',
  11: 'u2',
  12: 'i4',
  13: 'u4',
  14: 'i8',
  15: 'u8',
};

const headBytes = 128;
/** Most values inside of values, levels of them, axes of one, and letters of a name. */
const mostValues = 500_000;
const mostLevels = 60;
const mostAxes = 64;
const longestName = 4096;

/** The variables of a file of level 5 (versions 5 to 7.2), by name. Throws `DamagedMat`. */
export async function variablesOfMat5(
  file: OpenedFile,
  spool: Spool,
  signal: AbortSignal,
): Promise<Map<string, MatValue>> {
  const bytes = fileBytes(file);
  const head = bytes.read(0, headBytes);
  const isBig = head.toString('latin1', 126, 128) === 'MI';
  const subsystem = Number(isBig ? head.readBigUInt64BE(116) : head.readBigUInt64LE(116));
  const parser = new Mat5Parser(isBig);
  const found = new Map<string, MatValue>();
  for (let at = headBytes; at + 8 <= bytes.size; ) {
    const outer = elementAt(bytes, at, isBig);
    const isSubsystem = at === subsystem;
    at = outer.next;
    // What objects keep of themselves lies in a variable without a name.
    if (isSubsystem) continue;
    if (outer.type !== dataTypes.compressed && outer.type !== dataTypes.matrix)
      throw new DamagedMat(`an element of the type ${outer.type} stands where a variable belongs`);
    const inner =
      outer.type === dataTypes.compressed
        ? elementAt(await spool.inflate(file, outer.at, outer.size, signal), 0, isBig)
        : outer;
    const { name, value } = parser.array(inner, 0);
    if (name !== '') found.set(name, value);
  }
  return found;
}

class Mat5Parser {
  private readonly isBig: boolean;
  private values = 0;

  constructor(isBig: boolean) {
    this.isBig = isBig;
  }

  /** An array with its name; what lies in it is parsed, its numbers are left where they are. */
  array(element: Element, level: number): { name: string; value: MatValue } {
    if (element.type !== dataTypes.matrix) throw new DamagedMat(`an array has the type ${element.type}`);
    if (level > mostLevels) throw new DamagedMat(`it has more than ${mostLevels} levels of cells and structs`);
    if (++this.values > mostValues) throw new DamagedMat(`it has more than ${mostValues} cells and fields`);
    // An empty element is an empty array.
    if (element.size === 0) return { name: '', value: empty };
    const reader = new Inside(element, this.isBig);
    const flags = reader.next();
    const [word = 0] = smallNumbers(flags, this.isBig, 4);
    const code = word & 0xff;
    if (code === classes.opaque) return this.opaque(reader);
    const dims = smallNumbers(reader.next(), this.isBig, mostAxes);
    if (dims.length < 2 || !dims.every((size) => size >= 0) || !Number.isSafeInteger(countOfDims(dims)))
      throw new DamagedMat(`an array claims the size [${dims}]`);
    const name = nameIn(reader.next());
    return { name, value: this.content(reader, code, word, dims, level) };
  }

  private content(reader: Inside, code: number, word: number, dims: number[], level: number): MatValue {
    const { isBig } = this;
    const isLogical = (word & 0x200) !== 0;
    const isComplex = (word & 0x800) !== 0;
    if (Object.hasOwn(numeric, code)) {
      const scalar = isLogical ? 'b1' : numeric[code];
      const real = reader.next();
      return numbersOf({ dims, scalar, isBig, real, imag: isComplex ? reader.next() : undefined });
    }
    switch (code) {
      case classes.char:
        return charsOf(dims, reader.next(), isBig);
      case classes.sparse: {
        const [ir, jc, real] = [reader.next(), reader.next(), reader.next()];
        return sparseOf({ dims, isBig, ir, jc, real, imag: isComplex ? reader.next() : undefined, isLogical });
      }
      case classes.cell:
        return { kind: 'cells', dims, items: inC(dims, this.items(reader, countOfDims(dims), level)) };
      case classes.struct:
        return this.struct(reader, dims, level);
      case classes.object:
        return refusedClass(nameIn(reader.next()));
      case classes.function:
      case classes.handle:
        return { kind: 'refused', why: 'is a function handle' };
      default:
        return { kind: 'refused', why: `is of a class of MATLAB that is not known (${code})` };
    }
  }

  private items(reader: Inside, count: number, level: number): MatValue[] {
    // Every item takes a tag at least.
    if (count * 8 > reader.left()) throw new DamagedMat(`it claims ${count} cells or fields, which it has no room for`);
    return Array.from({ length: count }, () => this.array(reader.next(), level + 1).value);
  }

  private struct(reader: Inside, dims: number[], level: number): MatValue {
    const [width = 0] = smallNumbers(reader.next(), this.isBig, 1);
    const names = reader.next();
    if (width < 1 || width > longestName) throw new DamagedMat(`a struct has names of ${width} letters`);
    const all = names.bytes.read(names.at, names.size);
    const fields = Array.from({ length: Math.floor(names.size / width) }, (_, i) =>
      untilZero(all.subarray(i * width, (i + 1) * width)),
    );
    const flat = this.items(reader, countOfDims(dims) * fields.length, level);
    const items = Array.from({ length: countOfDims(dims) }, (_, i) =>
      flat.slice(i * fields.length, (i + 1) * fields.length),
    );
    return { kind: 'structs', dims, fields, items: inC(dims, items) };
  }

  /** An object of a class of MATLAB's own: its name, the system of its class, its class. */
  private opaque(reader: Inside): { name: string; value: MatValue } {
    const name = nameIn(reader.next());
    const system = nameIn(reader.next());
    const of = nameIn(reader.next());
    const isFunction = system === 'MCOS' && of === 'function_handle';
    return { name, value: isFunction ? { kind: 'refused', why: 'is a function handle' } : refusedClass(of) };
  }
}

/** Elements inside of an element, one after the other. */
class Inside {
  private readonly bytes: MatBytes;
  private readonly end: number;
  private readonly isBig: boolean;
  private at: number;

  constructor({ bytes, at, size }: Element, isBig: boolean) {
    this.bytes = bytes;
    this.at = at;
    this.end = at + size;
    this.isBig = isBig;
  }

  left(): number {
    return this.end - this.at;
  }

  next(): Element {
    if (this.left() < 8) throw new DamagedMat('an array ends early');
    const element = elementAt(this.bytes, this.at, this.isBig);
    if (element.at + element.size > this.end) throw new DamagedMat('an array is longer than what it lies in');
    this.at = element.next;
    return element;
  }
}

const empty: MatValue = {
  kind: 'numbers',
  dims: [0, 0],
  scalar: 'f8',
  parts: ['real'],
  rows: async () => new Float64Array(0),
};

function inC<Item>(dims: number[], items: Item[]): Item[] {
  return dims.filter((size) => size !== 1).length < 2 ? items : placesInC(dims).map((place) => items[place]);
}

const utf8 = new TextDecoder();
const untilZero = (bytes: Buffer) => utf8.decode(bytes.subarray(0, bytes.includes(0) ? bytes.indexOf(0) : undefined));

function nameIn({ bytes, at, size }: Element): string {
  if (size > longestName) throw new DamagedMat(`a name has ${size} letters`);
  return untilZero(bytes.read(at, size));
}
