import { BregmaError } from '@bregma/core/errors';
import { makeRandom } from '@bregma/core/statistics/random';
import type { Connectome } from '../domain/connectome.ts';

/** Where the signs of synapses come from. */
export interface SignChoice {
  /**
   * table: what the data state and know (a sign, or a measured transmitter). given: also signs that they hold and mark as not known.
   * predicted: as table, else a predicted transmitter.
   * assume, sample: what the data state, and `unknown` for the rest.
   */
  from: 'table' | 'given' | 'predicted' | 'assume' | 'sample';
  /** Predictions below this confidence do not count, 0 to 1. */
  minConfidence: number;
  /** What is done with senders whose sign is then still unknown. */
  unknown: 'refuse' | 'excitatory' | 'inhibitory' | 'sample';
  /** sample: probability that an unknown neuron inhibits. */
  inhibitoryShare: number;
  /** sample: how many draws of the unknown signs a run goes over. */
  draws: number;
}

/** 1: excites; −1: inhibits; and where that was learned. */
export interface Signs {
  /** Of each neuron's output; for neurons whose edges have signs of their own, of those that have none. */
  neurons: Int8Array;
  /** Of each edge, when the data give signs to connections. */
  edges?: Int8Array;
  /** How many neurons that send have their sign from where. */
  from: { stated: number; predicted: number; unknown: number };
  /** Chemical connections whose sign the source marks as not known, of all. */
  unsure: { connections: number; of: number };
}

/** Neurons that send chemical synapses whose sign no edge states. */
function* sendersOf(
  { pre, electrical, ids }: Connectome,
  edgeSigns: Int8Array | undefined,
): Generator<number, Uint8Array> {
  const sends = new Uint8Array(ids.length);
  for (let edge = 0; edge < pre.length; edge++) {
    if ((edge & 0x3ffff) === 0) yield edge / pre.length;
    if (!electrical[edge] && !edgeSigns?.[edge]) sends[pre[edge]] = 1;
  }
  return sends;
}

/** What is known of the signs, before anything is assumed or drawn; 0: unknown. */
export function* knownSigns(connectome: Connectome, choice: SignChoice): Generator<number, Signs> {
  const { predicted, edgeSigns, unsureSigns } = connectome;
  const unsure = { connections: 0, of: connectome.pre.length };
  for (let edge = unsureSigns?.indexOf(1) ?? -1; edge >= 0; edge = unsureSigns?.indexOf(1, edge + 1) ?? -1)
    unsure.connections++;
  const edges =
    choice.from === 'given' || unsure.connections === 0
      ? edgeSigns
      : edgeSigns?.map((sign, edge) => (unsureSigns?.[edge] ? 0 : sign));
  const sends = yield* sendersOf(connectome, edges);
  const from = { stated: 0, predicted: 0, unknown: 0 };
  const neurons = Int8Array.from(connectome.signs, (stated, i) => {
    const guess =
      choice.from === 'predicted' && predicted && predicted.confidence[i] >= choice.minConfidence
        ? predicted.signs[i]
        : 0;
    if (sends[i]) from[stated !== 0 ? 'stated' : guess !== 0 ? 'predicted' : 'unknown']++;
    return stated !== 0 ? stated : guess;
  });
  return { neurons, edges, from, unsure };
}

/**
 * All signs under one draw. Throws `bad-input` when some are unknown and the choice does not say what they are: an unknown sign
 * is not an excitatory one. seed: of the draw.
 */
export function assignSigns(connectome: Connectome, known: Signs, choice: SignChoice, seed: string): Signs {
  const { stated, predicted, unknown } = known.from;
  if (unknown > 0 && choice.unknown === 'refuse') {
    const { connections, of } = known.unsure;
    const hasPredictions = connectome.predicted?.signs.some((sign) => sign !== 0);
    throw new BregmaError(
      'bad-input',
      `${choice.from === 'table' ? 'The data state' : `The data state or predict with confidence ${choice.minConfidence} or more`} no sign for ${unknown} of ${stated + predicted + unknown} neurons that send: whether their synapses excite or inhibit is unknown.${connections > 0 ? ` The source holds a sign for ${connections} of ${of} connections and marks it as not known.` : ''}`,
      {
        next: `Build the twin with options ${connections > 0 ? '{"signs": "given"} to use the signs that the source holds but does not know, ' : ''}${hasPredictions ? `{"signs": {"from": "predicted", "min_confidence": ${choice.minConfidence || 0.5}, "unknown": "sample"}} to use predicted transmitters and draw the rest, ` : ''}{"signs": {"from": "sample", "inhibitory_share": 0.3, "draws": 5}} to run over draws of ${hasPredictions ? 'all of them' : 'the unknown signs'}, or {"signs": "assume"} to assume in so many words that they excite.`,
      },
    );
  }
  const random = makeRandom(`signs ${seed}`);
  const neurons = known.neurons.map((sign) => {
    const drawn = random.uniform() < choice.inhibitoryShare ? -1 : 1;
    if (sign !== 0) return sign;
    return choice.unknown === 'sample' ? drawn : choice.unknown === 'inhibitory' ? -1 : 1;
  });
  return { ...known, neurons };
}

/** In words, for the card and the answer. */
export function describeSigns({ from, edges, unsure }: Signs, choice: SignChoice): string {
  const parts = [
    ...(edges ? ['signs of connections from the data'] : []),
    ...(unsure.connections > 0
      ? [
          `of ${unsure.connections} of ${unsure.of} connections the source marks the sign as not known: ${choice.from === 'given' ? 'used as it holds it' : 'not used'}`,
        ]
      : []),
    ...(from.stated > 0 ? [`${from.stated} neurons as the data state`] : []),
    ...(from.predicted > 0
      ? [`${from.predicted} from predicted transmitters of confidence ${choice.minConfidence} or more`]
      : []),
    ...(from.unknown > 0
      ? [
          choice.unknown === 'sample'
            ? `${from.unknown} unknown, drawn ${choice.draws} times with ${Math.round(100 * choice.inhibitoryShare)} % inhibitory`
            : choice.unknown === 'refuse'
              ? `${from.unknown} unknown`
              : `${from.unknown} unknown, assumed to be ${choice.unknown}`,
        ]
      : []),
  ];
  return parts.join('; ') || 'no neuron sends';
}

/**
 * The same signs in another order: over the neurons that send or, where connections have signs of their own, over the connections.
 * Gives undefined when all are equal, so that no order differs from another.
 */
export function* shuffleSigns(
  connectome: Connectome,
  signs: Signs,
  seed: string,
): Generator<number, Signs | undefined> {
  const random = makeRandom(seed);
  if (signs.edges) {
    const all = Int8Array.from(signs.edges, (sign, edge) => sign || signs.neurons[connectome.pre[edge]]);
    if (all.every((sign) => sign === all[0])) return undefined;
    for (let i = all.length - 1; i > 0; i--) {
      if ((i & 0x3ffff) === 0) yield 1 - i / all.length;
      const j = random.integer(i + 1);
      const kept = all[i];
      all[i] = all[j];
      all[j] = kept;
    }
    return { ...signs, edges: all };
  }
  const sends = yield* sendersOf(connectome, undefined);
  const senders = [...sends.keys()].filter((i) => sends[i]);
  if (senders.every((i) => signs.neurons[i] === signs.neurons[senders[0]])) return undefined;
  const order = random.permutation(senders.length);
  const neurons = signs.neurons.slice();
  senders.forEach((sender, i) => {
    neurons[sender] = signs.neurons[senders[order[i]]];
  });
  return { ...signs, neurons };
}
