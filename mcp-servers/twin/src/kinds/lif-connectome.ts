import * as z from 'zod';
import { imputedChoices } from '../keep-edges.ts';
import { shiu2024 } from '../spiking/lif.ts';
import { selfLoopChoices } from '../spiking/self-loops.ts';
import type { SignChoice } from '../spiking/signs.ts';
import { spikingTwin } from '../spiking/spiking-twin.ts';

const SignSource = z.enum(['table', 'given', 'predicted', 'assume', 'sample']);

const SignOptions = z.strictObject({
  from: SignSource,
  min_confidence: z.number().min(0).max(1).default(0),
  unknown: z.enum(['refuse', 'excitatory', 'inhibitory', 'sample']).optional(),
  inhibitory_share: z.number().min(0).max(1).default(0.3),
  draws: z.number().int().min(1).max(100).default(5),
});

const Options = z.object({
  signs: z
    .union([SignSource, SignOptions])
    .default('table')
    .describe(
      'table: sign or measured transmitter in the data, refused if unknown; given: also signs that the data hold and mark as not known; predicted: also predicted transmitters of min_confidence; assume: the unknown are excitatory (or unknown: "inhibitory"); sample: runs over draws of the unknown, of which inhibitory_share inhibit. unknown: what to do with the rest after predicted',
    ),
  self_loops: z
    .enum(selfLoopChoices)
    .default('keep')
    .describe(
      'Connections of a neuron to itself. keep, as the published model: with its delay and refractory period they act on driven neurons alone; drop; refuse',
    ),
  imputed: z
    .enum(imputedChoices)
    .default('keep')
    .describe('Connections that the source did not see but assumed: keep, drop or refuse'),
  weight_mv: z.number().positive().default(shiu2024.weightMv).describe('One synapse, mV'),
  threshold_mv: z.number().positive().default(shiu2024.thresholdMv).describe('Above rest, mV'),
  tau_membrane_ms: z.number().positive().default(shiu2024.tauMembraneMs).describe('ms'),
  tau_synapse_ms: z.number().positive().default(shiu2024.tauSynapseMs).describe('ms'),
  refractory_ms: z.number().min(0).default(shiu2024.refractoryMs).describe('ms; driven neurons have none'),
  delay_ms: z.number().positive().default(shiu2024.delayMs).describe('ms'),
  drive_synapses: z
    .number()
    .positive()
    .default(shiu2024.driveSynapses)
    .describe('Size of one external spike, in synapses'),
});

/** Leaky integrate-and-fire neurons on a connectome: the whole-brain model of the fly. */
export const lifConnectome = spikingTwin({
  name: 'lif-connectome',
  title: 'Leaky integrate-and-fire network on a connectome',
  cite: ['Shiu et al. 2024, Nature 634:210'],
  options: Options,
  settings: (options) => ({
    signs: choiceOf(options.signs),
    selfLoops: options.self_loops,
    imputed: options.imputed,
    parameters: {
      ...shiu2024,
      weightMv: options.weight_mv,
      thresholdMv: options.threshold_mv,
      tauMembraneMs: options.tau_membrane_ms,
      tauSynapseMs: options.tau_synapse_ms,
      refractoryMs: options.refractory_ms,
      delayMs: options.delay_ms,
      driveSynapses: options.drive_synapses,
    },
  }),
});

function choiceOf(given: z.output<typeof Options.shape.signs>): SignChoice {
  const { from, min_confidence, unknown, inhibitory_share, draws } = SignOptions.parse(
    typeof given === 'string' ? { from: given } : given,
  );
  const rest = {
    table: 'refuse',
    given: 'refuse',
    predicted: 'refuse',
    assume: 'excitatory',
    sample: 'sample',
  } as const;
  return {
    from,
    minConfidence: min_confidence,
    unknown: from === 'sample' ? 'sample' : (unknown ?? rest[from]),
    inhibitoryShare: inhibitory_share,
    draws,
  };
}
