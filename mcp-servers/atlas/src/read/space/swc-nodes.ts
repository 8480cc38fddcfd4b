import { BregmaError } from '@bregma/core/errors';

/** Nodes of a skeleton, in columns, in the order of the file. */
export interface SwcNodes {
  nodes: {
    id: string[];
    type: Int32Array;
    x: Float64Array;
    y: Float64Array;
    z: Float64Array;
    radius: Float64Array;
    /** '-1': none. */
    parent: string[];
  };
  /** What its comments say, cut. */
  comments: string;
  roots: number;
  /** Nodes that stand before their parent. */
  backwards: number;
}

/** Reads SWC. Throws `bad-input`, naming the line, for what is no node, an id twice, a parent that is not there, or a circle. */
export function parseSwc(text: string, name: string): SwcNodes {
  const refuse = (line: number, what: string) =>
    new BregmaError('bad-input', `${name}, line ${line}: ${what}.`, {
      next: 'A node is: id type x y z radius parent. Nothing was added.',
    });
  const rows: { id: string; numbers: number[]; parent: string; line: number }[] = [];
  const comments: string[] = [];
  text.split(/\r\n|\n|\r/).forEach((written, i) => {
    const line = written.trim();
    if (line === '') return;
    if (line.startsWith('#')) {
      comments.push(line.replace(/^#+\s*/, ''));
      return;
    }
    const words = line.split(/[\s,]+/);
    const numbers = words.slice(1, 6).map(Number);
    const isNode =
      words.length >= 7 && /^\d+$/.test(words[0]) && /^(-1|\d+)$/.test(words[6]) && numbers.every(Number.isFinite);
    if (!isNode || !Number.isInteger(numbers[0])) throw refuse(i + 1, `'${line.slice(0, 60)}' is no node`);
    rows.push({ id: words[0], numbers, parent: words[6], line: i + 1 });
  });
  if (rows.length === 0) throw refuse(1, 'it holds no node');
  const position = new Map<string, number>();
  rows.forEach(({ id, line }, at) => {
    if (position.has(id)) throw refuse(line, `node ${id} is there twice`);
    position.set(id, at);
  });
  const parents = rows.map(({ parent, line, id }) => {
    if (parent === '-1') return -1;
    const at = position.get(parent);
    if (at === undefined) throw refuse(line, `node ${id} follows node ${parent}, which is not there`);
    return at;
  });
  const circle = inCircle(parents);
  if (circle >= 0) throw refuse(rows[circle].line, `node ${rows[circle].id} lies in a circle of nodes`);
  const column = (at: number) => Float64Array.from(rows, ({ numbers }) => numbers[at]);
  return {
    nodes: {
      id: rows.map(({ id }) => id),
      type: Int32Array.from(rows, ({ numbers }) => numbers[0]),
      x: column(1),
      y: column(2),
      z: column(3),
      radius: column(4),
      parent: rows.map(({ parent }) => parent),
    },
    comments: comments.join('; ').slice(0, 500),
    roots: parents.filter((at) => at < 0).length,
    backwards: parents.filter((at, i) => at > i).length,
  };
}

/** A node whose parents lead back to it; −1 when there is none. */
function inCircle(parents: number[]): number {
  const reached = new Uint8Array(parents.length); // 1: on the way, 2: leads to a root
  for (let start = 0; start < parents.length; start++) {
    let at = start;
    for (; at >= 0 && reached[at] === 0; at = parents[at]) reached[at] = 1;
    if (at >= 0 && reached[at] === 1) return at;
    for (at = start; at >= 0 && reached[at] === 1; at = parents[at]) reached[at] = 2;
  }
  return -1;
}
