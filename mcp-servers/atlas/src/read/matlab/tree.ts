import type { ExactArray } from '@bregma/core/contracts/dtypes';
import { below, type ContainerNode, type ElementType, type Values } from '../container/container.ts';
import { arrayTypes } from '../hdf5/element-type.ts';
import { type Column, columnOf, type Item } from './columns.ts';
import { countOfDims, isVector, type MatScalar, type MatValue } from './value.ts';

/** Most nodes that one file becomes. */
const mostNodes = 50_000;
/** Arrays that cannot be read row by row cheaply are read in parts of this many bytes. */
const partBytes = 2 ** 27;

type Read = (start: number, count: number) => Promise<Values>;
type Of<Kind extends MatValue['kind']> = Extract<MatValue, { kind: Kind }>;

/**
 * Variables of MATLAB as a tree of arrays. A vector is a list; a matrix has its axes as MATLAB shows them. A struct is a group of its
 * fields; an array of structs a group of columns, one row an element. A cell array is a column of texts, numbers or lists where all of it
 * is of one kind, a group of columns where each of its columns is, else a group of its cells by their places from 0.
 */
export class MatTree {
  readonly nodes: ContainerNode[] = [{ path: '/', kind: 'group', attributes: {} }];
  /** What is to be said of it. */
  readonly notes: string[] = [];
  private readonly paths = new Set(['/']);
  private readonly reads = new Map<string, Read>();

  constructor(variables: Map<string, MatValue>) {
    for (const [name, value] of variables) this.add(below('/', name), value);
  }

  read(path: string, start = 0, count = Number.MAX_SAFE_INTEGER): Promise<Values> {
    const read = this.reads.get(path);
    if (!read) throw new Error(`There is no array ${path}.`);
    return read(start, count);
  }

  private add(path: string, value: MatValue): void {
    if (value.kind === 'numbers') this.addNumbers(path, value);
    else if (value.kind === 'text') this.addText(path, value);
    else if (value.kind === 'sparse') this.addSparse(path, value);
    else if (value.kind === 'cells') this.addCells(path, value);
    else if (value.kind === 'structs') this.addStructs(path, value.fields, value.items, value.dims);
    else this.put({ path, kind: 'broken', attributes: {}, target: `it ${value.why}` });
  }

  private put(node: ContainerNode, read?: Read): void {
    if (this.nodes.length === mostNodes)
      this.notes.push(`It has more than ${mostNodes} parts: those from ${node.path.slice(0, 200)} on were left out.`);
    if (this.nodes.length >= mostNodes) return;
    // Files exist in which two fields have one name.
    let path = node.path;
    for (let i = 2; this.paths.has(path); i++) path = `${node.path}_${i}`;
    this.paths.add(path);
    this.nodes.push({ ...node, path });
    if (read) this.reads.set(path, read);
  }

  private array(path: string, shape: number[], type: ElementType, read: Read, chunkRows = 0): void {
    this.put({ path, kind: 'array', attributes: {}, shape, type, chunkRows }, read);
  }

  /** What is empty, as a fact. */
  private nothing(path: string): void {
    this.put({ path, kind: 'array', attributes: {}, shape: null });
  }

  private addNumbers(path: string, value: Of<'numbers'>): void {
    const { dims, scalar, parts, rows } = value;
    const count = countOfDims(dims);
    if (parts.length > 1) this.notes.push(`${path} is complex: ${path}_real and ${path}_imag are its parts.`);
    const type: ElementType = { kind: 'scalar', scalar };
    for (const part of parts) {
      const own = parts.length > 1 ? `${path}_${part}` : path;
      if (count === 0)
        this.array(own, isVector(dims) && dims.length === 2 && dims.some((n) => n === 1) ? [0] : dims, type, async () =>
          numbers(scalar, new arrayTypes[scalar](0)),
        );
      else if (isVector(dims)) {
        const isColumn = dims[0] === count;
        const all = async () => rows(0, dims[0], part);
        this.array(own, count === 1 ? [] : [count], type, async (start, some) => {
          const wanted = Math.min(some, count - start);
          return numbers(
            scalar,
            isColumn ? await rows(start, wanted, part) : (await all()).slice(start, start + wanted),
          );
        });
      } else {
        const row = (count / dims[0]) * arrayTypes[scalar].BYTES_PER_ELEMENT;
        const chunkRows = Math.min(dims[0], Math.max(1, Math.floor(partBytes / row)));
        this.array(
          own,
          dims,
          type,
          async (start, some) => numbers(scalar, await rows(start, Math.min(some, dims[0] - start), part)),
          chunkRows,
        );
      }
    }
  }

