import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { type Metadata, ready } from 'h5wasm';
import { type AttributeValue, type ContainerNode, eachOf, type Values } from '../container/container.ts';
import type { HoleFiller } from '../sparse-file.ts';
import { decode, type Memory } from './decode.ts';
import { elementType } from './element-type.ts';
import { filters } from './filters.gen.ts';

type H5Module = Awaited<typeof ready>;

/** Most nodes that a file may have, and most levels of groups. */
const mostNodes = 200_000;
const mostLevels = 100;
/** Attributes beyond this are named and not read. */
const largestAttribute = 2 ** 20;
/** One chunk is unpacked as a whole. */
const largestChunk = 2 ** 29;
/** What one `read` may take; callers ask for less. */
const largestRead = 2 ** 29;
/** HDF5 in WebAssembly may take up to 4 GB; a hostile file gets a quarter of it. */
const mostMemory = 2 ** 30;

const pluginFolder = '/plugins';

const pageBytes = 65_536;
const growMemory = WebAssembly.Memory.prototype.grow;
WebAssembly.Memory.prototype.grow = function grow(pages: number) {
  if (this.buffer.byteLength + pages * pageBytes > mostMemory) throw new RangeError('the memory for HDF5 is used up');
  return growMemory.call(this, pages);
};

/** A node in Emscripten's file system. Its types do not tell of these parts, which `createLazyFile` replaces too. */
interface FileNode {
  stream_ops: Record<string, unknown>;
}

/**
 * One HDF5 file, opened for reading. The library sees a file system of its own in which there is nothing but this file: external
 * links, external storage and virtual data sets lead nowhere. Bytes are read where they are needed.
 */
export class Hdf5Library {
  private readonly module: H5Module;
  private readonly file: bigint;
  private readonly handle: number;
  /** Filters that lie in `pluginFolder`. */
  private readonly filters = new Set<number>();
  /** Bytes that were read from the disk. */
  bytesRead = 0;

  private readonly filler?: HoleFiller;

  private constructor(module: H5Module, handle: number, filler?: HoleFiller) {
    this.module = module;
    this.filler = filler;
    this.handle = handle;
    this.mount();
    module.FS.mkdirTree(pluginFolder);
    module.insert_plugin_search_path(pluginFolder, 0);
    this.file = module.open('/file', module.H5F_ACC_RDONLY);
    if (this.file <= 0n) throw new Error('it is no HDF5 file, or damaged at its beginning');
  }

  /** filler: of a file with holes. */
  static async open(file: string, filler?: HoleFiller): Promise<Hdf5Library> {
    return new Hdf5Library(await ready, openSync(file, 'r'), filler);
  }

  private mount(): void {
    const { FS } = this.module;
    // Without these, external storage could name the input of the process.
    for (const device of ['/dev/stdin', '/dev/tty', '/dev/tty1'])
      if (FS.analyzePath(device, false).exists) FS.unlink(device);
    FS.writeFile('/file', new Uint8Array(0));
    const { size } = fstatSync(this.handle);
    // SAFETY: the node of a file in Emscripten's memory file system has stream_ops and takes its size from usedBytes.
    const node = FS.lookupPath('/file', {}).node as unknown as FileNode;
    Object.defineProperty(node, 'usedBytes', { get: () => size });
    node.stream_ops = {
      ...node.stream_ops,
      read: (_: unknown, buffer: Uint8Array, offset: number, length: number, position: number) => {
        const wanted = Math.min(length, Math.max(0, size - position));
        this.filler?.wait(position, wanted);
        const got = readSync(this.handle, buffer, offset, wanted, position);
        this.bytesRead += got;
        return got;
      },
    };
  }

  close(): void {
    closeSync(this.handle);
  }

  /** Every group, array and link, parents before children; links are not followed. */
  tree(): ContainerNode[] {
    const nodes: ContainerNode[] = [{ path: '/', kind: 'group', attributes: this.attributes('/') }];
    this.addChildren('/', nodes, 1);
    return nodes;
  }

