import { findPlan } from '@bregma/core/approval/check';
import type { ExperimentEnd } from '@bregma/core/contracts/experiment';
import type { Prediction, TestResult } from '@bregma/core/contracts/hypothesis';
import { BregmaError } from '@bregma/core/errors';
import { type ExperimentView, findExperiment } from '@bregma/core/experiment/experiments';
import { seenByContent, unitsOf } from '@bregma/core/experiment/exposure';
import { findDataset } from '@bregma/core/ledger/catalogue';
import type { LedgerRecord } from '@bregma/core/ledger/records';
import type { Workspace } from '@bregma/core/workspace';
import { openPredictions, type Predicted } from './predictions.ts';
import { loadKinds } from './trial-table.ts';

/** What a test will read, checked without looking at one measured number. */
export interface CollectedEvidence {
  experiment: ExperimentView;
  end: ExperimentEnd;
  /** Units of inference: the planned stimuli, each with its copies. */
  units: number[][];
  /** In the order of the prediction's `between`. */
  predicted: Predicted[];
  release: string[];
  seed: number;
}

/**
 * Everything that can rule a test out, before it costs budget: an experiment that has not ended or holds rows that nobody
 * measured, a hypothesis frozen after it began, a result that exists already, twins other than the frozen ones, predictions of
 * unknown origin, stimuli that a twin was fitted on. Throws `not-allowed`, `conflict` or `bad-input`, with `refusal`.
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
  const other = [...new Set([end.kind, ...loadKinds(end, workspace.objects)])].filter((kind) => kind !== 'measured');
  if (other.length > 0)
    throw refuse(
      'not-measured',
      `Experiment ${experiment.id} holds ${other.join(', ')} rows: only measured ones are evidence.`,
    );
  if (frozen.seq > experiment.startSeq)
    throw refuse(
      'after-the-fact',
      `${frozen.subject} was frozen after ${experiment.id} began: its data may have been seen before the prediction was made.`,
    );
  const known = resultOf(workspace, frozen.subject, prediction.id, experiment.id);
  if (known)
    throw new BregmaError(
      'conflict',
      `${known.test} tested this prediction on ${experiment.id} already: ${known.verdict}.`,
      {
        next: 'New evidence needs a new experiment; find_records shows the test.',
        fields: { test: known.test, verdict: known.verdict },
      },
    );
  const given = asked.twins.map(({ twin }) => twin);
  if (given.length !== prediction.between.length || prediction.between.some((twin) => !given.includes(twin)))
    throw refuse(
      'other-twins',
      `Prediction ${prediction.id} is about ${prediction.between.join(' and ')}, not ${given.join(' and ')}.`,
    );
  const { content } = findPlan(workspace.ledger, start.plan);
  const { stimuli, orderSeed } = content.design;
  const total = totalStimuli(content.subject.id, workspace) ?? stimuli.length;
  const units = await unitsOf(content.subject.id, stimuli, workspace);
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
  const release = workspace.ledger.latest('dataset', content.subject.id) ? [content.subject.id] : [];
  return { experiment, end, units, predicted, release, seed: orderSeed };
}

function resultOf(
  workspace: Workspace,
  hypothesis: string,
  prediction: string,
  experiment: string,
): TestResult | undefined {
  return workspace.ledger
    .list('test', hypothesis)
    .map(({ body }) => body)
    .find(
      (body): body is TestResult =>
        body.phase === 'result' && body.prediction === prediction && body.experiment === experiment,
    );
}

/** Size of the stimulus set when the subject is a recording. */
function totalStimuli(subject: string, workspace: Workspace): number | undefined {
  if (!workspace.ledger.latest('dataset', subject)) return undefined;
  return findDataset(workspace.ledger, subject).arrays.find(({ name }) => name === 'responses')?.shape[1];
}

function refuse(refusal: string, message: string): BregmaError {
  return new BregmaError('not-allowed', message, {
    next: 'No error budget was spent.',
    fields: { refusal },
  });
}
