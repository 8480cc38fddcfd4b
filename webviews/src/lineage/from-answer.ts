import type { FromAnswer } from '../kit/answer.ts';
import type { LineageModel } from './model.ts';

interface Graph extends Omit<LineageModel, 'edges'> {
  edges: [from: number | string, to: number | string, as: string][];
}

/** `trace_claim`: its value is the graph, with edges between places of nodes; earlier answers have them between ids. */
export const lineage: FromAnswer<LineageModel> = {
  tools: [],
  draw({ answer }) {
    // SAFETY: the view's own parser checks what is made of it.
    const { roots, nodes, edges } = answer.value as Graph;
    const idAt = (place: number | string) => (typeof place === 'number' ? nodes[place]?.id : place);
    return {
      roots,
      nodes,
      // What was cut to fit the answer has no place here.
      edges: edges.flatMap(([from, to, as]) => {
        const [needed, by] = [idAt(from), idAt(to)];
        return needed && by ? [[needed, by, as] satisfies [string, string, string]] : [];
      }),
      available: answer.completeness?.available ?? undefined,
    };
  },
};
