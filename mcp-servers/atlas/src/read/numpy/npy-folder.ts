import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import type { Container, ContainerNode, Values } from '../container/container.ts';
import { openRegular } from '../regular-file.ts';
import { reordered } from '../zarr/elements.ts';
import { elementTypeOf, valuesOf } from '../zarr/stored-type.ts';
import { type ArrayHead, arrayHead, longestHead } from './array-head.ts';

/** Arrays in Fortran order are turned in memory. */
const largestTurned = 2 ** 30;

/**
 * The NumPy files of a folder as a tree of arrays, each under its name without ending, and read row by row; folders in it are looked into
 * where `deep` asks for it, links never. Lists that were saved as one column [n × 1] are lists. What cannot be read (pickled objects) is
 * broken, with the reason.
 */
export function openNpyFolder(folder: string, { deep = false } = {}): Container {
  const names = readdirSync(folder, { withFileTypes: true, recursive: deep })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.npy'))
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
  const nodes: ContainerNode[] = [{ path: '/', kind: 'group', attributes: {} }];
  const arrays = new Map<string, { file: string; head: ArrayHead }>();
  let bytes = 0;
  for (const name of names) {
    const file = path.join(folder, name);
    const inner = `/${name.slice(0, -4).replaceAll(path.sep, '/')}`;
    bytes += statSync(file).size;
    try {
      const head = headOf(file);
      arrays.set(inner, { file, head });
      nodes.push(nodeOf(inner, head));
    } catch (error) {
      if (!(error instanceof BregmaError)) throw error;
      nodes.push({ path: inner, kind: 'broken', attributes: {}, target: error.message.replace(/\.$/, '') });
    }
  }
  return {
    nodes,
    bytes,
    async read(inner, start = 0, count = Number.POSITIVE_INFINITY): Promise<Values> {
      const array = arrays.get(inner);
      if (!array) throw new Error(`There is no ${inner}.`);
      return rowsOf(array, start, count);
    },
    close() {},
  };
}

function headOf(file: string): ArrayHead {
  const name = path.basename(file);
  const opened = openRegular(file, Number.POSITIVE_INFINITY);
  try {
    const head = arrayHead(opened.read(0, Math.min(longestHead, opened.size)), name);
    const refuse = (why: string) => new BregmaError('bad-input', `${name} ${why}.`, { next: 'Save it as numbers.' });
    if (head.type.kind === 'unread') throw refuse(`holds ${head.type.why}`);
    if (head.start + head.bytes > opened.size)
      throw refuse(`ends early: its shape [${head.shape}] takes ${head.bytes} bytes`);
    if (head.isFortran && head.bytes > largestTurned)
      throw refuse(`is in Fortran order, of which ${largestTurned} bytes are turned`);
    return head;
  } finally {
    opened.close();
  }
}

function nodeOf(inner: string, { type, shape }: ArrayHead): ContainerNode {
  const isColumn = shape.length === 2 && shape[1] === 1;
  return {
    path: inner,
    kind: 'array',
    attributes: {},
    shape: isColumn ? [shape[0]] : shape,
    type: elementTypeOf(type),
  };
}

function rowsOf({ file, head }: { file: string; head: ArrayHead }, start: number, count: number): Values {
  const { type, shape, isFortran } = head;
  const row = shape.slice(1).reduce((product, size) => product * size, 1);
  const rows = shape.length === 0 ? 1 : shape[0];
  const [first, last] = [Math.min(start, rows), Math.min(rows, start + count)];
  const opened = openRegular(file, Number.POSITIVE_INFINITY);
  try {
    const [from, to] = isFortran ? [0, rows] : [first, last];
    const width = row * type.size;
    const bytes = opened.read(head.start + from * width, (to - from) * width);
    if (bytes.length < (to - from) * width)
      throw new BregmaError('corrupt', `${path.basename(file)} ends early.`, { next: 'Copy the file again.' });
    if (!isFortran) return valuesOf(bytes, (last - first) * row, type);
    const order = shape.map((_, axis) => shape.length - 1 - axis);
    // SAFETY: elements of one length are bytes.
    const turned = reordered(bytes, shape, order, type.size) as Uint8Array;
    return valuesOf(turned.subarray(first * width, last * width), (last - first) * row, type);
  } finally {
    opened.close();
  }
}
