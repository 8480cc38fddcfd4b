import { findPlan } from '@bregma/core/approval/check';
import type { ExperimentEnd, PlanContent } from '@bregma/core/contracts/experiment';
import type { Prediction, TestResult } from '@bregma/core/contracts/hypothesis';
import { howToState, type ValueKind } from '@bregma/core/contracts/value-kind';
import { BregmaError } from '@bregma/core/errors';
import { type ExperimentView, findExperiment } from '@bregma/core/experiment/experiments';
import { seenByContent, unitsOf } from '@bregma/core/experiment/exposure';
import { seenBefore, seenInWords } from '@bregma/core/experiment/seen-evidence';
import { nextLevel } from '@bregma/core/hypothesis/budget';
import { findDataset } from '@bregma/core/ledger/catalogue';
import type { LedgerRecord } from '@bregma/core/ledger/records';
import { makeRandom } from '@bregma/core/statistics/random';
import type { Workspace } from '@bregma/core/workspace';
import { chosenHow, testedStimuli } from './chosen-stimuli.ts';
import { undetectable } from './power.ts';
import { openPredictions, type Predicted } from './predictions.ts';
import { elsewhereInWords, readElsewhere } from './seen-elsewhere.ts';
import { howPostHoc, refuse } from './table-evidence.ts';
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
  /** The random sample that the experiment showed beside them, where it did. */
  atRandom?: Pick<CollectedEvidence, 'units' | 'predicted'>;
  /** When the evidence had been seen before the prediction was made, or its stimuli chosen: the test can be post hoc alone. */
  postHoc?: string;
  release: string[];
  seed: number;
}

/**
 * Everything that can rule a test out, before it costs budget: an experiment that has not ended or holds rows that nobody
 * measured, a hypothesis frozen after its trials were seen, stimuli chosen after they were, a result that exists already, twins
 * other than the frozen ones, predictions of unknown origin, that are constant or equal, stimuli that a twin was fitted on, fewer
 * of them than could decide. Throws `not-allowed`, `conflict` or `bad-input`, with `refusal`. postHoc: evidence that had been seen
 * is no reason to throw, and is told.
 */
