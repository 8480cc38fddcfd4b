import { type Named, namedCodec, Unread } from './codecs.ts';
import { isObject, type Json, type JsonObject, sizesOf } from './json.ts';
import { type StoredType, typeOfV2, typeOfV3 } from './stored-type.ts';

/** What the metadata of an array say, of either version. */
export interface ArrayMetadata {
  shape: number[];
  /** Of one chunk. */
  chunks: number[];
  type: StoredType;
  fill: Json;
  /** As the array applies them to write. */
  codecs: Named[];
  /** Fortran order inside of chunks (version 2). */
  isFortran: boolean;
  /** The key of a chunk below that of its array. */
  keyOf(index: number[]): string;
}

/** An array of version 2: `.zarray` (Zarr storage specification version 2). */
export function metadataV2(found: JsonObject): ArrayMetadata {
  const { shape, chunks } = shapesOf(found.shape, found.chunks);
  const separator = found.dimension_separator === '/' ? '/' : '.';
  const filters = Array.isArray(found.filters) ? found.filters : [];
  return {
    shape,
    chunks,
    type: typeOfV2(found.dtype),
    fill: found.fill_value ?? null,
    codecs: [...filters, ...(found.compressor ? [found.compressor] : [])].map(namedCodec),
    isFortran: found.order === 'F',
    keyOf: (index) => (index.length === 0 ? '0' : index.join(separator)),
  };
}

/** An array of version 3: `zarr.json` (Zarr core specification version 3). */
export function metadataV3(found: JsonObject): ArrayMetadata {
  const grid = isObject(found.chunk_grid) ? found.chunk_grid : {};
  if (grid.name !== 'regular') throw new Unread(`its grid of chunks is '${String(grid.name)}', regular ones are read`);
  const { shape, chunks } = shapesOf(found.shape, isObject(grid.configuration) ? grid.configuration.chunk_shape : null);
  const encoding = namedCodec(found.chunk_key_encoding ?? 'default');
  const separator = String(encoding.settings.separator ?? (encoding.name === 'v2' ? '.' : '/'));
  const prefix = encoding.name === 'v2' ? '' : 'c';
  if (!['default', 'v2'].includes(encoding.name) || !['.', '/'].includes(separator))
    throw new Unread(`its chunks are named in the way '${encoding.name}', which is not read`);
  const strange = Array.isArray(found.storage_transformers) && found.storage_transformers.length > 0;
  if (strange) throw new Unread('its storage is transformed in a way that is not read');
  const codecs = Array.isArray(found.codecs) ? found.codecs.map(namedCodec) : [];
  return {
    shape,
    chunks,
    type: typeOfV3(found.data_type),
    fill: found.fill_value ?? null,
    codecs,
    isFortran: false,
    keyOf: (index) => (prefix === '' ? index.join(separator) || '0' : [prefix, ...index.map(String)].join(separator)),
  };
}

/** Most chunks of one array, and most bytes of one chunk. */
const mostChunks = 20_000_000;
export const largestChunk = 2 ** 29;

function shapesOf(shape: Json | undefined, chunks: Json | undefined): { shape: number[]; chunks: number[] } {
  const [full, part] = [sizesOf(shape), sizesOf(chunks)];
  if (!full || !part || full.length !== part.length || part.some((size, axis) => size === 0 && full[axis] > 0))
    throw new Unread('its metadata give no shape, or chunks that do not fit it');
  const count = full.reduce((product, size, axis) => product * Math.ceil(size / Math.max(1, part[axis])), 1);
  if (!(count <= mostChunks)) throw new Unread(`it claims ${count} chunks; ${mostChunks} are read`);
  return { shape: full, chunks: part };
}
