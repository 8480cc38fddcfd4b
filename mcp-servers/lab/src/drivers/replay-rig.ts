import type { PlanContent } from '@bregma/core/contracts/experiment';
import type { ValueKind } from '@bregma/core/contracts/value-kind';
import { BregmaError } from '@bregma/core/errors';
import { neuronsOfTwin, seenByContent } from '@bregma/core/experiment/exposure';
import { beyondLimits, nameStimuli, otherNeurons } from '@bregma/core/experiment/refusals';
import { originOf } from '@bregma/core/identity/origin';
import { datasetRef } from '@bregma/core/ledger/catalogue';
import { makeRandom } from '@bregma/core/statistics/random';
import { Guard } from '../domain/guard.ts';
import { measuredSlots, openRecording, type Recording, responsesAt } from '../domain/recording.ts';
import type { DriverContext, DryRun, LabDriver, SubjectDescription, Trial } from './driver.ts';

/**
 * Plays a real recording back as if the subject were there: asked for a stimulus, it returns what the neurons did in one of
 * the real presentations of it, each presentation at most once and in random order. It invents nothing: a stimulus that the
 * recording lacks, or more presentations than there were, are refused, and so are stimuli that a twin of the plan was fitted on.
 */
export const replayRig: LabDriver = {
  name: 'replay-rig',
  title: 'Replay rig',
  touchesSubject: false,

  async describe(subject, context): Promise<SubjectDescription> {
    const recording = openRecording(subject, context);
    return describeRecording(recording, kindOf(recording, context));
  },

  async dryRun(plan, context): Promise<DryRun> {
    return rehearse(plan, openRecording(plan.subject.id, context), context);
  },

  async open(plan, limits, context) {
    const recording = openRecording(plan.subject.id, context);
    const { refusals } = await rehearse(plan, recording, context);
    if (refusals.length > 0)
      throw new BregmaError('not-allowed', `Replay rig refuses the plan: ${refusals.join('; ')}.`, {
        next: 'Make another plan with plan_experiment.',
        fields: { refusal: 'plan', refusals },
      });
    const guard = new Guard(limits, context);
    return {
      trials: present(plan, recording, { guard, kind: kindOf(recording, context) }, context.order),
      stop: (reason) => guard.stop(reason),
    };
  },
};

async function* present(
  plan: PlanContent,
  recording: Recording,
  { guard, kind }: { guard: Guard; kind: ValueKind },
  order: number[],
): AsyncGenerator<Trial, void, void> {
  const draw = makeRandom(plan.design.orderSeed).fork('repeats');
  const left = new Map<number, number[]>();
  for (const stimulus of plan.design.stimuli) left.set(stimulus, draw.shuffle(measuredSlots(recording, stimulus)));
  for (const [trial, stimulus] of order.entries()) {
    guard.before(stimulus);
    const repeat = left.get(stimulus)?.pop();
    if (repeat === undefined)
      throw new BregmaError('not-allowed', `No presentation of stimulus ${stimulus} is left in the recording.`, {
        next: 'Ask for fewer repeats.',
        fields: { refusal: 'repeats' },
      });
    yield { trial, stimulus, repeat, kind, responses: responsesAt(recording, stimulus, repeat) };
    await guard.rest(plan.design.paceMs);
  }
}

/** What the card says, unless the ledger knows that nobody measured these responses. */
function kindOf({ release }: Recording, context: DriverContext): ValueKind {
  const { kind } = release.card;
  return kind === 'measured' || kind === 'not stated' ? (originOf(release, context)?.kind ?? kind) : kind;
}

function describeRecording(recording: Recording, kind: ValueKind): SubjectDescription {
  const { release, neurons, stimuli } = recording;
  return {
    subject: {
      id: datasetRef(release),
      species: release.card.species,
      protocol: 'archival recording, no new animal use',
      newSubjects: 0,
    },
    kind,
    neurons,
    stimuli,
    repeats: Array.from({ length: stimuli }, (_, stimulus) => measuredSlots(recording, stimulus).length),
    trialDurationS: 0,
    release: [datasetRef(release)],
    licence: [release.card.licence],
    cite: release.card.cite,
  };
}

async function rehearse(plan: PlanContent, recording: Recording, context: DriverContext): Promise<DryRun> {
  const { design, twins } = plan;
  const subject = datasetRef(recording.release);
  const refusals: string[] = [];
  const outside = design.stimuli.filter((stimulus) => stimulus >= recording.stimuli);
  if (outside.length > 0) refusals.push(`the recording does not hold ${nameStimuli(outside)}`);
  const never = design.stimuli.filter((_, i) => design.repeats[i] === 0);
  if (never.length > 0) refusals.push(`the recording has no presentation of ${nameStimuli(never)}`);
  const short = design.stimuli.filter(
    (stimulus, i) => stimulus < recording.stimuli && measuredSlots(recording, stimulus).length < design.repeats[i],
  );
  if (short.length > 0) refusals.push(`the recording has fewer real repeats than asked of ${nameStimuli(short)}`);
  for (const twin of twins) {
    if (!(await neuronsOfTwin(twin, subject, context))) {
      refusals.push(otherNeurons(twin, subject));
      continue;
    }
    const seen = await seenByContent(twin, subject, design.stimuli, context);
    if (seen.length > 0) refusals.push(`${twin.twin} was fitted on ${nameStimuli(seen)}`);
  }
  refusals.push(...beyondLimits(plan));
  return {
    would: `replay ${design.trials} ${recording.trial} of ${design.stimuli.length} stimuli from ${subject} (${recording.neurons} neurons), ${design.randomisation}; nothing is stimulated`,
    refusals,
  };
}
