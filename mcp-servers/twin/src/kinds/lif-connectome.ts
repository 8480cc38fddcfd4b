import * as z from 'zod';
import { shiu2024 } from '../domain/lif.ts';
import { assignSigns, signedNetwork } from '../domain/signed-network.ts';
import type { SpikingKind } from './kind.ts';

const Options = z.object({
  signs: z
    .enum(['table', 'assume-excitatory', 'sample'])
    .default('table')
    .describe('Signs of synapses: from transmitters in the data, assumed, or drawn where unknown'),
  inhibitory_share: z
    .number()
    .min(0)
    .max(1)
    .default(0.3)
    .describe('With sample: share of inhibitory neurons among the unknown'),
  weight_mv: z.number().positive().default(shiu2024.weightMv).describe('One synapse, mV'),
  threshold_mv: z.number().positive().default(shiu2024.thresholdMv).describe('Above rest, mV'),
  tau_membrane_ms: z.number().positive().default(shiu2024.tauMembraneMs),
  tau_synapse_ms: z.number().positive().default(shiu2024.tauSynapseMs),
  refractory_ms: z.number().min(0).default(shiu2024.refractoryMs),
  delay_ms: z.number().positive().default(shiu2024.delayMs),
});

/** Leaky integrate-and-fire neurons on a connectome: the whole-brain model of the fly. */
export const lifConnectome: SpikingKind = {
  family: 'spiking',
  name: 'lif-connectome',
  title: 'Leaky integrate-and-fire network on a connectome',
  cite: ['Shiu et al. 2024, Nature 634:210'],
  needs: 'connectome',
  options: Options,
  network(connectome, given, seed) {
    const options = Options.parse(given);
    const { signs, unknown } = assignSigns(connectome, options.signs, options.inhibitory_share, seed);
    return {
      network: signedNetwork(connectome, signs),
      signs,
      unknown,
      parameters: {
        ...shiu2024,
        weightMv: options.weight_mv,
        thresholdMv: options.threshold_mv,
        tauMembraneMs: options.tau_membrane_ms,
        tauSynapseMs: options.tau_synapse_ms,
        refractoryMs: options.refractory_ms,
        delayMs: options.delay_ms,
      },
    };
  },
};