  private addChildren(parent: string, nodes: ContainerNode[], level: number): void {
    if (level > mostLevels)
      throw new Error(`it has more than ${mostLevels} groups in one another: ${parent.slice(0, 200)}`);
    const names = this.module.get_names(this.file, parent, false);
    for (const name of names) {
      const path = `${parent === '/' ? '' : parent}/${name}`;
      const node = this.nodeAt(path);
      nodes.push(node);
      if (nodes.length > mostNodes) throw new Error(`it has more than ${mostNodes} groups and arrays`);
      if (node.kind === 'group') this.addChildren(path, nodes, level + 1);
    }
  }

  private nodeAt(path: string): ContainerNode {
    const { module, file } = this;
    try {
      const soft = module.get_symbolic_link(file, path);
      if (soft !== null) return { path, kind: 'link', attributes: {}, target: absolute(soft, path) };
      const external = module.get_external_link(file, path);
      if (external.filename !== undefined)
        return { path, kind: 'broken', attributes: {}, target: `it lies in another file, ${external.filename}` };
      const type = module.get_type(file, path);
      if (type === module.H5G_GROUP) return { path, kind: 'group', attributes: this.attributes(path) };
      if (type === module.H5G_DATASET) return this.arrayAt(path);
      if (type === module.H5G_TYPE) return { path, kind: 'broken', attributes: {}, target: 'a named type' };
      return { path, kind: 'broken', attributes: {}, target: 'it cannot be opened' };
    } catch (error) {
      return { path, kind: 'broken', attributes: {}, target: reasonOf(error) };
    }
  }

  private arrayAt(path: string): ContainerNode {
    const meta = this.module.get_dataset_metadata(this.file, path);
    if (meta.virtual_sources) {
      const [first] = meta.virtual_sources;
      return {
        path,
        kind: 'broken',
        attributes: {},
        target: `its values lie in another file, ${first?.file_name ?? '?'}`,
      };
    }
    return {
      path,
      kind: 'array',
      attributes: this.attributes(path),
      shape: meta.shape,
      type: elementType(meta),
      chunkBytes: meta.chunks ? meta.chunks.reduce((a, b) => a * b, meta.size) : 0,
      chunkRows: meta.chunks?.[0] ?? 0,
    };
  }

  private attributes(path: string): Record<string, AttributeValue> {
    const found: [string, AttributeValue][] = [];
    for (const name of this.module.get_attribute_names(this.file, path)) {
      try {
        found.push([name, this.attribute(path, name)]);
      } catch {
        found.push([name, null]);
      }
    }
    return Object.fromEntries(found);
  }

  private attribute(path: string, name: string): AttributeValue {
    const { module, file } = this;
    const meta = module.get_attribute_metadata(file, path, name);
    if (!meta.shape) return null;
    const bytes = meta.size * meta.total_size;
    if (!(bytes <= largestAttribute)) return `${bytes} bytes, not read`;
    const at = this.allocate(bytes);
    try {
      if (module.get_attribute_data(file, path, name, BigInt(at)) < 0) return null;
      const values = decode(module.HEAPU8.slice(at, at + bytes), meta.total_size, meta, this.memory());
      const list = listOf(values);
      return meta.shape.length === 0 ? (list[0] ?? null) : list;
    } finally {
      if (hasPointers(meta)) module.reclaim_vlen_memory(file, path, name, BigInt(at));
      module._free(at);
    }
  }

