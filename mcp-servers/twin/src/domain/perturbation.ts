import { BregmaError, unknownName } from '@bregma/core/errors';
import { nearest } from '@bregma/core/nearest';
import type { Connectome } from './connectome.ts';
import type { LifInput, LifParameters } from './lif.ts';

/** Some neurons, by id or name, or all of a cell type as `type:NAME`. */
export interface Group {
  neurons: string[];
}

export interface Perturbations {
  activate: (Group & { rate_hz: number })[];
  /** The published code zeroes outgoing weights; its text speaks of both. */
  silence: (Group & { scope: 'outgoing' | 'both' })[];
  /** Factor on all that these neurons send. */
  scale: (Group & { factor: number })[];
}

/** Indices of the neurons that are named. Throws `unknown-name` with the nearest. */
export function selectNeurons(connectome: Connectome, references: string[]): number[] {
  const found = new Set<number>();
  for (const reference of references) {
    const type = reference.startsWith('type:') ? reference.slice(5) : undefined;
    const matches = [...connectome.ids.keys()].filter((i) =>
      type === undefined
        ? connectome.ids[i] === reference || connectome.neurons[i] === reference
        : connectome.types[i] === type,
    );
    if (matches.length === 0) {
      const known =
        type === undefined
          ? new Set([...connectome.neurons, ...connectome.ids])
          : new Set(connectome.types.filter(Boolean));
      throw unknownName(
        type === undefined ? 'neuron' : 'cell type',
        type ?? reference,
        nearest(type ?? reference, known),
        'Neurons are named by id, by name, or all of a type as type:NAME.',
      );
    }
    for (const match of matches) found.add(match);
  }
  return [...found].sort((a, b) => a - b);
}

/** What the perturbations mean for a network: driven neurons, factors on outputs, and neurons that receive nothing. */
export function applyPerturbations(
  connectome: Connectome,
  { activate, silence, scale }: Perturbations,
  parameters: LifParameters,
): Required<LifInput> {
  const factors = new Map<number, number>();
  const rates = new Map<number, number>();
  const fastest = 1000 / parameters.dtMs;
  for (const { neurons, rate_hz } of activate) {
    if (!(rate_hz > 0 && rate_hz <= fastest))
      throw new BregmaError('bad-input', `A rate of ${rate_hz} Hz cannot be drawn in steps of ${parameters.dtMs} ms.`, {
        next: `Rates go up to ${fastest} Hz.`,
      });
    for (const neuron of selectNeurons(connectome, neurons)) rates.set(neuron, rate_hz);
  }
  for (const { neurons, factor } of scale)
    for (const neuron of selectNeurons(connectome, neurons)) factors.set(neuron, (factors.get(neuron) ?? 1) * factor);
  const deaf = new Set<number>();
  for (const { neurons, scope } of silence) {
    for (const neuron of selectNeurons(connectome, neurons)) {
      factors.set(neuron, 0);
      if (scope === 'both') deaf.add(neuron);
    }
  }
  const poisson = [...rates].map(([neuron, rateHz]) => ({ neuron, rateHz })).sort((a, b) => a.neuron - b.neuron);
  return {
    poisson,
    events: [],
    outputScale: [...factors].map(([neuron, factor]) => ({ neuron, factor })),
    deaf: [...deaf].map((neuron) => ({ neuron })),
  };
}
