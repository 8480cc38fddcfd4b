import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import type { Container, ContainerNode, Values } from '../container/container.ts';
import { openRegular } from '../regular-file.ts';
import { isObject, type JsonObject } from '../zarr/json.ts';
import { elementTypeOf, type StoredType, typeOfV2, valuesOf } from '../zarr/stored-type.ts';

/** The traces of a recording that was saved as binary files (spikeinterface, BinaryFolderRecording), one array a segment. */
export interface Traces {
  container: Container;
  rateHz: number;
  channels: number;
  /** Whether an array has channels first. */
  isChannelFirst: boolean;
}

/** Opens what binary.json describes. Files outside of the folder are named and left out. Throws `corrupt` where lengths do not fit. */
export function openTraces(folder: string, said: JsonObject): Traces {
  const given = isObject(said.kwargs) ? said.kwargs : {};
  const bad = (why: string) =>
    new BregmaError('corrupt', `binary.json of ${path.basename(folder)} ${why}.`, {
      next: 'Save the recording again.',
    });
  const channels = Number(given.num_channels ?? given.num_chan);
  const rateHz = Number(given.sampling_frequency);
  const offset = Number(given.file_offset ?? 0);
  if (!Number.isSafeInteger(channels) || channels < 1 || !(rateHz > 0) || !Number.isSafeInteger(offset) || offset < 0)
    throw bad('states no num_channels and sampling_frequency');
  const type = typeOfV2(withOrder(String(given.dtype)));
  if (type.kind !== 'number') throw bad(`states the type ${String(given.dtype).slice(0, 40)}, which is no number`);
  const nodes: ContainerNode[] = [{ path: '/', kind: 'group', attributes: {} }];
  const files = new Map<string, string>();
  let bytes = 0;
  const isChannelFirst = given.time_axis === 1;
  for (const [i, name] of (Array.isArray(given.file_paths) ? given.file_paths : []).entries()) {
    const inner = `/traces_seg${i}`;
    const file = inside(folder, String(name));
    if (file === undefined) {
      nodes.push({
        path: inner,
        kind: 'broken',
        attributes: {},
        target: `${String(name).slice(0, 200)} does not lie in the folder`,
      });
      continue;
    }
    const size = statSync(file).size - offset;
    const samples = size / (channels * type.size);
    if (!Number.isInteger(samples) || samples < 0)
      throw new BregmaError(
        'corrupt',
        `${path.basename(file)} has ${size} bytes, which are no whole samples of ${channels} channels.`,
        {
          next: 'Copy the recording again; nothing was added.',
        },
      );
    files.set(inner, file);
    bytes += size;
    const shape = isChannelFirst ? [channels, samples] : [samples, channels];
    nodes.push({ path: inner, kind: 'array', attributes: {}, shape, type: elementTypeOf(type) });
  }
  const container: Container = {
    nodes,
    bytes,
    read: async (inner, start = 0, count = Number.POSITIVE_INFINITY) =>
      rowsOf(files.get(inner) ?? '', nodes.find((node) => node.path === inner)?.shape ?? [0, 0], {
        start,
        count,
        offset,
        type,
      }),
    close() {},
  };
  return { container, rateHz, channels, isChannelFirst };
}

/** NumPy's name of a type with an order of bytes: SpikeInterface writes `int16` and `<i2`. */
function withOrder(dtype: string): string {
  const [, kind, bits] = /^(int|uint|float)(\d+)$/.exec(dtype) ?? [];
  return kind ? `<${kind[0]}${Number(bits) / 8}` : /^[a-z]/.test(dtype) ? `<${dtype}` : dtype;
}

/** A regular file of the folder itself; undefined: it is elsewhere, a link or not there. */
function inside(folder: string, name: string): string | undefined {
  const file = path.resolve(folder, name);
  const relative = path.relative(folder, file);
  if (relative.startsWith('..') || path.isAbsolute(relative) || !existsSync(file)) return undefined;
  return statSync(file).isFile() ? file : undefined;
}

function rowsOf(
  file: string,
  [rows, width]: number[],
  { start, count, offset, type }: { start: number; count: number; offset: number; type: StoredType },
): Values {
  const some = Math.max(0, Math.min(count, rows - start));
  const opened = openRegular(file, Number.POSITIVE_INFINITY);
  try {
    return valuesOf(opened.read(offset + start * width * type.size, some * width * type.size), some * width, type);
  } finally {
    opened.close();
  }
}
