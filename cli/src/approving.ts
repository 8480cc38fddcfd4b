import type { PlanRecord } from '@bregma/core/contracts/experiment';

/** What a person must have read before signing: subject, size, limits, cost, permission. */
export function describePlan({ id, hash, content }: PlanRecord): string {
  const { subject, design, limits, cost, power } = content;
  return [
    `Plan      ${id}  (sha256 ${hash})`,
    `Tests     ${content.hypothesis}`,
    `Subject   ${subject.id}${subject.species ? `, ${subject.species}` : ''}; protocol: ${subject.protocol}; newly used subjects: ${subject.newSubjects}`,
    `Driver    ${content.driver}`,
    `Design    ${design.trials} trials over ${design.stimuli.length} stimuli; ${design.randomisation}`,
    `Power     detects ${power.detectable.toPrecision(3)} with probability ${power.power} at level ${power.level.toPrecision(3)} (n = ${power.n} ${power.of})`,
    `Limits    at most ${limits.maxTrials} trials, ${limits.maxDurationS} s, ${limits.allowedStimuli.length} allowed stimuli`,
    `Cost      ${cost.trials} trials, ${cost.durationS.toFixed(0)} s, ${cost.newSubjects} new subjects`,
  ].join('\n');
}
