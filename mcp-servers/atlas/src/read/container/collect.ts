import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import type { DataArray, Frame, Table } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import { npyHeader } from '@bregma/core/npy';
import type { Batch } from '@bregma/readers/duck-batches';
import { identifier, literal } from '@bregma/readers/sql-text';
import type { FormatKit } from '../../formats/format.ts';
import { arrayTypes } from '../hdf5/element-type.ts';
import { keepIdentifiers } from '../keep-identifiers.ts';
import {
  type AttributeValue,
  type ContainerNode,
  countOf,
  type ElementType,
  type Tree,
  type Values,
} from './container.ts';
import type { FlatColumn } from './flat.ts';

/** Bytes that are read at once, where chunks allow it. */
const slabBytes = 2 ** 24;
/** Most bytes of one array that are copied; larger ones are left out, and said. */
const largestArray = 2 ** 33;
/** What deflate packs 1,032 times at most is taken to be larger than this only in files that claim what they do not hold. */
const mostPacked = 1100;
const alwaysAllowed = 2 ** 26;
/** Arrays over the network that are larger are left out unless they are named. */
const largestSparing = 2 ** 24;

/** What is known of an array besides its numbers: its axes, first axis first, and its unit. */
export interface ArrayWords {
  axes?: string[];
  unit?: string;
  description?: string;
  /** Where its voxels lie. */
  frame?: Frame;
}

/** A table that is read part by part. */
export interface TablePlan {
  name: string;
  description?: string;
  rows: number;
  /** Rows of one part. */
  step: number;
  columns: FlatColumn[];
  batch(start: number, count: number): Promise<Batch>;
  /** In SQL, over the columns; default: as they come. */
  order?: string;
  units?: Record<string, { unit?: string; description?: string }>;
}

/** What a format finds in a container: tables and arrays that are stored, single values, and what was left out. */
export class Collect {
  readonly tree: Tree;
  readonly kit: FormatKit;
  readonly tables: Table[] = [];
  readonly arrays: DataArray[] = [];
  readonly warnings: string[] = [];
  private readonly facts: { path: string; name: string; value: string | null }[] = [];
  /** Names of tables and of arrays, which may be the same. */
  private readonly names = { table: new Set<string>(), array: new Set<string>() };
  private readonly leaveOut: string[];
  private readonly leftOut: string[] = [];
  private readonly take: string[];

  constructor(tree: Tree, kit: FormatKit, options: Record<string, unknown>) {
    this.tree = tree;
    this.kit = kit;
    const given = options.leave_out ?? [];
    if (!Array.isArray(given) || !given.every((one) => typeof one === 'string'))
      throw new BregmaError('bad-input', `options.leave_out is ${JSON.stringify(given)?.slice(0, 100)}.`, {
        next: 'Give a list of paths inside the file, as ["/acquisition/raw"].',
      });
    this.leaveOut = given.map((one) => `/${one.replace(/^\/+|\/+$/g, '')}`);
    this.take = Array.isArray(options.take)
      ? options.take.map((one) => `/${String(one).replace(/^\/+|\/+$/g, '')}`)
      : [];
  }

  /** Whether a person wants a node left out. */
  isLeftOut(path: string): boolean {
    const left = this.leaveOut.some((one) => path === one || path.startsWith(`${one}/`));
    if (left) this.leftOut.push(path);
    return left;
  }

  /** A name in SQL that no other table, or array, has. */
  name(wished: string, part: 'table' | 'array'): string {
    const names = this.names[part];
    const plain =
      wished
        .replace(/[^A-Za-z0-9_]+/g, '_')
        .replace(/^_+(?=.)/, '')
        .replace(/^(\d)/, '_$1')
        .slice(0, 80) || 'data';
    let free = plain;
    for (let i = 2; names.has(free.toLowerCase()); i++) free = `${plain}_${i}`;
    names.add(free.toLowerCase());
    return free;
  }

  fact(path: string, name: string, value: AttributeValue): void {
    const text =
      value === null || typeof value === 'string'
        ? value
        : typeof value === 'object'
          ? JSON.stringify(value)
          : String(value);
    this.facts.push({ path, name, value: text });
  }

  /** Whether the table `about` will have a row. */
  hasFacts(): boolean {
    return this.facts.length > 0;
  }

