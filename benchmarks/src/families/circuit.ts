import type { Probe } from '@bregma/core/contracts/score';
import { BregmaError, unknownName } from '@bregma/core/errors';
import { nearest } from '@bregma/core/nearest';
import { makeRandom } from '@bregma/core/statistics/random';
import type { Benchmark, Made, Source } from '../benchmark.ts';
import { type Circuit, rates } from '../drawn/lif.ts';
import { linksOf } from '../drawn/links-of.ts';
import { secretRandom } from '../drawn/secret-random.ts';

const data = 'celegans-cook2019@2019';
/** Trials behind one answer of a probe, and behind one outcome. */
const [probeTrials, outcomeTrials] = [4, 16];
const counterfactuals = 96;

/** A hidden spiking circuit: neurons of the worm, by name or without. */
export interface CircuitBenchmark {
  name: string;
  title: string;
  /** Neurons of the connectome that the circuit has. */
  neurons: readonly string[];
  /** False: neurons are called n01, n02, … in a secret order. */
  named: boolean;
}

/**
 * Makes it: spend a budget of single interventions, then predict what pairs of them do (stimulate one neuron while another is silent),
 * as change of each neuron's rate. Who is connected is the worm's; signs and strengths are drawn with the secret.
 */
export function circuit({ neurons, named, ...rest }: CircuitBenchmark): Benchmark {
  return {
    ...rest,
    task: `Predict the change of each neuron's rate (spikes / s) when one neuron of a hidden circuit is stimulated while another is silenced. ${named ? 'Neurons have their names.' : 'Names are drawn.'}`,
    cite: ['Cook et al. 2019, Nature 571:63 (who is connected)', 'Shiu et al. 2024, Nature 634:210 (neurons)'],
    licence: 'Apache-2.0 (simulated)',
    data: [data],
    sealed: 'drawn',
    metric: 'pooled-pearson',
    mechanism: 'ladder',
    step: 0.02,
    cap: 'ceiling',
    canaries: 0.08,
    budget: { workspace: 10, person: 30 },
    exposure: 'sealed-new',
    make: (source, secret) => make(source, secret, neurons, named),
    circuit: {
      budget: { workspace: 60, person: 180 },
      probe: async (source, secret, probe, trial) => {
        const hidden = await draw(source, secret, neurons, named);
        return rates(hidden, single(hidden, probe), probeTrials, noise(secret, `probe ${trial}`));
      },
    },
  };
}

/** Noise of trials: a quick stream, seeded from the secret. What is drawn of the circuit itself comes from the secret's own. */
const noise = (secret: string, label: string) => makeRandom(`${secretRandom(secret, label).uniform()} ${label}`);

/** Throws `bad-input` for more than one intervention at a time: pairs are what is asked. */
function single({ names }: Circuit, { stimulate, silence }: Probe): { stimulated: number[]; silenced: number[] } {
  if (stimulate.length + silence.length > 1)
    throw new BregmaError(
      'bad-input',
      'A probe is one intervention: one neuron stimulated, or one silenced, or none.',
      {
        next: 'What two of them do together is what the benchmark asks.',
      },
    );
  const place = (name: string) => {
    const at = names.indexOf(name);
    if (at < 0) throw unknownName('neuron', name, nearest(name, names), `It has: ${names.join(', ')}.`);
    return at;
  };
  return { stimulated: stimulate.map(place), silenced: silence.map(place) };
}

/** Circuits that were drawn, of each place that data come from: a probe reads no wiring again. */
const drawn = new WeakMap<Source, Map<string, Promise<Circuit>>>();

function draw(source: Source, secret: string, chosen: readonly string[], named: boolean): Promise<Circuit> {
  const known = drawn.get(source) ?? new Map<string, Promise<Circuit>>();
  drawn.set(source, known);
  const found = known.get(secret) ?? drawAnew(source, secret, chosen, named);
  known.set(secret, found);
  found.catch(() => known.delete(secret));
  return found;
}

async function drawAnew(source: Source, secret: string, chosen: readonly string[], named: boolean): Promise<Circuit> {
  const links = await linksOf(source, data);
  const random = secretRandom(secret, 'circuit');
  const order = named ? [...chosen] : random.shuffle(chosen);
  const at = new Map(order.map((name, i) => [name, i]));
  const places = links.names.map((name) => at.get(name));
  const lacking = chosen.filter((name) => !links.names.includes(name));
  if (lacking.length > 0) throw new BregmaError('corrupt', `${data} lacks ${lacking.join(', ')}.`);
  const sign = order.map(() => (random.uniform() < 0.3 ? -1 : 1));
  const weights = new Float64Array(order.length ** 2);
  for (let i = 0; i < links.pre.length; i++) {
    const [from, to] = [places[links.pre[i]], places[links.post[i]]];
    if (from === undefined || to === undefined) continue;
    weights[to * order.length + from] += sign[from] * Math.sqrt(links.weight[i]) * Math.exp(0.5 * random.normal());
  }
  const names = named ? order : order.map((_, i) => `n${String(i + 1).padStart(2, '0')}`);
  return { names, weights, drive: Float64Array.from(order, () => 0.5 + 0.5 * random.uniform()) };
}

async function make(source: Source, secret: string, chosen: readonly string[], named: boolean): Promise<Made> {
  const hidden = await draw(source, secret, chosen, named);
  const n = hidden.names.length;
  const random = secretRandom(secret, 'counterfactuals');
  const pairs = random
    .shuffle(Array.from({ length: n * n }, (_, i) => [Math.floor(i / n), i % n] as const).filter(([a, b]) => a !== b))
    .slice(0, counterfactuals);
  const none = { stimulated: [], silenced: [] };
  const base = rates(hidden, none, 4 * outcomeTrials, noise(secret, 'rest'));
  const repeats = 2;
  const values = new Float64Array(n * pairs.length * repeats);
  pairs.forEach(([stimulated, silenced], item) => {
    for (let half = 0; half < repeats; half++) {
      const stream = noise(secret, `outcome ${item} ${half}`);
      const rate = rates(hidden, { stimulated: [stimulated], silenced: [silenced] }, outcomeTrials / repeats, stream);
      for (let unit = 0; unit < n; unit++) {
        const own = unit === stimulated || unit === silenced;
        values[(unit * pairs.length + item) * repeats + half] = own ? Number.NaN : rate[unit] - base[unit];
      }
    }
  });
  const items = pairs.map(([a, b]) => `stimulate ${hidden.names[a]}, silence ${hidden.names[b]}`);
  return {
    units: { of: 'neurons', count: n, names: hidden.names },
    items: { of: 'counterfactuals', count: items.length, names: items },
    outcomes: Float64Array.from({ length: n * items.length }, (_, at) => (values[2 * at] + values[2 * at + 1]) / 2),
    open: [],
    trials: { values, repeats },
  };
}
