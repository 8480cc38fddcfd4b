import { BregmaError, throwIfCancelled } from '@bregma/core/errors';
import type { Container, ContainerNode, Values } from '../container/container.ts';
import { Damaged } from '../packed/lz4.ts';
import { type ArrayMetadata, metadataV2, metadataV3 } from './array-metadata.ts';
import { Unread } from './codecs.ts';
import { decoderOf } from './decoder.ts';
import { copyBox, roomFor } from './elements.ts';
import { fillOf } from './fill.ts';
import { absolute, attributeOf, isObject, type JsonObject, objectAt } from './json.ts';
import { type Objects, textOfObject } from './objects.ts';
import type { Decoder } from './shards.ts';
import { openStore, type ZarrStore } from './store.ts';
import { elementTypeOf, type StoredType, valuesOf } from './stored-type.ts';

/** An array that can be read. */
interface ZarrArray {
  /** Where its keys begin: empty, or with a slash at the end. */
  prefix: string;
  meta: ArrayMetadata;
  decoder: Decoder;
  /** Chunks that lie under its prefix; without any, all of it is its fill value. */
  isStored: boolean;
}

/**
 * Opens a Zarr hierarchy, version 2 or 3, in a folder or a zip. A chunk that is not there is full of the fill value, which `notes`
 * tells of. Throws `bad-input` for what is no Zarr, `corrupt` for what is damaged, naming the key.
 */
export async function openZarr(file: string, signal: AbortSignal): Promise<Container> {
  throwIfCancelled(signal);
  const store = await openStore(file);
  const reader = new ZarrReader(store, signal);
  return {
    nodes: reader.nodes,
    bytes: store.bytes,
    notes: () => reader.notes(),
    read: async (path, start, count) => reader.read(path, start, count),
    close: () => store.close(),
  };
}

class ZarrReader {
  readonly nodes: ContainerNode[] = [];
  private readonly store: ZarrStore;
  private readonly signal: AbortSignal;
  private readonly arrays = new Map<string, ZarrArray>();
  /** Chunks that were looked for and not found, by array. */
  private readonly missing = new Map<string, Set<string>>();

  /** Folders that hold more than metadata, with those above. */
  private readonly filled: Set<string>;

  constructor(store: ZarrStore, signal: AbortSignal) {
    this.store = store;
    this.signal = signal;
    this.filled = filledFolders(store.keys);
    for (const folder of foldersOf(store.keys)) this.addNode(folder);
  }

  private addNode(folder: string): void {
    const { store, nodes } = this;
    const prefix = folder === '' ? '' : `${folder}/`;
    const path = absolute(folder);
    const v3 = objectAt(store, `${prefix}zarr.json`);
    const zarray = v3 ? undefined : objectAt(store, `${prefix}.zarray`);
    const attributes = (v3 ? v3.attributes : objectAt(store, `${prefix}.zattrs`)) ?? {};
    const said = isObject(attributes) ? attributes : {};
    if (v3?.node_type === 'array') nodes.push(this.arrayNode(path, prefix, said, () => metadataV3(v3)));
    else if (zarray) nodes.push(this.arrayNode(path, prefix, said, () => metadataV2(zarray)));
    else nodes.push({ path, kind: 'group', attributes: attributesOf(said) });
    nodes.push(...linksOf(path, said));
  }

  private arrayNode(path: string, prefix: string, said: JsonObject, metadata: () => ArrayMetadata): ContainerNode {
    const attributes = attributesOf(said);
    try {
      const meta = metadata();
      const decoder = decoderOf(meta);
      this.arrays.set(path, { prefix, meta, decoder, isStored: this.filled.has(prefix) });
      const chunk = meta.chunks.reduce((product, size) => product * size, 1);
      return {
        path,
        kind: 'array',
        attributes,
        shape: meta.shape,
        type: elementTypeOf(decoder.type),
        chunkBytes: chunk * (decoder.type.size || 64),
        chunkRows: meta.chunks[0] ?? 0,
      };
    } catch (error) {
      if (error instanceof Unread) return { path, kind: 'broken', attributes, target: error.message };
      throw error;
    }
  }

  /** Elements [start, start + count) along the first axis. */
  read(path: string, start = 0, count = Number.POSITIVE_INFINITY): Values {
    const array = this.arrays.get(path);
    if (!array) throw new BregmaError('corrupt', `${path} of ${this.store.name} is no array.`);
    const { meta, decoder } = array;
    const sizes = [...meta.shape];
    const from = sizes.map(() => 0);
    if (sizes.length > 0) {
      from[0] = Math.min(start, sizes[0]);
      sizes[0] = Math.max(0, Math.min(count, sizes[0] - from[0]));
    }
    const total = sizes.reduce((product, size) => product * size, 1);
    const elements = roomFor(total, decoder.type.size, fillOf(meta.fill, decoder.type));
    if (total > 0)
      for (const index of chunksIn(from, sizes, meta.chunks))
        this.readChunk(path, array, index, { from, sizes, elements });
    return Array.isArray(elements) ? objectValues(elements, decoder.type) : valuesOf(elements, total, decoder.type);
  }

