import type { PlanTwin } from '../contracts/experiment.ts';
import type { TwinCard } from '../contracts/twin.ts';

/** What a twin has seen, as a plan keeps it. A part whose stimuli the card does not list counts as all. */
export function seenBy(card: TwinCard): PlanTwin {
  const { part, indices } = card.fittedOn;
  const known = part !== 'all' && indices !== undefined;
  return { twin: card.id, data: card.data, fittedOn: known ? [...indices].sort((a, b) => a - b) : 'all' };
}

/** Which of `stimuli` the twin was fitted on, when the subject is the recording that it was fitted on (any release of it). */
export function seenStimuli(twin: PlanTwin, subject: string, stimuli: number[]): number[] {
  if (datasetName(twin.data) !== datasetName(subject)) return [];
  if (twin.fittedOn === 'all') return [...stimuli];
  const seen = new Set(twin.fittedOn);
  return stimuli.filter((stimulus) => seen.has(stimulus));
}

/** `id` of `id@release`. */
export function datasetName(reference: string): string {
  return reference.split('@')[0];
}
