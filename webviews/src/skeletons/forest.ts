import { type NumberArray, numbersOf, unpack } from '../kit/numbers.ts';
import type { SkeletonsModel } from './model.ts';

/** The skeleton of a neuron. */
export interface Tree {
  id: string;
  name: string;
  type: string | undefined;
  /** [node × 3], in the unit of the space. */
  nodes: NumberArray;
  /** Index of each node's parent, −1 at a root. */
  parent: NumberArray;
  /** Sum of the lengths of all segments. */
  cable: number;
  branchings: number;
  tips: number;
  roots: number;
}

/** The neurons of a model as trees. Throws with the neuron's name where a tree does not hold together. */
export function forestOf({ neurons }: SkeletonsModel): Tree[] {
  return neurons.map(({ id, name, type, swc, nodes: packed, parent: links }) => {
    const { nodes, parent } = swc === undefined ? arrays(packed, links, name) : readSwc(swc, name);
    return { id, name, type, nodes, parent, ...measures(nodes, parent, name) };
  });
}

function arrays(
  packed: SkeletonsModel['neurons'][number]['nodes'],
  links: SkeletonsModel['neurons'][number]['parent'],
  name: string,
) {
  if (!packed || !links) throw new Error(`“${name.slice(0, 60)}” needs \`swc\`, or \`nodes\` and \`parent\`.`);
  const [nodes, parent] = [unpack(packed), numbersOf(links)];
  if (nodes.length !== parent.length * 3)
    throw new Error(`“${name.slice(0, 60)}” has ${nodes.length / 3} nodes and ${parent.length} parents.`);
  return { nodes, parent };
}

/** Text of an SWC file (Stockley et al. 1993): number, label, x, y, z, radius, number of the parent or −1. */
export function readSwc(text: string, name: string): { nodes: Float32Array; parent: Int32Array } {
  const rows: number[][] = [];
  const place = new Map<number, number>();
  text.split('\n').forEach((line, i) => {
    const words = line.trim();
    if (words === '' || words.startsWith('#')) return;
    const row = words.split(/\s+/).map(Number);
    if (row.length < 7 || row.slice(0, 7).some((value) => Number.isNaN(value)))
      throw new Error(`Line ${i + 1} of the SWC of “${name.slice(0, 60)}” is not seven numbers: ${words.slice(0, 60)}`);
    place.set(row[0], rows.length);
    rows.push(row);
  });
  const parent = Int32Array.from(rows, ([node, , , , , , above]) => {
    if (above < 0) return -1;
    const at = place.get(above);
    if (at === undefined)
      throw new Error(`Node ${node} of “${name.slice(0, 60)}” has the parent ${above}, which is not there.`);
    return at;
  });
  return { nodes: Float32Array.from(rows.flatMap(([, , x, y, z]) => [x, y, z])), parent };
}

function measures(nodes: NumberArray, parent: NumberArray, name: string) {
  const children = new Uint32Array(parent.length);
  let cable = 0;
  let roots = 0;
  for (let i = 0; i < parent.length; i++) {
    const above = parent[i];
    if (above < 0) {
      roots++;
      continue;
    }
    if (above >= parent.length)
      throw new Error(`Node ${i} of “${name.slice(0, 60)}” has the parent ${above} of ${parent.length}.`);
    children[above]++;
    cable += Math.hypot(
      nodes[3 * i] - nodes[3 * above],
      nodes[3 * i + 1] - nodes[3 * above + 1],
      nodes[3 * i + 2] - nodes[3 * above + 2],
    );
  }
  return {
    cable,
    roots,
    branchings: children.filter((n) => n > 1).length,
    tips: children.filter((n) => n === 0).length,
  };
}

/** Middle and radius of a ball around all nodes. */
export function ballAround(trees: Tree[]): { centre: [number, number, number]; radius: number } {
  const low = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const high = low.map((value) => -value);
  for (const { nodes } of trees)
    for (let i = 0; i < nodes.length; i++) {
      const axis = i % 3;
      if (nodes[i] < low[axis]) low[axis] = nodes[i];
      if (nodes[i] > high[axis]) high[axis] = nodes[i];
    }
  // SAFETY: `low` has three numbers, and so has what is made of each.
  const centre = low.map((value, axis) => (value + high[axis]) / 2) as [number, number, number];
  return { centre, radius: Math.hypot(...low.map((value, axis) => (high[axis] - value) / 2)) || 1 };
}
