import type { ContainerNode, Values } from '../container/container.ts';
import type { Holes } from '../sparse-file.ts';

/** What the thread that reads HDF5 is asked. */
export type Hdf5Request =
  /** holes: of a file that is filled as it is read. */
  | { id: number; ask: 'open'; file: string; holes?: Holes }
  | { id: number; ask: 'read'; path: string; start?: number; count?: number; axis?: 'last' };

/** What the thread that reads HDF5 answers to the request of this id. */
export type Hdf5Reply =
  | { id: number; nodes: ContainerNode[] }
  | { id: number; values: Values }
  | { id: number; failed: string }
  /** Blocks of a file with holes, which the thread waits for. */
  | { id: 0; need: { first: number; last: number } };

/** The buffers of values, which move to the other thread instead of being copied. */
export function transfers(values: Values): ArrayBuffer[] {
  switch (values.kind) {
    case 'numbers':
      // SAFETY: values are made over buffers of their own, none of them shared.
      return [values.data.buffer as ArrayBuffer];
    case 'texts':
      return [];
    case 'fields':
      return Object.values(values.fields).flatMap(transfers);
    case 'fixed':
      return transfers(values.of);
    case 'lists':
      // SAFETY: as above.
      return [values.offsets.buffer as ArrayBuffer, ...transfers(values.of)];
  }
}
