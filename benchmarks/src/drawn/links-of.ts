import { readWiring } from '@bregma/readers/connectome';
import type { Source } from '../benchmark.ts';
import type { Links } from './shuffle-targets.ts';

/** The chemical connections of a release, with the names of its neurons. */
export async function linksOf(
  { release, objects, signal }: Source,
  data: string,
): Promise<Links & { names: string[]; ids: string[] }> {
  const { neurons, edges } = await readWiring(release(data), { objects, signal, kind: 'chemical' });
  const kept = Int32Array.from(edges.pre.keys()).filter((i) => edges.pre[i] !== edges.post[i] && edges.weight[i] > 0);
  return {
    names: neurons.names,
    ids: neurons.ids,
    pre: kept.map((i) => edges.pre[i]),
    post: kept.map((i) => edges.post[i]),
    weight: Float64Array.from(kept, (i) => edges.weight[i]),
  };
}
