import type { ValueKind } from './value-kind.ts';

/** A sign of its own for each kind of value, so that it is seen without colour; the same in trees, notebooks, pages and views. */
export const kindSigns: Record<ValueKind, string> = {
  measured: '●',
  derived: '◆',
  'not stated': '?',
  predicted: '◇',
  simulated: '○',
  imputed: '△',
  synthetic: '✕',
};
