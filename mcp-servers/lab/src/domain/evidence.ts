import { findPlan } from '@bregma/core/approval/check';
import type { ExperimentEnd, PlanContent } from '@bregma/core/contracts/experiment';
import type { Prediction, TestResult } from '@bregma/core/contracts/hypothesis';
import { howToState, type ValueKind } from '@bregma/core/contracts/value-kind';
import { BregmaError } from '@bregma/core/errors';
import { type ExperimentView, findExperiment } from '@bregma/core/experiment/experiments';
import { recordingNamed, seenByContent, seenInRecording, unitsOf } from '@bregma/core/experiment/exposure';
import { seenBefore, seenInWords } from '@bregma/core/experiment/seen-evidence';
import { nextLevel } from '@bregma/core/hypothesis/budget';
import { findDataset } from '@bregma/core/ledger/catalogue';
import type { LedgerRecord } from '@bregma/core/ledger/records';
import type { Workspace } from '@bregma/core/workspace';
import { openPredictions, type Predicted } from './predictions.ts';
import { loadRows } from './trial-table.ts';
import { tooFewUnits, undecidable } from './undecidable.ts';

/** What a test will read, checked without looking at one measured number. */
export interface CollectedEvidence {
  experiment: ExperimentView;
  end: ExperimentEnd;
  /** Units of inference: the planned stimuli, each with its copies. */
  units: number[][];
  /** In the order of the prediction's `between`. */
  predicted: Predicted[];
  /** How the stimuli were chosen, where they were chosen to tell the twins apart. */
  chosen?: string;
  release: string[];
  seed: number;
}

/**
 * Everything that can rule a test out, before it costs budget: an experiment that has not ended or holds rows that nobody
 * measured, a hypothesis frozen after its trials were seen, stimuli chosen after they were, a result that exists already, twins
 * other than the frozen ones, predictions of unknown origin, that are constant or equal, stimuli that a twin was fitted on, fewer
 * of them than could decide. Throws `not-allowed`, `conflict` or `bad-input`, with `refusal`.
 */
export async function collectEvidence(
  asked: {
    frozen: LedgerRecord<'hypothesis'>;
    prediction: Prediction;
    experiment: string;
    twins: { twin: string; predictions: string }[];
  },
  workspace: Workspace,
): Promise<CollectedEvidence> {
  const { frozen, prediction } = asked;
  const experiment = findExperiment(workspace.ledger, asked.experiment);
  const { end, start } = experiment;
  if (!end || end.delivered === 0)
    throw refuse('no-data', `Experiment ${experiment.id} is ${experiment.state} and delivered no trials.`);
  const other = [...new Set([end.kind, ...loadRows(end, workspace.objects).map(({ kind }) => kind)])].filter(
    (kind) => kind !== 'measured',
  );
  if (other.length > 0)
    throw refuse(
      'not-measured',
      `Experiment ${experiment.id} holds ${other.map(rowsOf).join(', ')}: only measured ones are evidence.`,
      other.includes('not stated') ? howToState : undefined,
    );
  if (frozen.seq > experiment.startSeq)
    throw refuse(
      'after-the-fact',
      `${frozen.subject} was frozen after ${experiment.id} began: its data may have been seen before the prediction was made.`,
    );
  refuseTested(workspace, frozen.subject, prediction.id, experiment.id);
  const given = asked.twins.map(({ twin }) => twin);
  if (given.length !== prediction.between.length || prediction.between.some((twin) => !given.includes(twin)))
    throw refuse(
      'other-twins',
      `Prediction ${prediction.id} is about ${prediction.between.join(' and ')}, not ${given.join(' and ')}.`,
    );
  const { content } = findPlan(workspace.ledger, start.plan);
  const { stimuli, orderSeed } = content.design;
  const total = totalStimuli(content.subject.id, workspace) ?? stimuli.length;
  await refuseSeen(frozen, experiment, content, workspace);
  await refuseSameTrials({ hypothesis: frozen.subject, prediction: prediction.id }, content, workspace);
  const units = await deliveredUnits(content, end, workspace);
  const few = tooFewUnits(units.length, nextLevel(workspace.ledger).level);
  if (few) throw refuse('too-few', `${few}.`);
  const predicted: Predicted[] = [];
  for (const twin of prediction.between) {
    // SAFETY: every twin of `between` is among the given ones.
    const mine = asked.twins.find((item) => item.twin === twin)!;
    const subject = { id: content.subject.id, neurons: end.neurons, total, stimuli: units.map(([first]) => first) };
    predicted.push(await openPredictions(mine, subject, workspace));
  }
  for (const { twin } of predicted) {
    const seen = await seenByContent(twin, content.subject.id, stimuli, workspace);
    if (seen.length > 0)
      throw refuse(
        'seen',
        `${twin.twin} was fitted on ${seen.length} of the tested stimuli (${seen.slice(0, 5).join(', ')}).`,
      );
  }
  const no = undecidable(
    predicted.map(({ values }) => values),
    end.neurons,
    units.length,
  );
  if (no) throw refuse('undecidable', `Prediction ${prediction.id} cannot be decided: ${no}.`);
  const release = workspace.ledger.latest('dataset', content.subject.id) ? [content.subject.id] : [];
  const chosen = await chosenHow(content, workspace);
  return { experiment, end, units, predicted, chosen, release, seed: orderSeed };
}

