import { inWords, type Tails } from '../statistics/permutation.ts';
import type { Measured } from '../table-tests/table-test.ts';

/** What was measured but for its p-values. */
type Rest = Omit<Measured, 'above' | 'below' | 'how'>;

/**
 * What was measured, with p-values from a null distribution that is drawn for each bound when it is first asked for, and once.
 * before: what stands before "exact, 252 ways".
 */
export function drawnFor(rest: Rest, draw: (bound: number) => Tails, before = ''): Measured {
  const known = new Map<number, Tails>();
  const tails = (bound: number): Tails => {
    const found = known.get(bound) ?? draw(bound);
    known.set(bound, found);
    return found;
  };
  return joined(rest, {
    above: (bound) => tails(bound).above,
    below: (bound) => tails(bound).below,
    get how() {
      return before + inWords([...known.values()][0] ?? tails(0));
    },
  });
}

/**
 * What was measured, with p-values against "no effect" alone. side: the metric is as small, or as large, as it can be where there is no effect, so that
 * nothing lies on its other side.
 */
export function drawnForNothing(
  rest: Rest,
  draw: () => Tails,
  { before = '', nothing = 0, side }: { before?: string; nothing?: number; side?: 'above' | 'below' } = {},
): Measured {
  let drawn: Tails | undefined;
  const tails = () => (drawn ??= draw());
  const on = (own: 'above' | 'below') => (bound: number) =>
    bound !== nothing ? null : side && side !== own ? 1 : tails()[own];
  return joined(rest, {
    above: on('above'),
    below: on('below'),
    get how() {
      return before + inWords(tails());
    },
  });
}

/** Both as one; what either makes only when it is asked for is made then. */
function joined(rest: Rest, says: Pick<Measured, 'above' | 'below' | 'how'>): Measured {
  // SAFETY: `says` gets every member that it lacks of what was measured.
  return Object.defineProperties(says, Object.getOwnPropertyDescriptors(rest)) as Measured;
}