  /** Why an array cannot be copied, or undefined. */
  private refusal(node: ContainerNode, bytes: number, isCopied = true): string | undefined {
    const isNamed = this.take.some((one) => node.path === one || node.path.startsWith(`${one}/`));
    if (this.kit.isSparing && bytes > largestSparing && !isNamed)
      return `${node.path} has ${bytes} bytes, which were not read over the network. Option: take: [${JSON.stringify(node.path)}].`;
    if (isCopied && !(bytes <= largestArray))
      return `${node.path} has ${bytes} bytes, ${largestArray} of one array are copied: it was left out.`;
    if (bytes > Math.max(alwaysAllowed, mostPacked * this.tree.container.bytes))
      return `${node.path} claims ${bytes} bytes, which the file cannot hold even packed: it was left out.`;
    return undefined;
  }

  /**
   * Whether an array is more than can be copied, or claims more than the file can hold; then it is left out, and said. isCopied: not where
   * it is only looked through.
   */
  isTooLarge(node: ContainerNode, isCopied = true): boolean {
    const refused = this.refusal(node, countOf(node.shape ?? []) * widthOf(node.type), isCopied);
    if (refused) this.warnings.push(refused);
    return refused !== undefined;
  }

  /** Stores an array of numbers as it is, part by part. Says why where it cannot. Returns its name. */
  async array(
    node: ContainerNode,
    wished: string,
    { axes, unit, description, frame }: ArrayWords = {},
  ): Promise<string | undefined> {
    const { type, shape } = node;
    const [scalar, inner] = numberType(type);
    if (!shape || scalar === undefined) {
      this.warnings.push(`${node.path} holds ${whyUnread(type)}: it was left out.`);
      return undefined;
    }
    const full = [...shape, ...inner];
    const bytes = countOf(full) * arrayTypes[scalar].BYTES_PER_ELEMENT;
    const refused = this.refusal(node, bytes);
    if (refused) {
      this.warnings.push(refused);
      return undefined;
    }
    const name = this.name(wished, 'array');
    const object = await this.writeArray(node, scalar, full);
    const named = axes?.length === full.length ? axes : full.map((_, i) => axes?.[i] ?? `axis${i}`);
    this.arrays.push({ name, object, dtype: scalar, shape: full, axes: named, unit, description, frame });
    return name;
  }

