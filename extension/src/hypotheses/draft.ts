import type { HypothesisContent } from '@bregma/core/contracts/hypothesis';
import { metrics } from '@bregma/core/contracts/metric';
import { draftContent } from '@bregma/webviews/draft/content';
import type { DraftForm, DraftModel } from '@bregma/webviews/draft/model';

/** An empty form: one rival and one prediction to fill in. */
export function emptyForm(): DraftForm {
  return {
    claim: '',
    rivals: [''],
    predictions: [{ id: 'p1', metric: metrics[0].name, direction: 'greater', size: '', between: [], because: '' }],
    plan: '',
  };
}

/** The form of a hypothesis that exists. */
export function formOf({ claim, rivals, predictions, plan }: HypothesisContent): DraftForm {
  return {
    claim,
    rivals: [...rivals],
    predictions: predictions.map(({ id, metric, direction, size, between, because, measured, unit }) => ({
      id,
      metric,
      direction,
      size: String(size),
      between: [...between],
      because: because ?? '',
      ...(measured && { measured, unit }),
    })),
    plan: plan ?? '',
  };
}

/** The arguments of record_hypothesis for what a person typed. supersedes: of the draft that is edited. */
export function recordArguments(
  form: DraftForm,
  { mode, of, supersedes }: Pick<DraftModel, 'mode' | 'of'> & { supersedes?: string },
): Record<string, unknown> {
  return {
    ...draftContent(form),
    supersedes: mode === 'supersede' ? of : supersedes,
    replaces: mode === 'edit' ? of : undefined,
  };
}
