import type { Perturb } from '../perturb.ts';
import type { Perturbations } from './perturbation.ts';

/** Rate of an activation that names none, Hz: that of Shiu et al. 2024, Nature 634:210. */
const usualRateHz = 150;

/** The argument as groups, windows and amounts, defaults filled in. */
export function readPerturb({ activate = [], silence = [], scale = [] }: Perturb = {}): Perturbations {
  return {
    activate: activate.map((one) => ({ ...targetOf(one), rateHz: one.rate_hz ?? usualRateHz })),
    silence: silence.map((one) => ({ ...targetOf(one), scope: one.scope ?? 'outgoing' })),
    scale: scale.map((one) => ({ ...targetOf(one), factor: one.factor })),
  };
}

interface Target {
  neurons?: string | string[];
  cell_type?: string | string[];
  from_ms?: number;
  until_ms?: number;
}

const targetOf = ({ neurons, cell_type, from_ms, until_ms }: Target) => ({
  neurons: neurons === undefined ? undefined : [neurons].flat(),
  cellTypes: cell_type === undefined ? undefined : [cell_type].flat(),
  fromMs: from_ms,
  untilMs: until_ms,
});
