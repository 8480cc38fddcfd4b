import { ObjectRef } from '@bregma/core/contracts/answer';
import { AtRandom, type Prediction, type TestResult, Verdict } from '@bregma/core/contracts/hypothesis';
import { predictionInWords } from '@bregma/core/contracts/metric';
import { BregmaError } from '@bregma/core/errors';
import { decidesNothing, factOf, judge } from '@bregma/core/hypothesis/budget';
import { findHypothesis, findPrediction } from '@bregma/core/hypothesis/hypotheses';
import { acceptPrediction, metricOf, unitOf } from '@bregma/core/hypothesis/predictions';
import { statusOf, verdictsOf } from '@bregma/core/hypothesis/status';
import { pause } from '@bregma/core/in-slices';
import { defineTool, type ToolOutcome } from '@bregma/core/mcp/tool';
import { writeNpy } from '@bregma/core/npy';
import { withDigits } from '@bregma/core/numbers';
import type { Workspace } from '@bregma/core/workspace';
import { SqlStatistics } from '@bregma/readers/sql-statistic';
import * as z from 'zod';
import { type CollectedEvidence, collectEvidence, refuseTested } from '../domain/evidence.ts';
import { testKindOf } from '../domain/find-test-kind.ts';
import { spendLevel } from '../domain/spend.ts';
import { type TableVerdict, testTable } from '../domain/test-table.ts';
import { loadTrials } from '../domain/trial-table.ts';

/** A statistic in SQL may take this long, ms, with its look before the level is spent. */
const longestMs = 300_000;

export const testHypothesis = defineTool({
  name: 'test_hypothesis',
  question: 'Test one prediction of a frozen hypothesis on an experiment, or on data; spends error budget first.',
  input: z.object({
    hypothesis: z.string(),
    prediction: z.string().optional(),
    experiment: z.string().optional(),
    data: z.string().optional().describe('Of a measured table: id@release; its withheld rows, where it has some'),
    twins: z
      .array(z.object({ twin: z.string(), predictions: z.string() }))
      .default([])
      .describe(
        'predictions: the object that run_twin made, [neuron × stimulus] for the whole recording or the planned stimuli',
      ),
    budget: z
      .object({ procedure: z.enum(['LORD', 'LORD++', 'SAFFRON']), because: z.string().optional() })
      .optional()
      .describe('First test only: tests are independent, because'),
    post_hoc: z.boolean().default(false).describe('Evidence was seen before: give numbers, decide nothing'),
  }),
  output: z.object({
    test: z.string(),
    hypothesis: z.string(),
    prediction: z.string(),
    says: z.string(),
    verdict: Verdict,
    status: z.string(),
    verdicts: z.array(z.string()).optional(),
    estimate: z.number().nullable(),
    unit: z.string(),
    eFor: z.number().nullable(),
    eAgainst: z.number().nullable(),
    pFor: z.number().nullable().optional(),
    pAgainst: z.number().nullable().optional(),
    needed: z.number().describe('the e-value that decides; of a p-value, its inverse'),
    inference: z.string(),
    details: z.record(z.string(), z.unknown()),
    perNeuron: ObjectRef.extend({ columns: z.array(z.string()) }).optional(),
    members: z.array(z.looseObject({ member: z.string(), verdict: z.string() })).optional(),
    sequence: z.object({ units: z.number(), of: z.number(), why: z.string(), next: z.string().optional() }).optional(),
    exposure: z.string().optional(),
    budget: z.object({ procedure: z.string(), alpha: z.number(), index: z.number(), level: z.number() }),
    chosen: z.string().optional(),
    atRandom: AtRandom.optional(),
    postHoc: z.string().optional(),
    demo: z.string().optional(),
  }),
  effect: 'act',
  digits: 'all',
  view: 'card',
  async run(input, { workspace, signal, progress }) {
    const { hypothesis: id, prediction: wanted, experiment, data, twins, budget, post_hoc: postHoc } = input;
    const { ledger, objects } = workspace;
    const frozen = findHypothesis(ledger, id, 'frozen');
    const prediction = findPrediction(frozen.body, wanted);
    acceptPrediction(prediction);
    const breathe = () => pause(signal);
    if (prediction.measured) {
      const statistics = new SqlStatistics({ signal, timeoutMs: longestMs });
      const running = { breathe, openStatistic: statistics.open };
      const verdict = await testTable(frozen, prediction, { data, budget, postHoc }, workspace, running).finally(() =>
        statistics.close(),
      );
      return answerOfTable(verdict, prediction, workspace);
    }
    if (!experiment)
      throw new BregmaError('bad-input', `Prediction ${prediction.id} is about twins: it is tested on an experiment.`, {
        next: 'Name the experiment that run_experiment made, and what each twin predicted.',
      });
    const kind = testKindOf(prediction.metric);
    const evidence = await collectEvidence({ frozen, prediction, experiment, twins, postHoc }, workspace);

    // From here the level is spent, whatever happens, unless nothing can be decided; no measured number was read yet.
    const spent = await spendLevel(
      workspace,
      {
        by: 'e',
        wished: budget,
        test: {
          phase: 'spent',
          hypothesis: id,
          prediction: prediction.id,
          metric: prediction.metric,
          experiment: evidence.experiment.id,
          ...(evidence.postHoc ? { postHoc: true as const } : {}),
          predicted: evidence.predicted.map(({ twin, object, activity }) => ({ twin: twin.twin, object, activity })),
        },
      },
      () => refuseTested(workspace, id, prediction.id, evidence.experiment.id),
    );
    const message = evidence.postHoc ? `${spent.id} is post hoc` : `${spent.id} spent level ${spent.budget.level}`;
    progress({ done: 1, total: 3, message });

    const trials = loadTrials(evidence.end, objects);
    const measure = ({ units, predicted }: Pick<CollectedEvidence, 'units' | 'predicted'>) =>
      kind.measure(
        { trials, units, predicted: predicted.map(({ values }) => values), seed: evidence.seed, breathe },
        prediction,
      );
    const measured = await measure(evidence);
    const beside = evidence.atRandom && (await measure(evidence.atRandom));
    const atRandom = beside && { estimate: beside.estimate, low: beside.low, high: beside.high, n: beside.n };
    const { verdict, discovery } = evidence.postHoc ? decidesNothing : judge(measured, spent.budget.level);
    const { columns, values } = measured.perNeuron;
    const perNeuron = objects.put(
      writeNpy({ shape: [values.length / columns.length, columns.length], data: values }),
      'application/x-npy',
    );
    const result: TestResult = {
      phase: 'result',
      test: spent.id,
      hypothesis: id,
      prediction: prediction.id,
      experiment: evidence.experiment.id,
      verdict,
      discovery,
      fact: factOf(prediction, evidence.experiment.start.subject),
      estimate: measured.estimate,
      low: measured.low,
      high: measured.high,
      eFor: measured.eFor,
      eAgainst: measured.eAgainst,
      n: measured.n,
      demo: evidence.end.demo || undefined,
      chosen: evidence.chosen && chosenInWords(evidence.chosen, atRandom),
      atRandom,
      postHoc: evidence.postHoc,
    };
    const { procedure, alpha, index, level } = spent.budget;
    return {
      value: {
        test: spent.id,
        hypothesis: id,
        prediction: prediction.id,
        says: predictionInWords(prediction),
        verdict,
        status: statusOf(ledger, id, result),
        verdicts: severalOf(ledger, result),
        estimate: measured.estimate,
        unit: metricOf(prediction.metric).unit,
        eFor: measured.eFor,
        eAgainst: measured.eAgainst,
        needed: 1 / level,
        inference: measured.inference,
        details: measured.details,
        perNeuron: { ...perNeuron, columns },
        budget: { procedure, alpha, index, level },
        chosen: result.chosen,
        atRandom,
        postHoc: evidence.postHoc,
        demo: evidence.end.demo ? 'the experiment was approved with a demonstration key' : undefined,
      },
      kind: 'derived',
      n: measured.n,
      uncertainty: {
        method: measured.interval,
        level: 0.95,
        low: measured.low,
        high: measured.high,
        of: prediction.metric,
      },
      release: evidence.release,
      inputs: [id, evidence.experiment.id, ...evidence.predicted.flatMap(({ object, activity }) => [object, activity])],
      outputs: [perNeuron.object],
      seed: evidence.seed,
      records: [{ kind: 'test', subject: id, body: result }],
    };
  },
});

