import { predictionInWords } from '@bregma/core/contracts/metric';
import { BregmaError, throwIfCancelled } from '@bregma/core/errors';
import { draftOf, findHypothesis } from '@bregma/core/hypothesis/hypotheses';
import { acceptPrediction, unitOf } from '@bregma/core/hypothesis/predictions';
import { defineTool } from '@bregma/core/mcp/tool';
import type { Workspace } from '@bregma/core/workspace';
import { SqlStatistics } from '@bregma/readers/sql-statistic';
import * as z from 'zod';
import { type DetectableInTable, detectableInTable } from '../domain/table-power.ts';

/** Of simulating a statistic in SQL; a draft is recorded without, where it takes longer. */
const longestMs = 30_000;

const Input = z.object({
  claim: z.string(),
  rivals: z.array(z.string()).describe('Other explanations'),
  predictions: z.array(
    z.object({
      id: z.string().optional(),
      metric: z
        .string()
        .describe(
          'Of twins: r (one), r_difference (first minus second), mean over neurons. Of a table: mean_difference, spearman, … (resources bregma://test/…, skill choose-a-test)',
        ),
      direction: z.enum(['greater', 'less', 'equivalent']),
      size: z.number().default(0).describe('Smallest effect that counts; equivalent: within ±size'),
      between: z.array(z.string()).default([]).describe('Twin ids'),
      measured: z
        .looseObject({ data: z.string(), columns: z.record(z.string(), z.unknown()) })
        .optional()
        .describe(
          '{data, table?, columns: {value: …, group: …}, groups?, unit?, subject?, paired?, family?, share?, blocks?, sql?, judge?: {by: bayes-factor|e-process|sprt, …}}',
        ),
      because: z.string().optional(),
    }),
  ),
  plan: z.string().optional().describe('How it will be tested'),
  supersedes: z.string().optional(),
  replaces: z.string().optional().describe('The draft that this edits'),
});

export const recordHypothesis = defineTool({
  name: 'record_hypothesis',
  question: 'Record a claim, its rivals and testable predictions as a draft; to edit one, record again with replaces.',
  input: Input,
  output: z.object({
    hypothesis: z.string(),
    status: z.string(),
    digest: z.string(),
    predictions: z.array(
      z.object({
        id: z.string(),
        says: z.string(),
        detectable: z.looseObject({ effect: z.number().nullable() }).optional(),
      }),
    ),
  }),
  effect: 'compute',
  view: 'card',
  async run({ claim, rivals, predictions, plan, supersedes, replaces }, { workspace, signal }) {
    if (supersedes) findHypothesis(workspace.ledger, supersedes, 'draft');
    if (replaces) refuseFrozen(replaces, workspace);
    const draft = draftOf({
      claim,
      rivals,
      plan,
      supersedes,
      predictions: predictions.map((prediction, i) => ({
        ...prediction,
        id: prediction.id ?? `p${i + 1}`,
        unit: unitOf(prediction),
      })),
    });
    for (const prediction of draft.content.predictions) {
      acceptPrediction(prediction);
      refuseData(prediction, workspace);
    }
    const known = workspace.ledger.latest('hypothesis', draft.id)?.body.state;
    const says: { id: string; says: string; detectable?: DetectableInTable }[] = [];
    const statistics = new SqlStatistics({ signal, timeoutMs: longestMs });
    const breathe = async () => {
      await new Promise(setImmediate);
      throwIfCancelled(signal);
    };
    try {
      for (const prediction of draft.content.predictions) {
        const detectable = await detectableInTable(prediction, workspace, { breathe, openStatistic: statistics.open });
        says.push({ id: prediction.id, says: predictionInWords(prediction), ...(detectable && { detectable }) });
      }
    } finally {
      statistics.close();
    }
    const edits = replaces !== undefined && replaces !== draft.id && known !== 'frozen';
    return {
      value: {
        hypothesis: draft.id,
        status: known ?? 'draft',
        digest: draft.digest,
        predictions: says,
      },
      kind: 'derived',
      inputs: [supersedes, edits ? replaces : undefined].filter((id) => id !== undefined),
      records:
        known && !edits
          ? []
          : [{ kind: 'hypothesis', subject: draft.id, body: edits ? { ...draft, replaces } : draft }],
    };
  },
});

/** A data set is no twin: nothing predicts by it. */
function refuseData({ id, between }: { id: string; between: string[] }, { ledger }: Workspace): void {
  const data = new Set(ledger.list('dataset').flatMap(({ subject, body }) => [subject, body.id]));
  const named = between.find((name) => data.has(name) && !ledger.latest('twin', name));
  if (named)
    throw new BregmaError('bad-input', `Prediction ${id}: ${named} is a data set, not a twin.`, {
      next: 'Name a twin of it: find_twins lists them, build_twin makes one.',
    });
}

function refuseFrozen(id: string, { ledger }: Workspace): void {
  findHypothesis(ledger, id, 'draft');
  if (ledger.list('hypothesis', id).some(({ body }) => body.state === 'frozen'))
    throw new BregmaError('conflict', `${id} is frozen: it never changes.`, {
      next: 'Record a new hypothesis that names it in supersedes.',
    });
}
