import { makeRandom } from '@bregma/core/statistics/random';
import { type Connectome, shuffleWiring } from '../domain/connectome.ts';
import type { Support } from './linear-dynamics.ts';

export const layerNames = ['electrical', 'chemical', 'neuropeptide', 'monoamine'] as const;
/** A layer of anatomy that may carry influence. */
export type LayerName = (typeof layerNames)[number];

/** Which pairs of the recorded neurons are connected, one layer a way of signalling; electrical pairs are listed once. */
export type Anatomy = { name: LayerName; pre: Int32Array; post: Int32Array }[];

/**
 * Penalties relative to `ridge`. Gap junctions agree best with measured responses; the extrasynaptic layers say only who could
 * reach whom, and hold many more pairs. Chosen on four fifths of the stimulated neurons, before the last fifth was looked at.
 */
const penalties: Record<LayerName, number> = { electrical: 1, chemical: 2, neuropeptide: 4, monoamine: 4 };

/** anatomy: as measured. shuffled: every neuron keeps its numbers of partners. all: any neuron may drive any other. none: no neuron drives another. */
export const wirings = ['anatomy', 'shuffled', 'all', 'none'] as const;
/** The anatomy as it is, shuffled, every pair of neurons, or none. */
export type Wiring = (typeof wirings)[number];

/** Edges between neurons of `names`, by the names in the connectome; where a name repeats, the last counts. */
export function restrict(
  { neurons, pre, post, electrical }: Pick<Connectome, 'neurons' | 'pre' | 'post' | 'electrical'>,
  names: string[],
): Anatomy {
  const index = new Map(names.map((name, i) => [name, i]));
  const place = Int32Array.from(neurons, (name) => index.get(name) ?? -1);
  const pick = (name: 'electrical' | 'chemical') => {
    const kept = Array.from(pre.keys()).filter(
      (edge) =>
        (electrical[edge] === 1) === (name === 'electrical') &&
        place[pre[edge]] >= 0 &&
        place[post[edge]] >= 0 &&
        place[pre[edge]] !== place[post[edge]],
    );
    return {
      name,
      pre: Int32Array.from(kept, (edge) => place[pre[edge]]),
      post: Int32Array.from(kept, (edge) => place[post[edge]]),
    };
  };
  return [pick('electrical'), pick('chemical')];
}

/** The connections that a fit may use. A pair in several layers takes the smallest penalty. */
export function supportOf(anatomy: Anatomy, neurons: number, wiring: Wiring, seed: string): Support {
  const held = new Map<number, number>();
  const allow = (post: number, pre: number, penalty: number) => {
    if (post === pre) return;
    const at = post * neurons + pre;
    held.set(at, Math.min(penalty, held.get(at) ?? Number.POSITIVE_INFINITY));
  };
  if (wiring === 'all') {
    const typical = Math.max(...anatomy.map(({ name }) => penalties[name]));
    for (let post = 0; post < neurons; post++) for (let pre = 0; pre < neurons; pre++) allow(post, pre, typical);
  }
  if (wiring === 'anatomy' || wiring === 'shuffled')
    for (const layer of anatomy) {
      const { pre, post } = wiring === 'shuffled' ? shuffleLayer(layer, neurons, seed) : layer;
      for (let edge = 0; edge < pre.length; edge++) {
        allow(post[edge], pre[edge], penalties[layer.name]);
        if (layer.name === 'electrical') allow(pre[edge], post[edge], penalties.electrical);
      }
    }
  const places = [...held.keys()].sort((a, b) => a - b);
  return {
    post: Int32Array.from(places, (at) => Math.floor(at / neurons)),
    pre: Int32Array.from(places, (at) => at % neurons),
    penalty: Float64Array.from(places, (at) => held.get(at) ?? Number.NaN),
  };
}

function shuffleLayer({ name, pre, post }: Anatomy[number], neurons: number, seed: string) {
  const ids = Array.from({ length: neurons }, (_, i) => String(i));
  const random = makeRandom(`${seed} ${name} sides`);
  // Which end of a gap junction is listed first means nothing: it is drawn, so that both ends are exchanged.
  const turned = Uint8Array.from(pre, () => (name === 'electrical' && random.uniform() < 0.5 ? 1 : 0));
  return shuffleWiring(
    {
      neurons: ids,
      ids,
      types: ids.map(() => ''),
      signs: new Int8Array(neurons),
      pre: pre.map((from, edge) => (turned[edge] ? post[edge] : from)),
      post: post.map((to, edge) => (turned[edge] ? pre[edge] : to)),
      weight: new Float64Array(pre.length).fill(1),
      electrical: new Uint8Array(pre.length),
    },
    `${seed} ${name}`,
  );
}

/** Sum of the weights of one kind of connection from each neuron to each, [to × from], electrical ones both ways. */
export function weightsBetween(
  { neurons, pre, post, electrical, weight }: Connectome,
  kind: 'electrical' | 'chemical',
): Float64Array {
  const n = neurons.length;
  const out = new Float64Array(n * n);
  for (let edge = 0; edge < pre.length; edge++) {
    if ((electrical[edge] === 1) !== (kind === 'electrical')) continue;
    out[post[edge] * n + pre[edge]] += weight[edge];
    if (kind === 'electrical') out[pre[edge] * n + post[edge]] += weight[edge];
  }
  return out;
}

/**
 * Fewest connections from each neuron to each, [to × from], along chemical synapses and, both ways, gap junctions, over all
 * neurons of the connectome; Infinity where there is no way.
 */
export function hopsBetween({
  neurons,
  pre,
  post,
  electrical,
}: Pick<Connectome, 'neurons' | 'pre' | 'post' | 'electrical'>): Float64Array {
  const n = neurons.length;
  const targets: number[][] = Array.from({ length: n }, () => []);
  for (let edge = 0; edge < pre.length; edge++) {
    targets[pre[edge]].push(post[edge]);
    if (electrical[edge]) targets[post[edge]].push(pre[edge]);
  }
  const hops = new Float64Array(n * n).fill(Number.POSITIVE_INFINITY);
  for (let from = 0; from < n; from++) {
    hops[from * n + from] = 0;
    const queue = [from];
    for (const neuron of queue)
      for (const next of targets[neuron]) {
        if (hops[next * n + from] !== Number.POSITIVE_INFINITY) continue;
        hops[next * n + from] = hops[neuron * n + from] + 1;
        queue.push(next);
      }
  }
  return hops;
}
