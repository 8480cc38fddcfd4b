import type { Random } from '@bregma/core/statistics/random';

/** A small network of leaky integrate-and-fire neurons. */
export interface Circuit {
  names: string[];
  /** [to × from], C order; negative: inhibition. */
  weights: Float64Array;
  /** Background input of each neuron, a share of what makes it fire. */
  drive: Float64Array;
}

/** Time constants and refractory period as Shiu et al. 2024, Nature 634:210; ms, and mV above rest. */
const neuron = { tauMembraneMs: 20, tauSynapseMs: 5, thresholdMv: 7, refractoryMs: 2 };
const [dtMs, durationMs, settleMs] = [1, 500, 100];
/** Kick of one spike over a connection of weight 1, and of one of the background, mV. */
const [perWeightMv, backgroundMv, backgroundHz] = [1.1, 2.2, 500];
/** Input of a stimulated neuron, a share of what makes it fire. */
const stimulus = 2.5;

/** Mean rate of each neuron over trials, spikes / s, after the network has settled. Neurons by their places. */
export function rates(
  { names, weights, drive }: Circuit,
  { stimulated, silenced }: { stimulated: number[]; silenced: number[] },
  trials: number,
  random: Random,
): Float64Array {
  const n = names.length;
  const spikes = new Float64Array(n);
  const [still, driven] = [new Set(silenced), new Set(stimulated)];
  const decay = { v: Math.exp(-dtMs / neuron.tauMembraneMs), g: Math.exp(-dtMs / neuron.tauSynapseMs) };
  const share = 1 - decay.v;
  for (let trial = 0; trial < trials; trial++) {
    const [v, g, free] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
    for (let time = 0; time < durationMs; time += dtMs) {
      const fired: number[] = [];
      for (let i = 0; i < n; i++) {
        g[i] *= decay.g;
        if (random.uniform() < (drive[i] * backgroundHz * dtMs) / 1000) g[i] += backgroundMv;
        const constant = driven.has(i) ? stimulus * neuron.thresholdMv : 0;
        v[i] = time < free[i] ? 0 : v[i] * decay.v + (g[i] + constant) * share;
        if (v[i] < neuron.thresholdMv || still.has(i)) continue;
        fired.push(i);
        v[i] = 0;
        free[i] = time + neuron.refractoryMs;
        if (time >= settleMs) spikes[i]++;
      }
      for (const from of fired) for (let to = 0; to < n; to++) g[to] += perWeightMv * weights[to * n + from];
    }
  }
  const seconds = (trials * (durationMs - settleMs)) / 1000;
  return spikes.map((count) => count / seconds);
}
