import type { Path } from '../domain/graph.ts';
import { shortestPath, strongestPath } from '../domain/graph.ts';
import { severalPaths } from '../domain/several-paths.ts';
import type { Found, Question, Start } from './question.ts';

const shareIs = 'product over the path of the connection ÷ all input of its target';

/** The best path, or the best ones in order. targets: neurons, by place. */
export function pathsTo({ connectome, sources }: Start, targets: number[], question: Question): Found {
  const { direction, hops = 4, min_weight, path: which, paths: count } = question;
  const [starts, ends] = direction === 'downstream' ? [sources, targets] : [targets, sources];
  const to = targets.slice(0, 20).map((i) => connectome.names[i]);
  const search = which === 'shortest' ? shortestPath : strongestPath;
  const best = search(connectome.graph, starts, ends, hops, min_weight);
  if (!best) {
    return {
      value: {
        to,
        found: false,
        means: `No path within ${hops} ${hops === 1 ? 'hop' : 'hops'} over connections of at least ${min_weight}. That is not proof that there is none.`,
      },
      completeness: { returned: 0, available: 0, of: 'paths' },
    };
  }
  const shown = (path: Path) => ({
    hops: path.weights.length,
    path: path.nodes.map((i) => connectome.names[i]),
    ids: path.nodes.map((i) => connectome.ids[i]),
    weights: path.weights,
  });
  if (count === 1)
    return {
      value: {
        to,
        found: true,
        ...shown(best),
        ...(which === 'strongest' ? { share: best.strength, shareIs } : {}),
      },
      completeness: { returned: 1, available: null, of: 'paths' },
    };
  const { paths, cut } = severalPaths(connectome.graph, {
    sources: starts,
    targets: ends,
    hops,
    minWeight: min_weight,
    count,
    order: which === 'shortest' ? 'shortest' : 'strongest',
  });
  return {
    value: {
      to,
      found: true,
      paths: paths.map((path) => ({ ...shown(path), share: path.strength })),
      order: `${which === 'shortest' ? 'fewest hops, then ' : ''}largest share; no neuron twice, and none beyond the first of ${to.length === 1 ? to[0] : 'the targets'}`,
      shareIs,
    },
    completeness: {
      returned: paths.length,
      available: paths.length < count && !cut ? paths.length : null,
      of: 'paths',
    },
  };
}
