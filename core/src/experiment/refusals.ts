import type { PlanContent, PlanTwin } from '../contracts/experiment.ts';

/** Why a plan contradicts its own limits; every driver asks this in its dry run. */
export function beyondLimits({ design, limits }: PlanContent): string[] {
  const allowed = new Set(limits.allowedStimuli);
  const outside = design.stimuli.filter((stimulus) => !allowed.has(stimulus));
  return [
    ...(design.trials > limits.maxTrials
      ? [`${design.trials} trials are more than the limit of ${limits.maxTrials}`]
      : []),
    ...(outside.length > 0 ? [`the limits do not allow ${nameStimuli(outside)}`] : []),
  ];
}

/** "stimuli 3, 4, 5, 6, 7 and 12 more" */
export function nameStimuli(stimuli: number[]): string {
  const shown = stimuli.slice(0, 5).join(', ');
  const rest = stimuli.length > 5 ? ` and ${stimuli.length - 5} more` : '';
  return `stimul${stimuli.length === 1 ? 'us' : 'i'} ${shown}${rest}`;
}

/** Why a twin says nothing about this subject's neurons. */
export function otherNeurons(twin: PlanTwin, subject: string): string {
  return `${twin.twin} is a twin of the neurons of ${twin.data}, and nothing shows that ${subject} holds the same ones`;
}