/** All verdicts of a hypothesis, where there are several: every one stays. */
function severalOf(ledger: Workspace['ledger'], result: TestResult): string[] | undefined {
  const verdicts = verdictsOf(ledger, result.hypothesis, result);
  return verdicts.length > 1 ? verdicts : undefined;
}

/** How the stimuli were chosen, and what is so of as many that were not. */
function chosenInWords(chosen: string, atRandom: AtRandom | undefined): string {
  if (!atRandom) return `${chosen}. No random sample was shown beside them: plan_experiment has random_beside`;
  const { estimate, low, high, n } = atRandom;
  const interval = low === null || high === null ? 'no interval' : `${withDigits(low, 2)} to ${withDigits(high, 2)}`;
  return `${chosen}. On ${n.count} ${n.of} taken at random it is ${estimate === null ? 'not known' : `${withDigits(estimate, 2)} (${interval})`}`;
}

function answerOfTable(
  { spend, result, evidence, how, interval, members, details }: TableVerdict,
  prediction: Prediction,
  { ledger }: Workspace,
) {
  const { procedure, alpha, index, level } = spend.budget;
  const { eFor, eAgainst, pFor, pAgainst, estimate, low, high } = result;
  return {
    value: {
      test: spend.id,
      hypothesis: spend.hypothesis,
      prediction: prediction.id,
      says: predictionInWords(prediction),
      verdict: result.verdict,
      status: statusOf(ledger, spend.hypothesis, result),
      verdicts: severalOf(ledger, result),
      estimate,
      unit: members ? `members of ${members.length}` : unitOf(prediction),
      eFor,
      eAgainst,
      pFor,
      pAgainst,
      needed: 1 / level,
      inference: how,
      details,
      members,
      sequence: result.sequence && {
        ...result.sequence,
        next:
          result.sequence.why === 'no more units'
            ? 'Add a release with more rows after these, and test it: the level is spent once.'
            : undefined,
      },
      exposure: evidence.exposure,
      postHoc: evidence.postHoc,
      budget: { procedure, alpha, index, level },
    },
    kind: 'derived' as const,
    n: result.n,
    uncertainty: { method: interval, level: 0.95, low, high, of: prediction.metric },
    release: [result.experiment],
    licence: [evidence.release.card.licence],
    cite: evidence.release.card.cite,
    inputs: [spend.hypothesis, result.experiment],
    records: [{ kind: 'test' as const, subject: spend.hypothesis, body: result }],
  } satisfies ToolOutcome;
}
