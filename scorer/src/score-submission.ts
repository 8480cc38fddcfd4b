import { secretRandom } from '@bregma/benchmarks/drawn/secret-random';
import type { ScoreStatement } from '@bregma/core/contracts/score';
import { canariesOf, knowsCanaries } from './canaries.ts';
import { metrics, scoreError } from './metrics.ts';
import { inSteps, ladder, thresholdout } from './release-score.ts';
import type { SealedSet } from './sealed-set.ts';
import type { Submission } from './submission.ts';
import { sealedItems } from './take-in.ts';

/** What may be told of a submission. */
export type Judged = Pick<ScoreStatement, 'score' | 'improved' | 'step' | 'ci' | 'open' | 'gap' | 'control' | 'alarm'>;

/** Orders of the items in which the control is scored. */
const controls = 5;

/**
 * Scores predictions on the sealed items, and says what may be told of it. best: the best score that was told to this person. exact: never
 * told.
 */
export function scoreSubmission(
  { card, canaries: share, outcomes }: SealedSet,
  { values, digest }: Submission,
  best: number | undefined,
  secret: string,
): { told: Judged; exact: number } {
  const { metric, units, items, cap } = card;
  const compared = { units: units.count, items: items.count, predictions: values, outcomes };
  const sealed = sealedItems({ items, open: items.open }).filter((item) =>
    Array.from({ length: units.count }, (_, unit) => outcomes[unit * items.count + item]).some(
      (value) => !Number.isNaN(value),
    ),
  );
  const canaries = canariesOf(secret, sealed, share);
  const over = sealed.filter((item) => !canaries.has(item));
  const random = secretRandom(secret, `submission ${digest}`);
  const exact = metrics[metric](compared, over);
  // Of this submission itself, where it is less certain than the step allows for.
  const error = scoreError(metric, compared, over, random);
  const step = card.step * Math.max(1, Math.ceil(error / card.step));
  const open = items.open.length >= 3 ? metrics[metric](compared, items.open) : null;
  const alarm = knowsCanaries(compared, canaries) ? 'canary' : exact > cap ? 'cap' : undefined;
  if (alarm)
    return { told: { score: null, improved: false, step, ci: null, open, gap: null, control: null, alarm }, exact };
  const { score, improved } =
    card.mechanism === 'thresholdout' && open !== null
      ? thresholdout({ open, sealed: exact, best }, step, random)
      : ladder(best, exact, step);
  const shuffled = Array.from({ length: controls }, () =>
    metrics[metric]({ ...compared, predictions: inOtherOrder(compared, over, random) }, over),
  );
  return {
    told: {
      score,
      improved,
      step,
      ci: { low: inSteps(score - 1.96 * step, step), high: inSteps(score + 1.96 * step, step), level: 0.95 },
      open,
      gap: open === null ? null : open - score,
      control: inSteps(shuffled.reduce((sum, one) => sum + one, 0) / controls, step),
    },
    exact,
  };
}

/** Predictions in which the scored items have changed places. */
function inOtherOrder(
  { units, items, predictions }: { units: number; items: number; predictions: ArrayLike<number> },
  over: number[],
  random: { permutation(n: number): Int32Array },
): Float64Array {
  const out = Float64Array.from(predictions);
  const order = random.permutation(over.length);
  for (let unit = 0; unit < units; unit++)
    over.forEach((item, i) => {
      out[unit * items + item] = predictions[unit * items + over[order[i]]];
    });
  return out;
}
