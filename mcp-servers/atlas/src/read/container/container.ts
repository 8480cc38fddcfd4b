/**
 * A tree of named arrays with attributes: what HDF5, Zarr and MATLAB files have in common. Formats that are conventions over such a
 * tree (NWB, h5ad, 10x) read this and know of no file.
 */

import type { ExactArray } from '@bregma/core/contracts/dtypes';

/** NumPy's names; `text`, and `reference`: the path of another node. */
export type Scalar = 'f4' | 'f8' | 'i1' | 'i2' | 'i4' | 'i8' | 'u1' | 'u2' | 'u4' | 'u8' | 'b1' | 'text' | 'reference';

/** What one element of an array is. */
export type ElementType =
  | { kind: 'scalar'; scalar: Scalar /** float16 or another type that the scalar holds exactly. */; widened?: true }
  | { kind: 'enum'; scalar: Scalar; names: Record<string, string> }
  | { kind: 'fields'; fields: { name: string; type: ElementType }[] }
  | { kind: 'fixed'; of: ElementType; shape: number[] }
  | { kind: 'list'; of: ElementType }
  | { kind: 'unread'; why: string };

/** Elements as they were read, in C order. Of `list`: offsets into the values, one more than elements. */
export type Values =
  | { kind: 'numbers'; scalar: Scalar; data: ExactArray }
  | { kind: 'texts'; data: (string | null)[] }
  | { kind: 'fields'; fields: Record<string, Values> }
  | { kind: 'fixed'; shape: number[]; of: Values }
  | { kind: 'lists'; offsets: Float64Array; of: Values };

/** What an attribute says: one value, or a list of them. Whole numbers beyond 2⁵³ are text. */
export type AttributeValue = string | number | boolean | null | AttributeValue[];

/** A group or an array of a tree of arrays. */
export interface ContainerNode {
  /** From the root, with a leading slash; '/' is the root. */
  path: string;
  kind: 'group' | 'array' | 'link' | 'broken';
  attributes: Record<string, AttributeValue>;
  /** Of an array; null: it has no elements by its definition. */
  shape?: number[] | null;
  type?: ElementType;
  /** Bytes of one chunk, unpacked; of an array that is stored in one piece, 0. */
  chunkBytes?: number;
  /** Rows along the first axis that one chunk has. */
  chunkRows?: number;
  /** Of a link: where it leads. Of a broken one: why it cannot be read. */
  target?: string;
}

/** A tree of arrays, opened, whatever file it lies in. */
export interface Container {
  /** Every node, parents before children. */
  nodes: ContainerNode[];
  /** Of the file, packed. */
  bytes: number;
  /**
   * Elements [start, start + count) along the first axis of an array, all of the others. Without them: all of it. axis: `last` along the
   * last one, which HDF5 alone can.
   */
  read(path: string, start?: number, count?: number, axis?: 'last'): Promise<Values>;
  /** What is to be said of the values that were read. */
  notes?(): string[];
  close(): void;
}

/** A container with its nodes by path and by parent. */
export class Tree {
  readonly container: Container;
  private readonly byPath = new Map<string, ContainerNode>();
  private readonly byParent = new Map<string, ContainerNode[]>();

  constructor(container: Container) {
    this.container = container;
    for (const node of container.nodes) {
      this.byPath.set(node.path, node);
      if (node.path === '/') continue;
      const parent = node.path.slice(0, node.path.lastIndexOf('/')) || '/';
      const siblings = this.byParent.get(parent);
      if (siblings) siblings.push(node);
      else this.byParent.set(parent, [node]);
    }
  }

  /** The node at a path; a link inside the file leads to what it names. */
  node(path: string): ContainerNode | undefined {
    let found = this.byPath.get(path);
    for (let hops = 0; found?.kind === 'link' && found.target !== undefined && hops < 16; hops++)
      found = this.byPath.get(found.target);
    return found;
  }

  array(path: string): ContainerNode | undefined {
    const found = this.node(path);
    return found?.kind === 'array' ? found : undefined;
  }

  group(path: string): ContainerNode | undefined {
    const found = this.node(path);
    return found?.kind === 'group' ? found : undefined;
  }

  children(path: string): ContainerNode[] {
    return this.byParent.get(path) ?? [];
  }
}

/** The last part of a path. */
export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** A child's path. */
export const below = (parent: string, name: string): string => (parent === '/' ? `/${name}` : `${parent}/${name}`);

const attribute = (node: ContainerNode | undefined, name: string) =>
  node && Object.hasOwn(node.attributes, name) ? node.attributes[name] : undefined;

/** An attribute; the one member of a list that has one. */
function single(node: ContainerNode | undefined, name: string) {
  const value = attribute(node, name);
  return Array.isArray(value) && value.length === 1 ? value[0] : value;
}

/** An attribute as text, or undefined when it is none. */
export function textAttribute(node: ContainerNode | undefined, name: string): string | undefined {
  const one = single(node, name);
  return typeof one === 'string' ? one : undefined;
}

/** An attribute as a list of texts; [] when it is none. */
export function textsAttribute(node: ContainerNode | undefined, name: string): string[] {
  const value = attribute(node, name);
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

/** An attribute as a number, or undefined when it is none. */
export function numberAttribute(node: ContainerNode | undefined, name: string): number | undefined {
  const one = single(node, name);
  return typeof one === 'number' ? one : undefined;
}

/** Values in an array of this shape; 1 for a single one. */
export const countOf = (shape: number[]): number => shape.reduce((product, size) => product * size, 1);

/** A list made of every value of an array. */
export function eachOf<Made>(data: ExactArray, make: (value: number | bigint) => Made): Made[] {
  const made: Made[] = [];
  for (const value of data) made.push(make(value));
  return made;
}