  /** Elements [start, start + count) along the first axis, or the last one. Throws when they cannot be read whole. */
  read(path: string, start?: number, count?: number, axis?: 'last'): Values {
    const { module, file } = this;
    const meta = module.get_dataset_metadata(file, path);
    if (!meta.shape) throw new Error('it has no elements');
    if (meta.chunks && meta.chunks.reduce((a, b) => a * b, meta.size) > largestChunk)
      throw new Error(`its chunks of [${meta.chunks}] take more than ${largestChunk} bytes each`);
    this.mustHaveFilters(path);
    const shape = [...meta.shape];
    const whole = start === undefined || shape.length === 0;
    const along = axis === 'last' ? shape.length - 1 : 0;
    if (!whole) shape[along] = Math.min(count ?? shape[along], shape[along] - start);
    const elements = shape.reduce((a, b) => a * b, 1);
    const bytes = elements * meta.size;
    if (!(bytes <= largestRead)) throw new Error(`${bytes} bytes are more than is read at once`);
    const sizes = whole ? null : shape.map(BigInt);
    const starts = whole ? null : shape.map((_, at) => (at === along ? BigInt(start) : 0n));
    const strides = whole ? null : shape.map(() => 1n);
    const at = this.allocate(bytes);
    module.HEAPU8.fill(0, at, at + bytes); // pointers that were not written are none
    try {
      if (module.get_dataset_data(file, path, sizes, starts, strides, BigInt(at)) < 0)
        throw new Error('its values are damaged, or lie in another file');
      return decode(module.HEAPU8.slice(at, at + bytes), elements, meta, this.memory());
    } finally {
      if (hasPointers(meta)) {
        if (sizes) module.reclaim_vlen_memory_count(file, path, '', BigInt(at), sizes);
        else module.reclaim_vlen_memory(file, path, '', BigInt(at));
      }
      module._free(at);
    }
  }

  /** The library brings deflate, shuffle, fletcher32, szip, nbit and scale-offset; others are put where it looks for them. */
  private mustHaveFilters(path: string): void {
    for (const { id, name } of this.module.get_dataset_filters(this.file, path)) {
      if (id <= 6 || this.filters.has(id)) continue;
      if (!Object.hasOwn(filters, id))
        throw new Error(`it is packed with the filter ${name.slice(0, 60) || id} (${id}), which is not read`);
      this.module.FS.writeFile(`${pluginFolder}/libH5Z${filters[id].name}.so`, filters[id].bytes());
      this.filters.add(id);
    }
  }

  private allocate(bytes: number): number {
    const at = this.module._malloc(Math.max(1, bytes));
    if (at === 0) throw new Error(`${bytes} bytes are more than the memory for HDF5 has left`);
    return at >>> 0;
  }

  private memory(): Memory {
    const { module, file } = this;
    const heap = () => module.HEAPU8;
    return {
      bytes(at, length) {
        if (at + length > heap().length) throw new Error('a list leads out of memory');
        return heap().slice(at, at + length);
      },
      untilZero(at) {
        const end = heap().indexOf(0, at);
        if (end < 0) throw new Error('a text leads out of memory');
        return heap().slice(at, end);
      },
      referenced: (reference) =>
        reference.every((byte) => byte === 0) ? null : (module.get_referenced_name(file, reference, true) ?? null),
    };
  }
}

/** Whether elements point at memory that the library allocated. */
function hasPointers(meta: Metadata): boolean {
  if (meta.vlen || meta.vlen_type) return true;
  if (meta.array_type) return hasPointers(meta.array_type);
  return meta.compound_type?.members.some(hasPointers) ?? false;
}

function absolute(target: string, link: string): string {
  if (target.startsWith('/')) return target;
  return `${link.slice(0, link.lastIndexOf('/'))}/${target}`;
}

/** What C++ throws is a pointer, or an Error of Emscripten. */
export function reasonOf(error: unknown): string {
  // A trap of WebAssembly is told by its name: the types of Node know no class of it.
  if (error instanceof RangeError || (error instanceof Error && error.name === 'RuntimeError'))
    return 'it is damaged, or takes too much memory';
  // A filter calls what the library does not have: lzf on texts of different lengths.
  if (error instanceof TypeError) return 'the filter that it is packed with cannot be run on it';
  return error instanceof Error && error.message ? error.message : 'it is damaged';
}

function listOf(values: Values): AttributeValue[] {
  switch (values.kind) {
    case 'texts':
      return values.data;
    case 'numbers':
      return eachOf(values.data, (value) => {
        if (values.scalar === 'b1') return value === 1;
        if (typeof value === 'number') return value;
        return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
      });
    case 'fixed':
      return listOf(values.of);
    case 'lists': {
      const all = listOf(values.of);
      return Array.from({ length: values.offsets.length - 1 }, (_, i) =>
        all.slice(values.offsets[i], values.offsets[i + 1]),
      );
    }
    case 'fields': {
      const columns = Object.values(values.fields).map(listOf);
      return (columns[0] ?? []).map((_, i) => columns.map((column) => column[i]));
    }
  }
}
