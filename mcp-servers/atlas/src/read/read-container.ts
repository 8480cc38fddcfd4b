import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import type { FormatKit, Parts } from '../formats/format.ts';
import { Collect } from './container/collect.ts';
import { type Container, Tree } from './container/container.ts';

/**
 * Reads what a convention knows of a tree of arrays, and the rest of it as it stands. take: collects what it knows and returns
 * what it knows of the whole. The container is closed however it ends. Throws what opening it and `take` throw.
 */
export async function readContainer(
  opened: Promise<Container>,
  options: Record<string, unknown>,
  kit: FormatKit,
  take: (collect: Collect) => Promise<Pick<Parts, 'shape' | 'card'>>,
): Promise<Parts> {
  const container = await opened;
  try {
    const collect = new Collect(new Tree(container), kit, options);
    const { shape, card } = await take(collect);
    return { shape, ...(await collect.finish()), card };
  } finally {
    container.close();
  }
}

/** The error about a tree of arrays that does not keep a convention. lacks: "it has no obs and var". */
export const notOf = (convention: string, file: string, lacks: string): BregmaError =>
  new BregmaError('bad-input', `${path.basename(file)} is no ${convention}: ${lacks}.`, {
    next: "Add it with format: 'hdf5', or 'zarr'.",
    fields: { file: path.basename(file), convention },
  });
