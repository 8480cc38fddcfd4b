import type { Window } from './lif.ts';
import type { Perturbations } from './perturbation.ts';
import type { Group } from './select-neurons.ts';

/** Perturbations that are drawn beside spikes: more would hide them. */
const mostWindows = 8;

/** When what is done, in words for a picture: name, fromMs to untilMs, at most eight. */
export function windowsOf({ activate, silence, scale }: Perturbations, durationMs: number) {
  const window = (what: string, entry: Group & Window) => {
    const who = [...(entry.cellTypes ?? []), ...(entry.neurons ?? [])];
    return {
      name: `${what} ${who.slice(0, 3).join(', ')}${who.length > 3 ? '…' : ''}`,
      fromMs: entry.fromMs ?? 0,
      untilMs: Math.min(durationMs, entry.untilMs ?? durationMs),
    };
  };
  return [
    ...activate.map((entry) => window(`activate at ${entry.rateHz} Hz:`, entry)),
    ...silence.map((entry) => window('silence', entry)),
    ...scale.map((entry) => window(`scale × ${entry.factor}`, entry)),
  ].slice(0, mostWindows);
}
