import { BregmaError } from '@bregma/core/errors';
import type { LifInput, LifParameters, Window } from './lif.ts';
import type { Group, NeuronIndex } from './select-neurons.ts';

/** What is done to neurons, each entry in its own window of time. */
export interface Perturbations {
  /** Poisson input of this rate into each neuron. */
  activate: (Group & Window & { rateHz: number })[];
  /** outgoing: what the neurons send is lost, as the published code does; both: they also receive nothing. */
  silence: (Group & Window & { scope: 'outgoing' | 'both' })[];
  /** Factor on all that these neurons send. */
  scale: (Group & Window & { factor: number })[];
}

/** How perturbations that meet on a neuron act together. */
export const overlapRules =
  'rates of several activations of a neuron add up, factors multiply, silence wins over both while it lasts; silence outgoing leaves a driven neuron firing unheard, both also takes its input away';

/** Perturbations as the engine takes them. */
export interface Applied {
  input: Required<LifInput>;
  /** Neurons with external input at any time. */
  driven: number[];
  /** Neurons that each entry meant, in the order activate, silence, scale. */
  sizes: { activate: number[]; silence: number[]; scale: number[] };
}

/** What perturbations mean for a network. Throws `bad-input` when a rate cannot be drawn, `unknown-name` for who is not there. */
export function applyPerturbations(
  index: NeuronIndex,
  { activate, silence, scale }: Perturbations,
  parameters: LifParameters,
): Applied {
  const input: Required<LifInput> = { poisson: [], events: [], outputScale: [], deaf: [] };
  const sizes: Applied['sizes'] = { activate: [], silence: [], scale: [] };
  const fastest = 1000 / parameters.dtMs;
  for (const entry of activate) {
    if (!(entry.rateHz > 0 && entry.rateHz <= fastest))
      throw new BregmaError(
        'bad-input',
        `A rate of ${entry.rateHz} Hz cannot be drawn in steps of ${parameters.dtMs} ms.`,
        { next: `Rates are above 0 and up to ${fastest} Hz, one spike a step.` },
      );
    const neurons = index.select(entry);
    sizes.activate.push(neurons.length);
    for (const neuron of neurons) input.poisson.push({ neuron, rateHz: entry.rateHz, ...windowOf(entry) });
  }
  for (const entry of silence) {
    const neurons = index.select(entry);
    sizes.silence.push(neurons.length);
    for (const neuron of neurons) {
      // A factor of 0 stays 0 whatever it is multiplied by: silence wins.
      input.outputScale.push({ neuron, factor: 0, ...windowOf(entry) });
      if (entry.scope === 'both') input.deaf.push({ neuron, ...windowOf(entry) });
    }
  }
  for (const entry of scale) {
    if (!Number.isFinite(entry.factor))
      throw new BregmaError('bad-input', `The factor ${entry.factor} is no finite number.`);
    const neurons = index.select(entry);
    sizes.scale.push(neurons.length);
    for (const neuron of neurons) input.outputScale.push({ neuron, factor: entry.factor, ...windowOf(entry) });
  }
  input.poisson.sort((a, b) => a.neuron - b.neuron);
  return { input, sizes, driven: [...new Set(input.poisson.map(({ neuron }) => neuron))] };
}

const windowOf = ({ fromMs, untilMs }: Window): Window => ({ fromMs, untilMs });
