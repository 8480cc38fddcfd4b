import type { LifParameters } from './lif.ts';

/**
 * Exact solution of v' = (g − v)/τm, g' = −g/τs over a time k·dt, as v ← v·membrane + g·into, g ← g·synapse. With equal time
 * constants `into` is the alpha function.
 */
export function decayOver(
  steps: number,
  { dtMs, tauMembraneMs, tauSynapseMs }: LifParameters,
): { membrane: number; synapse: number; into: number } {
  const t = steps * dtMs;
  const membrane = Math.exp(-t / tauMembraneMs);
  const synapse = Math.exp(-t / tauSynapseMs);
  const into =
    tauMembraneMs === tauSynapseMs
      ? (t / tauMembraneMs) * membrane
      : (tauSynapseMs / (tauSynapseMs - tauMembraneMs)) * (synapse - membrane);
  return { membrane, synapse, into };
}

/** How v splits: v = a + c·g with a' = −a/τm. Infinite for equal time constants. */
export function couplingOf({ tauMembraneMs, tauSynapseMs }: LifParameters): number {
  return tauSynapseMs / (tauSynapseMs - tauMembraneMs);
}

/**
 * The least v, mV above rest, from which a neuron with synaptic input g, mV, ever reaches threshold when nothing more arrives.
 * v is below g here: a v above g only falls.
 */
export function leastPotential(g: number, parameters: LifParameters): number {
  const { thresholdMv, tauMembraneMs, tauSynapseMs } = parameters;
  if (g <= thresholdMv) return thresholdMv;
  // Backwards from the peak: there v = g = threshold, and g was larger before. Along that path g = threshold·e^(s/τs), s before.
  const s = tauSynapseMs * Math.log(g / thresholdMv);
  const { membrane, into } = decayOver(s / parameters.dtMs, { ...parameters, tauMembraneMs, tauSynapseMs });
  // threshold = v·membrane + g·into
  return (thresholdMv - g * into) / membrane;
}
