import type { ValueKind } from '@bregma/core/contracts/value-kind';
import { h } from './dom.ts';

/** A sign of its own for each kind, so that it is seen without colour. */
const marks: Record<ValueKind, string> = {
  measured: '●',
  derived: '◆',
  predicted: '◇',
  simulated: '○',
  imputed: '△',
  synthetic: '✕',
};

/** The badge that says how a value came to be. */
export function kindMark(kind: ValueKind): HTMLElement {
  return h('span', { class: 'kind', 'data-kind': kind, 'data-mark': marks[kind] }, kind);
}

/** Dashes of a line of values of this kind: what comes from an organism is drawn solid. */
export const kindDash: Record<ValueKind, string | undefined> = {
  measured: undefined,
  derived: undefined,
  predicted: '7 4',
  simulated: '2 3',
  imputed: '1 4',
  synthetic: '9 3 2 3',
};