/** Throws `conflict` when this prediction has a result on this experiment. Also asked while the write lock is held. */
export function refuseTested(
  { ledger }: Pick<Workspace, 'ledger'>,
  hypothesis: string,
  prediction: string,
  experiment: string,
): void {
  const known = resultsOf(ledger, hypothesis, prediction).find((body) => body.experiment === experiment);
  if (!known) return;
  throw new BregmaError(
    'conflict',
    `${known.test} tested this prediction on ${experiment} already: ${known.verdict}.`,
    {
      next: 'New evidence needs a new experiment; find_records shows the test.',
      fields: { test: known.test, verdict: known.verdict },
    },
  );
}

function resultsOf(ledger: Workspace['ledger'], hypothesis: string, prediction: string): TestResult[] {
  return ledger
    .list('test', hypothesis)
    .map(({ body }) => body)
    .filter((body): body is TestResult => body.phase === 'result' && body.prediction === prediction);
}

/** A prediction is made, and its stimuli are chosen, before anything of their trials is known. */
async function refuseSeen(
  frozen: { subject: string; seq: number },
  experiment: ExperimentView,
  { subject, design }: PlanContent,
  workspace: Workspace,
): Promise<void> {
  const before = await seenBefore(frozen.seq, subject.id, design.stimuli, workspace);
  const [last, ...rest] = before;
  if (last)
    throw refuse(
      'after-the-fact',
      `${frozen.subject} was frozen after its evidence was seen. ${seenInWords([last, ...rest], design.stimuli.length)}.`,
    );
  const planned = workspace.ledger.list('plan', experiment.start.plan)[0];
  const [shown] = planned ? await seenBefore(planned.seq, subject.id, design.stimuli, workspace, ['trials']) : [];
  if (shown)
    throw refuse(
      'chosen-after-the-fact',
      `The stimuli were planned after their trials were seen. ${seenInWords([shown], design.stimuli.length)}.`,
    );
}

/** The same trials, replayed again, are the same evidence: a prediction is tested on each once. */
async function refuseSameTrials(
  { hypothesis, prediction }: { hypothesis: string; prediction: string },
  { subject, design }: PlanContent,
  workspace: Workspace,
): Promise<void> {
  const tested = new Set(resultsOf(workspace.ledger, hypothesis, prediction).map(({ experiment }) => experiment));
  if (tested.size === 0) return;
  const seen = await seenBefore(Number.POSITIVE_INFINITY, subject.id, design.stimuli, workspace, ['trials']);
  const again = seen.find(({ exposure }) => tested.has(exposure.id));
  if (again)
    throw refuse(
      'same-trials',
      `${again.stimuli.length} of the ${design.stimuli.length} stimuli were evidence for this prediction already, in ${again.exposure.id}: the same trials are the same evidence.`,
    );
}

/** Units of inference of which at least one presentation was delivered. */
async function deliveredUnits({ subject, design }: PlanContent, end: ExperimentEnd, workspace: Workspace) {
  const shown = new Set(loadRows(end, workspace.objects).map(({ stimulus }) => stimulus));
  const units = await unitsOf(subject.id, design.stimuli, workspace);
  return units.filter((stimuli) => stimuli.some((stimulus) => shown.has(stimulus)));
}

/** Says when stimuli were taken from among others because they separate the twins. */
async function chosenHow({ subject, design, twins }: PlanContent, workspace: Workspace): Promise<string | undefined> {
  const maker = design.proposedBy && workspace.ledger.find('activity', design.proposedBy)?.body.tool;
  const recording = await recordingNamed(subject.id, workspace);
  if (maker !== 'design_experiment' || !recording) return undefined;
  const seen = new Set<number>();
  for (const twin of twins)
    for (const stimulus of await seenInRecording(twin, recording, workspace)) seen.add(stimulus);
  const open = recording.stimuli.length - seen.size;
  if (design.stimuli.length >= open) return undefined;
  return `The ${design.stimuli.length} stimuli were chosen of ${open} because they separate the twins: the estimate is about stimuli like these, and is larger than for stimuli taken at random`;
}

/** Size of the stimulus set when the subject is a recording. */
function totalStimuli(subject: string, workspace: Workspace): number | undefined {
  if (!workspace.ledger.latest('dataset', subject)) return undefined;
  return findDataset(workspace.ledger, subject).arrays.find(({ name }) => name === 'responses')?.shape[1];
}

const rowsOf = (kind: ValueKind) =>
  kind === 'not stated' ? 'rows of which nobody stated whether they were measured' : `${kind} rows`;

function refuse(refusal: string, message: string, next?: string): BregmaError {
  return new BregmaError('not-allowed', message, {
    next: `No error budget was spent.${next ? ` ${next}` : ''}`,
    fields: { refusal },
  });
}