  private async writeArray(node: ContainerNode, scalar: keyof typeof arrayTypes, shape: number[]): Promise<string> {
    const { objects } = this.kit;
    const file = objects.temporaryPath();
    const handle = openSync(file, 'wx');
    try {
      writeAll(handle, npyHeader(scalar, shape));
      for await (const { values } of this.parts(node)) {
        const data = numbersOf(values);
        writeAll(handle, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
      }
    } catch (error) {
      closeSync(handle);
      rmSync(file, { force: true });
      throw error;
    }
    closeSync(handle);
    return objects.adopt(file, 'application/x-npy').object;
  }

  /** The values of an array in parts along its first axis. */
  async *parts(node: ContainerNode): AsyncGenerator<{ start: number; count: number; values: Values }> {
    const shape = node.shape ?? [];
    const { container } = this.tree;
    if (shape.length === 0) return yield { start: 0, count: 1, values: await container.read(node.path) };
    if (countOf(shape) === 0) return;
    const step = stepOf(node);
    for (let start = 0; start < shape[0]; start += step) {
      const count = Math.min(step, shape[0] - start);
      this.kit.progress(start, shape[0], node.path);
      yield { start, count, values: await container.read(node.path, start, count) };
    }
  }

  /** Stores a table that is read part by part. Returns its name. */
  async table(plan: TablePlan): Promise<string> {
    const { duck } = this.kit;
    const columns = uniqueColumns(plan.columns);
    async function* batches(): AsyncGenerator<Batch> {
      for (let start = 0; start < plan.rows; start += plan.step)
        yield await plan.batch(start, Math.min(plan.step, plan.rows - start));
    }
    await duck.load('incoming', Object.fromEntries(columns.map(({ name, type }) => [name, type])), batches());
    for (const column of columns) await this.checkCodes(plan.name, column);
    const { query, warnings } = await keepIdentifiers('incoming', duck);
    const casts = columns.filter(({ cast, words }) => cast ?? words).map(storedAs);
    const name = this.name(plan.name, 'table');
    const cast = casts.length > 0 ? `SELECT * REPLACE (${casts.join(', ')}) FROM (${query})` : query;
    const { description, order, units } = plan;
    const table = await duck.table(order ? `${cast} ORDER BY ${order}` : cast, { name, description, columns: units });
    await duck.run('DROP TABLE incoming');
    this.tables.push(table);
    this.warnings.push(...warnings.map((one) => `${name}: ${one}`));
    return name;
  }

  /** Throws `corrupt` where whole numbers of a column that has words stand for none of them, and are not −1, which is missing. */
  private async checkCodes(table: string, { name, words }: FlatColumn): Promise<void> {
    if (!words) return;
    const code = `${identifier(name)}::BIGINT`;
    const [{ count, one }] = await this.kit.duck.rows(
      `SELECT count(*)::DOUBLE AS count, any_value(${code})::VARCHAR AS one FROM incoming WHERE ${code} < -1 OR ${code} >= ${words.length}`,
    );
    if (Number(count) > 0)
      throw new BregmaError(
        'corrupt',
        `Column ${name} of ${table} has ${count} codes that stand for none of its ${words.length} words, as ${one}: the file is damaged.`,
        { next: 'Write it again.' },
      );
  }

  /** Everything that was found, with the single values as the table `about`. */
  async finish() {
    if (this.facts.length > 0) {
      const facts = this.facts;
      await this.table({
        name: 'about',
        description:
          'Single values and attributes of the file: path in it, name of the attribute (empty: the value itself), value.',
        rows: facts.length,
        step: facts.length,
        columns: ['path', 'name', 'value'].map((name) => ({ name, type: 'VARCHAR' })),
        batch: async () => [
          facts.map(({ path }) => path),
          facts.map(({ name }) => name),
          facts.map(({ value }) => value),
        ],
      });
    }
    if (this.leftOut.length > 0) this.warnings.push(`Left out as asked for: ${this.leftOut.slice(0, 20).join(', ')}.`);
    const { tables, arrays, warnings } = this;
    return { tables, arrays, warnings: [...new Set([...warnings, ...(this.tree.container.notes?.() ?? [])])] };
  }
}

/** Rows along the first axis that are read at once: whole chunks, so that none is unpacked twice. */
export function stepOf({ shape, type, chunkRows = 0 }: ContainerNode): number {
  const row = Math.max(1, countOf((shape ?? []).slice(1)) * widthOf(type));
  const rows = Math.max(1, Math.floor(slabBytes / row));
  if (chunkRows <= 1) return rows;
  return chunkRows * row > slabBytes * 8 ? rows : Math.max(1, Math.floor(rows / chunkRows)) * chunkRows;
}

function widthOf(type: ElementType | undefined): number {
  switch (type?.kind) {
    case 'fields':
      return type.fields.reduce((sum, field) => sum + widthOf(field.type), 0);
    case 'fixed':
      return countOf(type.shape) * widthOf(type.of);
    case 'list':
      return 256;
    case 'scalar':
    case 'enum':
      return type.scalar === 'text' || type.scalar === 'reference' ? 64 : arrayTypes[type.scalar].BYTES_PER_ELEMENT;
    default:
      return 8;
  }
}

/** The scalar of an array of numbers, and the shape of its elements. */
function numberType(type: ElementType | undefined): [keyof typeof arrayTypes | undefined, number[]] {
  if (type?.kind === 'fixed') {
    const [scalar, inner] = numberType(type.of);
    return [scalar, [...type.shape, ...inner]];
  }
  if ((type?.kind === 'scalar' || type?.kind === 'enum') && type.scalar !== 'text' && type.scalar !== 'reference')
    return [type.scalar, []];
  return [undefined, []];
}

/** Why an array of this type is left out, in words. */
export function whyUnread(type: ElementType | undefined): string {
  if (type?.kind === 'unread') return type.why;
  return type?.kind === 'list' ? 'lists of different lengths' : type?.kind === 'fields' ? 'records' : 'text';
}

/** The numbers of values that are numbers, or arrays of them. */
export function numbersOf(values: Values) {
  if (values.kind === 'fixed') return numbersOf(values.of);
  if (values.kind !== 'numbers')
    throw new BregmaError('corrupt', 'The file has other values where numbers belong.', { next: 'Write it again.' });
  return values.data;
}

/** A column as SQL that makes of it what is stored. */
function storedAs({ name, cast, words }: FlatColumn): string {
  const column = identifier(name);
  if (words) {
    const word = `([${words.map(literal).join(', ')}]::VARCHAR[])[${column}::BIGINT + 1]`;
    return `${cast ? `${word}::${cast}` : word} AS ${column}`;
  }
  return `${column}::${cast} AS ${column}`;
}

/** SQL does not tell capitals: a name that another column has gets a number. */
function uniqueColumns(columns: FlatColumn[]): FlatColumn[] {
  const used = new Set<string>();
  return columns.map((column) => {
    const plain = column.name.replaceAll('\0', '\ufffd') || 'value'; // no name in SQL has a NUL
    let name = plain;
    for (let i = 2; used.has(name.toLowerCase()); i++) name = `${plain}_${i}`;
    used.add(name.toLowerCase());
    return { ...column, name };
  });
}

function writeAll(handle: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.byteLength; ) at += writeSync(handle, bytes, at);
}
