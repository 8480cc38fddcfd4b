import { BregmaError } from '@bregma/core/errors';
import { makeRandom } from '@bregma/core/statistics/random';
import type { Connectome } from './connectome.ts';
import { type LifNetwork, type LifParameters, packNetwork } from './lif.ts';

/** Where the signs of synapses come from. */
export type SignSource = 'table' | 'assume-excitatory' | 'sample';

export interface SpikingNetwork {
  network: LifNetwork;
  parameters: LifParameters;
  /** Sign of each neuron's output. */
  signs: Int8Array;
  /** Neurons whose sign the data did not give. */
  unknown: number;
}

/**
 * Signs of all neurons. table: from the transmitter in the data; throws `bad-input` when some are unknown there, because an
 * unknown sign is not an excitatory one. assume-excitatory: all that are unknown excite, as an explicit assumption. sample: each
 * unknown neuron inhibits with probability `inhibitoryShare`, drawn by the seed.
 */
export function assignSigns(
  connectome: Connectome,
  source: SignSource,
  inhibitoryShare: number,
  seed: number,
): { signs: Int8Array; unknown: number } {
  const senders = new Set(connectome.pre);
  const unknown = [...senders].filter((neuron) => connectome.signs[neuron] === 0).length;
  if (source === 'table' && unknown > 0) {
    throw new BregmaError(
      'bad-input',
      `The data give no transmitter for ${unknown} of ${senders.size} neurons that send: the signs of their synapses are unknown.`,
      {
        next: 'Build the twin with options {"signs": "sample"} to run over draws of the unknown signs, or {"signs": "assume-excitatory"} to assume it in so many words.',
      },
    );
  }
  const random = makeRandom(`signs ${seed}`);
  const signs = connectome.signs.map((sign) => {
    const drawn = random.uniform() < inhibitoryShare ? -1 : 1;
    return sign !== 0 ? sign : source === 'sample' ? drawn : 1;
  });
  return { signs, unknown };
}

/** Packs the chemical synapses of a connectome with these signs. Electrical connections are not part of the model. */
export function signedNetwork(connectome: Connectome, signs: Int8Array): LifNetwork {
  const chemical = Array.from(connectome.electrical.keys()).filter((edge) => connectome.electrical[edge] === 0);
  return packNetwork(
    connectome.ids.length,
    Int32Array.from(chemical, (edge) => connectome.pre[edge]),
    Int32Array.from(chemical, (edge) => connectome.post[edge]),
    Float64Array.from(chemical, (edge) => signs[connectome.pre[edge]] * Math.round(connectome.weight[edge])),
  );
}
