import type { DatasetRelease } from '@bregma/core/contracts/dataset';
import { ValueKind } from '@bregma/core/contracts/value-kind';

/**
 * What a computation over releases is: derived at best, because a program chose, joined or summed its values, and otherwise
 * as weak as the weakest of them: synthetic, imputed, simulated, predicted, not stated,
 * derived.
 */
export function computedKind(releases: DatasetRelease[]): ValueKind {
  return weakest(['derived', ...releases.map(({ card }) => card.kind)]);
}

/** The weakest of some kinds, at least one. */
export function weakest(kinds: ValueKind[]): ValueKind {
  const order = ValueKind.options;
  return [...kinds].sort((a, b) => order.indexOf(b) - order.indexOf(a))[0];
}
