import type { PlanContent } from '@bregma/core/contracts/experiment';
import { BregmaError } from '@bregma/core/errors';
import { beyondLimits, nameStimuli } from '@bregma/core/experiment/refusals';
import { makeRandom } from '@bregma/core/statistics/random';
import { Guard } from '../domain/guard.ts';
import type { DryRun, LabDriver, SubjectDescription, Trial } from './driver.ts';

/** Subject `scripted-NEURONSxSTIMULI`, e.g. `scripted-40x200`. */
const subjectPattern = /^scripted-([1-9]\d{0,3})x([1-9]\d{0,4})$/;

/**
 * A scripted participant for rehearsing a plan from approval to stop: responses are random numbers around a random tuning, and
 * every row says `synthetic`. No verdict accepts them.
 */
export const rehearsal: LabDriver = {
  name: 'rehearsal',
  title: 'Rehearsal',
  touchesSubject: false,
  standIn: 'scripted-12x50',

  async describe(subject): Promise<SubjectDescription> {
    const { neurons, stimuli } = parseSubject(subject);
    return {
      subject: { id: subject, protocol: 'scripted participant: a random generator, no subject', newSubjects: 0 },
      kind: 'synthetic',
      neurons,
      stimuli,
      repeats: null,
      trialDurationS: 0,
    };
  },

  async dryRun(plan): Promise<DryRun> {
    return rehearse(plan);
  },

  async open(plan, limits, context) {
    const { refusals } = rehearse(plan);
    if (refusals.length > 0)
      throw new BregmaError('not-allowed', `Rehearsal refuses the plan: ${refusals.join('; ')}.`, {
        fields: { refusal: 'plan', refusals },
      });
    const guard = new Guard(limits, context);
    return { trials: present(plan, guard, context.order), stop: (reason) => guard.stop(reason) };
  },
};

async function* present(plan: PlanContent, guard: Guard, order: number[]): AsyncGenerator<Trial, void, void> {
  const { neurons } = parseSubject(plan.subject.id);
  const noise = makeRandom(plan.design.orderSeed).fork('noise');
  const shown = new Map<number, number>();
  for (const [trial, stimulus] of order.entries()) {
    guard.before(stimulus);
    const repeat = shown.get(stimulus) ?? 0;
    shown.set(stimulus, repeat + 1);
    const tuning = makeRandom(`${plan.subject.id} ${stimulus}`);
    const responses = Float64Array.from({ length: neurons }, () => tuning.normal() + noise.normal());
    yield { trial, stimulus, repeat, kind: 'synthetic', responses };
    await guard.rest(plan.design.paceMs);
  }
}

function rehearse(plan: PlanContent): DryRun {
  const { stimuli } = parseSubject(plan.subject.id);
  const outside = plan.design.stimuli.filter((stimulus) => stimulus >= stimuli);
  return {
    would: `make ${plan.design.trials} synthetic trials; nothing is measured`,
    refusals: [
      ...(outside.length > 0 ? [`the scripted participant has no ${nameStimuli(outside)}`] : []),
      ...beyondLimits(plan),
    ],
  };
}

function parseSubject(subject: string): { neurons: number; stimuli: number } {
  const match = subjectPattern.exec(subject);
  if (!match)
    throw new BregmaError('bad-input', `'${subject.slice(0, 80)}' is no scripted participant.`, {
      next: 'Name it by neurons and stimuli: scripted-40x200.',
    });
  return { neurons: Number(match[1]), stimuli: Number(match[2]) };
}
