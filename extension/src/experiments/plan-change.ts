import { canonicalJson } from '@bregma/core/canonical';
import type { PlanContent, PlanRecord } from '@bregma/core/contracts/experiment';
import { withDecimals, withDigits } from '@bregma/core/numbers';
import type { PlanModel } from '@bregma/webviews/approval/model';

/** What is compared between two plans, in the words of a person who signs. */
const parts: [what: string, of: (plan: PlanContent) => unknown][] = [
  ['Driver', ({ driver }) => driver],
  ['Subject', ({ subject }) => subject.id],
  ['Protocol', ({ subject }) => subject.protocol],
  ['Protocol expires', ({ subject }) => subject.protocolExpires ?? 'not stated'],
  ['New subjects', ({ cost }) => cost.newSubjects],
  ['Trials', ({ design }) => design.trials],
  ['Stimuli', ({ design }) => listed(design.stimuli)],
  ['Repeats', ({ design }) => listed([...new Set(design.repeats)])],
  ['Pace', ({ design }) => `${design.paceMs} ms`],
  ['Randomisation', ({ design }) => design.randomisation],
  ['Order seed', ({ design }) => design.orderSeed],
  ['Limit of trials', ({ limits }) => limits.maxTrials],
  ['Limit of time', ({ limits }) => `${limits.maxDurationS} s`],
  ['Allowed stimuli', ({ limits }) => listed(limits.allowedStimuli)],
  ['Duration', ({ cost }) => `${withDecimals(cost.durationS, 0)} s`],
  ['Level of the test', ({ power }) => withDigits(power.level, 3)],
  ['Twins', ({ twins }) => twins.map(({ twin }) => twin).join(', ')],
];

/** How a plan differs from the one before it. approved: that one was signed as approved. */
export function planChange(before: PlanRecord, after: PlanRecord, approved: boolean): PlanModel['change'] {
  const differences = parts.flatMap(([what, of]) => {
    const [old, now] = [of(before.content), of(after.content)];
    return canonicalJson(old) === canonicalJson(now) ? [] : [{ what, before: String(old), after: String(now) }];
  });
  return { since: before.id, approved, differences };
}

/** "12: 3, 4, 5, 6, 7, 8 …" */
function listed(numbers: number[]): string {
  return `${numbers.length}: ${numbers.slice(0, 6).join(', ')}${numbers.length > 6 ? ' …' : ''}`;
}
