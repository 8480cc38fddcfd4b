import { type Rules, unbroadcast } from './rule.ts';

/** Products of matrices. */
export const products: Rules = {
  MatMul: (node, g, tape) => {
    const { graph, shapeOf } = tape;
    const [a, b] = node.input;
    if (shapeOf(a).length < 2 || shapeOf(b).length < 2) return [undefined, undefined];
    const turned = (name: string) => {
      const rank = shapeOf(name).length;
      const perm = [...Array(rank - 2).keys(), rank - 1, rank - 2];
      return graph.node('Transpose', [name], { perm });
    };
    const leading = shapeOf(node.output).slice(0, -2);
    const back = (product: string, name: string) =>
      unbroadcast(tape, product, [...leading, ...shapeOf(name).slice(-2)], name);
    return [
      node.wants(0) ? back(graph.node('MatMul', [g, turned(b)]), a) : undefined,
      node.wants(1) ? back(graph.node('MatMul', [turned(a), g]), b) : undefined,
    ];
  },
  Gemm: (node, g, tape) => {
    const { graph, shapeOf } = tape;
    const [a, b, c] = node.input;
    const alpha = { float: node.float('alpha', 1) };
    const [transA, transB] = [node.int('transA', 0), node.int('transB', 0)];
    const product = (left: string, right: string, turnLeft: number, turnRight: number) =>
      graph.node('Gemm', [left, right], { alpha, transA: turnLeft, transB: turnRight });
    const beta = node.float('beta', 1);
    const shift = beta === 1 || !c ? g : graph.node('Mul', [g, graph.scalar(beta)]);
    return [
      node.wants(0) ? (transA ? product(b, g, transB, 1) : product(g, b, 0, 1 - transB)) : undefined,
      node.wants(1) ? (transB ? product(g, a, 1, transA) : product(a, g, 1 - transA, 0)) : undefined,
      c && node.wants(2) ? unbroadcast(tape, shift, shapeOf(node.output), c) : undefined,
    ];
  },
};
