import type { PlanTwin } from '@bregma/core/contracts/experiment';
import type { TwinCard } from '@bregma/core/contracts/twin';

/** What a twin has seen, as a plan keeps it. A part whose stimuli the card does not list counts as all. */
export function seenBy(card: TwinCard): PlanTwin {
  const { part, indices, n, of } = card.fittedOn;
  const base = { twin: card.id, data: card.data };
  if (part === 'all') return { ...base, fittedOn: 'all' };
  if (indices) return { ...base, fittedOn: [...indices].sort((a, b) => a - b) };
  if (part === 'first-half' && /stimul|image/.test(of))
    return { ...base, fittedOn: Array.from({ length: n }, (_, i) => i) };
  return { ...base, fittedOn: 'all' };
}

/** Which of `stimuli` the twin was fitted on, when the subject is the recording that it was fitted on (any release of it). */
export function seenStimuli(twin: PlanTwin, subject: string, stimuli: number[]): number[] {
  if (datasetName(twin.data) !== datasetName(subject)) return [];
  if (twin.fittedOn === 'all') return [...stimuli];
  const seen = new Set(twin.fittedOn);
  return stimuli.filter((stimulus) => seen.has(stimulus));
}

function datasetName(reference: string): string {
  return reference.split('@')[0];
}