  private addText(path: string, { dims, rows }: Of<'text'>): void {
    const type: ElementType = { kind: 'scalar', scalar: 'text' };
    const [height] = dims;
    const shape = height === 1 || countOfDims(dims) === 0 ? [] : [height];
    this.array(path, shape, type, async (start, count) => {
      const all = await rows();
      return { kind: 'texts', data: shape.length === 0 ? [all[0] ?? ''] : all.slice(start, start + count) };
    });
  }

  private addSparse(path: string, { dims, scalar, parts, count, entries }: Of<'sparse'>): void {
    let known: ReturnType<typeof entries> | undefined;
    const isComplex = parts.length > 1;
    const columns: [string, MatScalar, (of: Awaited<ReturnType<typeof entries>>) => ExactArray | undefined][] = [
      ['row', 'i4', ({ row }) => row],
      ['column', 'i4', ({ column }) => column],
      [isComplex ? 'value_real' : 'value', scalar, ({ real }) => real],
    ];
    if (isComplex) columns.push(['value_imag', scalar, ({ imag }) => imag]);
    const size = `${dims.join(' × ')}; rows and columns from 0; what has no entry is 0`;
    this.put({ path, kind: 'group', attributes: { sparse: size } });
    for (const [name, type, of] of columns)
      this.array(below(path, name), [count], { kind: 'scalar', scalar: type }, async (start, some) => {
        known ??= entries();
        return numbers(type, (of(await known) ?? new Float64Array(0)).slice(start, start + some));
      });
  }

  private addCells(path: string, { dims, items }: Of<'cells'>): void {
    const whole = columnOf(items);
    const columns = dims.length === 2 && dims[0] > 1 ? columnsOf(items, dims) : undefined;
    if (items.length === 0) this.nothing(path);
    else if (whole && (isVector(dims) || whole.type.kind === 'list'))
      this.addColumn(path, whole, isVector(dims) ? [items.length] : dims);
    else {
      this.put({ path, kind: 'group', attributes: {} });
      if (columns)
        for (const [i, column] of columns.entries()) this.addColumn(below(path, `column${i}`), column, [dims[0]]);
      else for (const [i, item] of items.entries()) this.add(below(path, placeName(i, dims)), item);
    }
  }

  private addColumn(path: string, { type, read }: Column, shape: number[]): void {
    const inner = countOfDims(shape.slice(1));
    this.array(path, shape, type, (start, count) => read(start * inner, Math.min(count, shape[0] - start) * inner));
  }

  /** A struct, or an array of them: its fields, element by element. Undefined: this element has no such struct. */
  private addStructs(path: string, fields: string[], items: (Item[] | undefined)[], dims: number[]): void {
    this.put({ path, kind: 'group', attributes: {} });
    if (items.length === 0) return;
    for (const [i, field] of fields.entries()) {
      const values = items.map((item) => item?.[i]);
      const own = below(path, field.replaceAll('/', '_'));
      const [only] = values;
      if (items.length === 1) {
        if (only) this.add(own, only);
        continue;
      }
      const column = columnOf(values);
      const inner = column ? undefined : sameStructs(values);
      if (column) this.addColumn(own, column, [items.length]);
      else if (inner)
        this.addStructs(
          own,
          inner,
          values.map((value) => (value?.kind === 'structs' ? value.items[0] : undefined)),
          dims,
        );
      else for (const [k, value] of values.entries()) if (value) this.add(`${own}/${placeName(k, dims)}`, value);
    }
  }
}

const numbers = (scalar: MatScalar, data: ExactArray): Values => ({ kind: 'numbers', scalar, data });

/** The place of an element in the order of C, counted from 0: 3, or 1_2 in a matrix. */
function placeName(i: number, dims: number[]): string {
  if (isVector(dims)) return String(i);
  const places = dims.map((size, axis) => Math.floor(i / countOfDims(dims.slice(axis + 1))) % size);
  return places.join('_');
}

/** The columns of a matrix of cells, when each of them is of one kind and none holds lists. */
function columnsOf(items: Item[], [height, width]: number[]): Column[] | undefined {
  const columns = Array.from({ length: width }, (_, k) =>
    columnOf(Array.from({ length: height }, (_item, i) => items[i * width + k])),
  );
  const found = columns.flatMap((column) => (column === undefined || column.type.kind === 'list' ? [] : [column]));
  return found.length === columns.length ? found : undefined;
}

/** The fields that all of these single structs have. */
function sameStructs(values: Item[]): string[] | undefined {
  const [first] = values.filter((value) => value !== undefined);
  if (first?.kind !== 'structs') return undefined;
  const isSame = (value: Item) =>
    value?.kind === 'structs' && value.items.length === 1 && value.fields.join('\0') === first.fields.join('\0');
  const isNone = (value: Item) => value === undefined || (value.kind === 'numbers' && countOfDims(value.dims) === 0);
  return values.every((value) => isNone(value) || isSame(value)) ? first.fields : undefined;
}