export async function collectEvidence(
  asked: {
    frozen: LedgerRecord<'hypothesis'>;
    prediction: Prediction;
    experiment: string;
    twins: { twin: string; predictions: string }[];
    postHoc: boolean;
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
  refuseTested(workspace, frozen.subject, prediction.id, experiment.id);
  const given = asked.twins.map(({ twin }) => twin);
  if (given.length !== prediction.between.length || prediction.between.some((twin) => !given.includes(twin)))
    throw refuse(
      'other-twins',
      `Prediction ${prediction.id} is about ${prediction.between.join(' and ')}, not ${given.join(' and ')}.`,
    );
  const { content } = findPlan(workspace.ledger, start.plan);
  const stimuli = testedStimuli(content.design);
  const total = totalStimuli(content.subject.id, workspace) ?? content.design.stimuli.length;
  const seen = await seenEvidence(frozen, experiment, content, workspace);
  if (seen && !asked.postHoc) throw refuse(seen.refusal, `${seen.says}.`, howPostHoc);
  await refuseSameTrials({ hypothesis: frozen.subject, prediction: prediction.id }, content, workspace);
  const units = await deliveredUnits(stimuli, content, end, workspace);
  if (!seen) refuseUndetectable({ units: units.length, neurons: end.neurons }, prediction, content, workspace);
  const open = (of: number[][]) =>
    openAll(asked, of, { id: content.subject.id, neurons: end.neurons, total }, workspace);
  const predicted = await open(units);
  for (const { twin } of predicted) {
    const fitted = await seenByContent(twin, content.subject.id, stimuli, workspace);
    if (fitted.length > 0)
      throw refuse(
        'seen',
        `${twin.twin} was fitted on ${fitted.length} of the tested stimuli (${fitted.slice(0, 5).join(', ')}).`,
      );
  }
  const no = undecidable(
    predicted.map(({ values }) => values),
    end.neurons,
    units.length,
  );
  if (no) throw refuse('undecidable', `Prediction ${prediction.id} cannot be decided: ${no}.`);
  const beside = await deliveredUnits(content.design.random ?? [], content, end, workspace);
  const planned = workspace.ledger.list('plan', start.plan)[0]?.seq ?? experiment.startSeq;
  return {
    experiment,
    end,
    units,
    predicted,
    chosen: (await chosenHow(content, planned, workspace))?.says,
    atRandom: beside.length > 0 ? { units: beside, predicted: await open(beside) } : undefined,
    postHoc: seen?.says,
    release: workspace.ledger.latest('dataset', content.subject.id) ? [content.subject.id] : [],
    seed: content.design.orderSeed,
  };
}

/** What each twin of the prediction says of these units, in its order. */
async function openAll(
  { prediction, twins }: { prediction: Prediction; twins: { twin: string; predictions: string }[] },
  units: number[][],
  subject: { id: string; neurons: number; total: number },
  workspace: Workspace,
): Promise<Predicted[]> {
  const predicted: Predicted[] = [];
  for (const twin of prediction.between) {
    // SAFETY: every twin of `between` is among the given ones.
    const mine = twins.find((item) => item.twin === twin)!;
    predicted.push(await openPredictions(mine, { ...subject, units }, workspace));
  }
  return predicted;
}

/** Throws where so many units could not decide this prediction at the next level, whatever is so. */
function refuseUndetectable(
  delivered: { units: number; neurons: number },
  prediction: Prediction,
  { design }: PlanContent,
  { ledger }: Workspace,
): void {
  const { level } = nextLevel(ledger);
  const random = makeRandom(design.orderSeed).fork('power');
  const few = tooFewUnits(delivered.units, level) ?? undetectable({ ...delivered, level, prediction }, random);
  if (few) throw refuse('too-few', `${few}.`);
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

/** When the evidence was seen before the prediction was made, its stimuli were chosen, or a level was spent on it. */
async function seenEvidence(
  frozen: { subject: string; seq: number },
  experiment: ExperimentView,
  { subject, design }: PlanContent,
  workspace: Workspace,
): Promise<{ refusal: string; says: string } | undefined> {
  const stimuli = testedStimuli(design);
  if (frozen.seq > experiment.startSeq)
    return {
      refusal: 'after-the-fact',
      says: `${frozen.subject} was frozen after ${experiment.id} began: its data may have been seen before the prediction was made`,
    };
  const [last, ...rest] = await seenBefore(frozen.seq, subject.id, stimuli, workspace);
  if (last)
    return {
      refusal: 'after-the-fact',
      says: `${frozen.subject} was frozen after its evidence was seen. ${seenInWords([last, ...rest], stimuli.length)}`,
    };
  const elsewhere = await readElsewhere(frozen.seq, subject.id, stimuli, workspace);
  if (elsewhere)
    return {
      refusal: 'after-the-fact',
      says: `${frozen.subject} was frozen after its evidence was seen: ${elsewhereInWords(elsewhere)}`,
    };
  const planned = workspace.ledger.list('plan', experiment.start.plan)[0];
  const [shown] = planned ? await seenBefore(planned.seq, subject.id, stimuli, workspace, ['trials']) : [];
  if (shown)
    return {
      refusal: 'chosen-after-the-fact',
      says: `The stimuli were planned after their trials were seen. ${seenInWords([shown], stimuli.length)}`,
    };
  const picked = planned && (await readElsewhere(planned.seq, subject.id, stimuli, workspace));
  if (picked)
    return {
      refusal: 'chosen-after-the-fact',
      says: `The stimuli were planned after their trials were seen: ${elsewhereInWords(picked)}`,
    };
  const told = await toldPostHoc(subject.id, stimuli, workspace);
  return told === undefined
    ? undefined
    : { refusal: 'after-the-fact', says: `A post hoc test told what these trials say. ${told}` };
}

/** Which post hoc test, that spent nothing, showed numbers of these trials: nobody may look first and spend then. */
async function toldPostHoc(subject: string, stimuli: number[], workspace: Workspace): Promise<string | undefined> {
  const told = new Set(
    workspace.ledger
      .list('test')
      .flatMap(({ body }) => (body.phase === 'result' && body.postHoc ? [body.experiment] : [])),
  );
  if (told.size === 0) return undefined;
  const seen = await seenBefore(Number.POSITIVE_INFINITY, subject, stimuli, workspace, ['trials']);
  const by = seen.find(({ exposure }) => told.has(exposure.id));
  return by && `It was about ${by.stimuli.length} of the ${stimuli.length} stimuli, in ${by.exposure.id}`;
}

/** The same trials, replayed again, are the same evidence: a prediction is tested on each once. */
async function refuseSameTrials(
  { hypothesis, prediction }: { hypothesis: string; prediction: string },
  { subject, design }: PlanContent,
  workspace: Workspace,
): Promise<void> {
  const tested = new Set(resultsOf(workspace.ledger, hypothesis, prediction).map(({ experiment }) => experiment));
  if (tested.size === 0) return;
  const stimuli = testedStimuli(design);
  const seen = await seenBefore(Number.POSITIVE_INFINITY, subject.id, stimuli, workspace, ['trials']);
  const again = seen.find(({ exposure }) => tested.has(exposure.id));
  if (again)
    throw refuse(
      'same-trials',
      `${again.stimuli.length} of the ${stimuli.length} stimuli were evidence for this prediction already, in ${again.exposure.id}: the same trials are the same evidence.`,
    );
}

/** Units of inference among `stimuli` of which at least one presentation was delivered. */
async function deliveredUnits(stimuli: number[], { subject }: PlanContent, end: ExperimentEnd, workspace: Workspace) {
  const shown = new Set(loadRows(end, workspace.objects).map(({ stimulus }) => stimulus));
  const units = await unitsOf(subject.id, stimuli, workspace);
  return units.filter((own) => own.some((stimulus) => shown.has(stimulus)));
}

/** Size of the stimulus set when the subject is a recording. */
function totalStimuli(subject: string, workspace: Workspace): number | undefined {
  if (!workspace.ledger.latest('dataset', subject)) return undefined;
  return findDataset(workspace.ledger, subject).arrays.find(({ name }) => name === 'responses')?.shape[1];
}

const rowsOf = (kind: ValueKind) =>
  kind === 'not stated' ? 'rows of which nobody stated whether they were measured' : `${kind} rows`;
