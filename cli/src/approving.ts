import { existsSync } from 'node:fs';
import { createKey, loadKey, type SigningKey } from '@bregma/core/approval/keys';
import type { PlanRecord } from '@bregma/core/contracts/experiment';
import { withDecimals, withDigits } from '@bregma/core/numbers';
import { ask, mustBeAsked } from './prompt.ts';

/** What a person must have read before signing: subject, size, limits, cost, permission. */
export function describePlan({ id, hash, content }: PlanRecord): string {
  const { subject, design, limits, cost, power } = content;
  return [
    `Plan      ${id}  (sha256 ${hash})`,
    `Tests     ${content.hypothesis}`,
    `Subject   ${subject.id}${subject.species ? `, ${subject.species}` : ''}; protocol: ${subject.protocol}; newly used subjects: ${subject.newSubjects}`,
    `Driver    ${content.driver}`,
    `Design    ${design.trials} trials over ${design.stimuli.length} stimuli; ${design.randomisation}`,
    `Power     detects ${withDigits(power.detectable, 3)} with probability ${power.power} at level ${withDigits(power.level, 3)} (n = ${power.n} ${power.of})`,
    `Limits    at most ${limits.maxTrials} trials, ${limits.maxDurationS} s, ${limits.allowedStimuli.length} allowed stimuli`,
    `Cost      ${cost.trials} trials, ${withDecimals(cost.durationS, 0)} s, ${cost.newSubjects} new subjects`,
  ].join('\n');
}

/** The key of a file, which is made when there is none. Asks for its passphrase at a terminal, and is refused without one. */
export async function keyMade(file: string): Promise<SigningKey> {
  mustBeAsked('A key is opened and made at a terminal.');
  if (existsSync(file)) return loadKey(file, await ask('Passphrase: ', { hidden: true }));
  process.stderr.write(`There is no key at ${file} yet: one is made now.\n`);
  return createKey(file, await ask('New passphrase: ', { hidden: true }));
}