  private readChunk(
    path: string,
    { prefix, meta, decoder, isStored }: ZarrArray,
    index: number[],
    room: { from: number[]; sizes: number[]; elements: Uint8Array | Objects },
  ): void {
    throwIfCancelled(this.signal);
    const key = prefix + meta.keyOf(index);
    const packed = isStored ? this.store.read(key) : undefined;
    if (!packed) {
      const missing = this.missing.get(path) ?? new Set();
      this.missing.set(path, missing.add(key));
      return;
    }
    const begin = index.map((at, axis) => at * meta.chunks[axis]);
    const low = begin.map((at, axis) => Math.max(at, room.from[axis]));
    const high = begin.map((at, axis) => Math.min(at + meta.chunks[axis], room.from[axis] + room.sizes[axis]));
    copyBox(
      { elements: this.decoded(decoder, packed, key), shape: meta.chunks, start: low.map((at, i) => at - begin[i]) },
      { elements: room.elements, shape: room.sizes, start: low.map((at, i) => at - room.from[i]) },
      high.map((at, axis) => at - low[axis]),
      decoder.type.size,
    );
  }

  private decoded(decoder: Decoder, packed: Uint8Array, key: string) {
    try {
      return decoder.decode(packed);
    } catch (error) {
      if (!(error instanceof Damaged)) throw error;
      throw new BregmaError('corrupt', `The chunk ${key} of ${this.store.name} ${error.message}.`, {
        next: 'Copy the data again; nothing was added. An array that is not needed can be left out: options.leave_out.',
      });
    }
  }

  /** Which arrays have chunks that are not stored. */
  notes(): string[] {
    return [...this.missing].map(([path, keys]) => {
      // SAFETY: what misses chunks was opened, and stays.
      const { meta } = this.arrays.get(path) as ZarrArray;
      const all = meta.shape.reduce((product, size, axis) => product * Math.ceil(size / meta.chunks[axis]), 1);
      const fill =
        meta.fill === null
          ? 'no fill value is named, 0 was taken'
          : `they are its fill value ${JSON.stringify(meta.fill)}`;
      return `${path}: ${keys.size} of ${all} chunks are not stored; ${fill}.`;
    });
  }
}

/** Every folder with metadata in it, and those above, parents first, in the order of their names. */
function foldersOf(keys: ReadonlySet<string>): string[] {
  const folders = new Set(['']);
  for (const key of keys) {
    const slash = key.lastIndexOf('/');
    if (!/^(zarr\.json|\.zarray|\.zgroup)$/.test(key.slice(slash + 1))) continue;
    for (let at = key.slice(0, Math.max(0, slash)); at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('/'))))
      folders.add(at);
  }
  return [...folders].sort();
}

function filledFolders(keys: ReadonlySet<string>): Set<string> {
  const filled = new Set<string>();
  for (const key of keys) {
    if (/(^|\/)(zarr\.json|\.z[a-z]+)$/.test(key)) continue;
    for (let at = key.lastIndexOf('/') + 1; !filled.has(key.slice(0, at)); at = key.lastIndexOf('/', at - 2) + 1)
      filled.add(key.slice(0, at));
  }
  return filled;
}

/** Attributes that say how something is stored, and are no data. */
const ownAttributes = new Set(['zarr_dtype', 'zarr_link', '_ARRAY_DIMENSIONS']);

const attributesOf = (said: JsonObject) =>
  Object.fromEntries(
    Object.entries(said)
      .filter(([name]) => !ownAttributes.has(name))
      .map(([name, value]) => [name, attributeOf(value)]),
  );

/** Links of hdmf-zarr, which it keeps as an attribute of their group; one into another file leads nowhere. */
function linksOf(path: string, { zarr_link: links }: JsonObject): ContainerNode[] {
  if (!Array.isArray(links)) return [];
  return links.filter(isObject).map((link) => {
    const own = path === '/' ? `/${link.name}` : `${path}/${link.name}`;
    const isInside = link.source === '.' && typeof link.path === 'string';
    return isInside
      ? { path: own, kind: 'link', attributes: {}, target: absolute(String(link.path)) }
      : { path: own, kind: 'broken', attributes: {}, target: `it lies in another file, ${String(link.source)}` };
  });
}

/** The places of all chunks that a box touches. */
function* chunksIn(from: number[], sizes: number[], chunks: number[]): Generator<number[]> {
  const first = from.map((at, axis) => Math.floor(at / chunks[axis]));
  const last = from.map((at, axis) => Math.floor((at + sizes[axis] - 1) / chunks[axis]));
  const index = [...first];
  for (;;) {
    yield [...index];
    let axis = index.length - 1;
    for (; axis >= 0; axis--) {
      if (++index[axis] <= last[axis]) break;
      index[axis] = first[axis];
    }
    if (axis < 0) return;
  }
}

/** Objects as texts, or as the columns of their fields. */
function objectValues(elements: Objects, type: StoredType): Values {
  const fields = type.kind === 'objects' ? type.fields : undefined;
  if (!fields) return { kind: 'texts', data: elements.map(textOfObject) };
  return {
    kind: 'fields',
    fields: Object.fromEntries(
      fields.map(({ name, type: own }, k): [string, Values] => {
        const column = elements.map((one) => (Array.isArray(one) ? one[k] : null));
        if (own.kind !== 'number') return [name, { kind: 'texts', data: column.map(textOfObject) }];
        const bytes = new Uint8Array(column.length * own.size);
        // SAFETY: of numbers the fill is bytes.
        for (const [i, one] of column.entries()) bytes.set(fillOf(one, own) as Uint8Array, i * own.size);
        return [name, valuesOf(bytes, column.length, own)];
      }),
    ),
  };
}
