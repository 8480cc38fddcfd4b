import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import { npyHead, parseNpy } from '@bregma/core/npy';
import type { Container, ContainerNode, Scalar, Values } from '../container/container.ts';
import { largestNpy } from '../images/npy-stack.ts';
import { openRegular, readRegular } from '../regular-file.ts';

/** Longest head of a .npy file. */
const longestHead = 70_000;

/**
 * The NumPy files of a folder as a tree of arrays, each under its name without ending; folders in it are not looked into. Lists that were
 * saved as one column [n × 1] are lists. What is no array of numbers (pickled objects, records) is broken, with the reason.
 */
export function openNpyFolder(folder: string): Container {
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.npy'))
    .map((entry) => entry.name)
    .sort();
  const nodes: ContainerNode[] = [{ path: '/', kind: 'group', attributes: {} }];
  let bytes = 0;
  for (const name of names) {
    const file = path.join(folder, name);
    bytes += statSync(file).size;
    nodes.push(nodeOf(file, `/${name.slice(0, -4)}`));
  }
  let last: { path: string; data: ReturnType<typeof parseNpy> } | undefined;
  return {
    nodes,
    bytes,
    async read(inner, start = 0, count = Number.POSITIVE_INFINITY): Promise<Values> {
      if (last?.path !== inner) {
        const file = path.join(folder, `${inner.slice(1)}.npy`);
        last = { path: inner, data: parseNpy(readRegular(file, largestNpy), path.basename(file)) };
      }
      const { data, shape, dtype } = last.data;
      const row = shape.slice(1).reduce((product, size) => product * size, 1);
      return {
        kind: 'numbers',
        // SAFETY: NumPy's names of numbers are those of scalars.
        scalar: dtype as Scalar,
        data: data.slice(start * row, Math.min(data.length, (start + count) * row)),
      };
    },
    close() {},
  };
}

function nodeOf(file: string, inner: string): ContainerNode {
  const opened = openRegular(file, Number.POSITIVE_INFINITY);
  try {
    const { dtype, shape } = npyHead(opened.read(0, Math.min(longestHead, opened.size)), path.basename(file));
    const isColumn = shape.length === 2 && shape[1] === 1;
    // SAFETY: as above; half precision is read as f4.
    const scalar = (dtype === 'f2' ? 'f4' : dtype) as Scalar;
    return {
      path: inner,
      kind: 'array',
      attributes: {},
      shape: isColumn ? [shape[0]] : shape,
      type: { kind: 'scalar', scalar },
    };
  } catch (error) {
    if (!(error instanceof BregmaError)) throw error;
    return { path: inner, kind: 'broken', attributes: {}, target: error.message.replace(/\.$/, '') };
  } finally {
    opened.close();
  }
}
