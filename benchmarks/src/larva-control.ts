import { sha256 } from '@bregma/core/canonical';
import type { Benchmark, Made, Source } from './benchmark.ts';
import { linksOf } from './drawn/links-of.ts';
import { secretRandom } from './drawn/secret-random.ts';
import { type Links, shuffleTargets } from './drawn/shuffle-targets.ts';

const data = 'drosophila-larva-winding2023@2023';
const [items, units] = [60, 400];

/**
 * A control: the activity is that of the larva's neurons in a wiring that was shuffled with a secret, numbers of inputs and outputs kept.
 * What a twin of the true wiring predicts beyond these numbers is worth nothing here, so that a score that is not about 0 tells of a fault:
 * in the twin, in the metric, or in the scorer's walls. Rows and columns are centred, because numbers of inputs are no secret.
 */
export const larvaControl: Benchmark = {
  name: 'control-1',
  title: 'Larva, control: simulated activity in a wiring that was secretly shuffled; honest scores are about 0',
  task: 'Predict the response of each neuron to the stimulation of each listed neuron.',
  cite: ['Winding et al. 2023, Science 379:eadd9330', 'Maslov & Sneppen 2002, Science 296:910'],
  licence: 'CC BY 4.0',
  data: [data],
  predicts: data,
  sealed: 'drawn',
  metric: 'specific-pearson',
  mechanism: 'ladder',
  step: 0.01,
  cap: 0.15,
  canaries: 0.05,
  budget: { workspace: 5, person: 15 },
  exposure: 'public-inputs',
  make,
};

async function make(source: Source, secret: string): Promise<Made> {
  const links = await linksOf(source, data);
  const inDegree = countOf(links.post, links.ids.length);
  const outDegree = countOf(links.pre, links.ids.length);
  const rows = chosen(links.ids, units, (i) => inDegree[i] >= 10);
  const columns = chosen(links.ids, items, (i) => outDegree[i] >= 10);
  const shuffled = shuffleTargets(links, links.ids.length, secretRandom(secret, 'wiring'));
  const outcomes = new Float64Array(rows.length * columns.length);
  columns.forEach((column, i) => {
    const response = respond(shuffled, column, links.ids.length);
    rows.forEach((row, unit) => {
      outcomes[unit * columns.length + i] = row === column ? Number.NaN : response[row];
    });
  });
  const named = (places: number[]) => places.map((place) => links.ids[place]);
  return {
    units: { of: 'neurons', count: rows.length, names: named(rows) },
    items: { of: 'stimulated neurons', count: columns.length, names: named(columns) },
    outcomes,
    open: [],
    rows,
    columns,
  };
}

/** So many neurons, by their ids: what is asked is no secret. */
const chosen = (ids: string[], count: number, is: (place: number) => boolean): number[] =>
  [...ids.keys()]
    .filter(is)
    .map((place) => ({ place, key: sha256(`asked ${ids[place]}`) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .slice(0, count)
    .map(({ place }) => place)
    .sort((a, b) => a - b);

function countOf(places: Int32Array, n: number): Int32Array {
  const counts = new Int32Array(n);
  for (const place of places) counts[place]++;
  return counts;
}

/** Response of each neuron to one that is driven: what reaches it in one step, and half of what does in two; inputs as shares of all of its inputs. */
function respond({ pre, post, weight }: Links, driven: number, n: number): Float64Array {
  const total = new Float64Array(n);
  for (let i = 0; i < post.length; i++) total[post[i]] += weight[i];
  const step = (activity: Float64Array) => {
    const next = new Float64Array(n);
    for (let i = 0; i < pre.length; i++)
      if (activity[pre[i]] > 0) next[post[i]] += (activity[pre[i]] * weight[i]) / total[post[i]];
    return next;
  };
  const start = new Float64Array(n);
  start[driven] = 1;
  const first = step(start);
  const second = step(first);
  return first.map((value, i) => value + second[i] / 2);
}
