import { BregmaError } from '@bregma/core/errors';
import type { Connectome } from '../domain/connectome.ts';
import { type LifNetwork, type LifParameters, packing } from './lif.ts';
import type { Signs } from './signs.ts';

/** Largest count of one connection that an engine holds. */
const largestCount = 8191;

/** How weights become the whole numbers that are simulated. */
export interface WeightUnit {
  /** Counts per synapse; 1 when all weights are whole numbers. */
  perSynapse: number;
  /** Largest difference that rounding makes, synapses. */
  largestError: number;
  /** Connections that round to nothing. */
  lost: number;
}

/**
 * The unit in which the weights of chemical synapses are simulated. Whole numbers stay as they are. Others are counted in the
 * finest fraction of a synapse that the packed form holds, and the error of that is stated. Throws `bad-input`, naming the neurons,
 * when a weight is beyond the packed form.
 */
export function* weightUnitOf({ weight, electrical, ids, pre, post }: Connectome): Generator<number, WeightUnit> {
  let most = 0;
  let whole = true;
  for (let edge = 0; edge < weight.length; edge++) {
    if ((edge & 0x3ffff) === 0) yield edge / weight.length;
    if (electrical[edge]) continue;
    if (weight[edge] > largestCount)
      throw new BregmaError(
        'bad-input',
        `The connection ${ids[pre[edge]]} → ${ids[post[edge]]} has the weight ${weight[edge]}; up to ${largestCount} synapses fit one connection.`,
        { next: 'Correct the weight, or split the connection into several rows.' },
      );
    if (weight[edge] > most) most = weight[edge];
    whole &&= Number.isInteger(weight[edge]);
  }
  if (whole) return { perSynapse: 1, largestError: 0, lost: 0 };
  const perSynapse = Math.min(2 ** 20, Math.floor(largestCount / most));
  let [largestError, lost] = [0, 0];
  for (let edge = 0; edge < weight.length; edge++) {
    if ((edge & 0x3ffff) === 0) yield edge / weight.length;
    if (electrical[edge]) continue;
    const count = Math.round(weight[edge] * perSynapse);
    largestError = Math.max(largestError, Math.abs(count / perSynapse - weight[edge]));
    lost += Number(count === 0 && weight[edge] > 0);
  }
  return { perSynapse, largestError, lost };
}

/** The model's parameters for counts in that unit: a synapse and an external spike keep their sizes in mV. */
export function inUnit(parameters: LifParameters, { perSynapse }: WeightUnit): LifParameters {
  if (perSynapse === 1) return parameters;
  return {
    ...parameters,
    weightMv: parameters.weightMv / perSynapse,
    driveSynapses: parameters.driveSynapses * perSynapse,
  };
}

/** Packs the chemical synapses of a connectome with these signs. Electrical connections are not part of the model. */
export function* signedNetwork(connectome: Connectome, signs: Signs, unit: WeightUnit): Generator<number, LifNetwork> {
  const { pre, post, weight, electrical, ids } = connectome;
  let chemical = pre.length;
  for (let edge = electrical.indexOf(1); edge >= 0; edge = electrical.indexOf(1, edge + 1)) chemical--;
  const all = chemical === pre.length;
  const [from, to] = all ? [pre, post] : [new Int32Array(chemical), new Int32Array(chemical)];
  const count = new Int16Array(chemical);
  let at = 0;
  for (let edge = 0; edge < pre.length; edge++) {
    if ((edge & 0x3ffff) === 0) yield edge / pre.length;
    if (electrical[edge]) continue;
    const sign = signs.edges?.[edge] || signs.neurons[pre[edge]];
    count[at] = sign * Math.round(weight[edge] * unit.perSynapse);
    if (!all) {
      from[at] = pre[edge];
      to[at] = post[edge];
    }
    at++;
  }
  return yield* packing(ids.length, from, to, count);
}
