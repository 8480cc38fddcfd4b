import { defineTool } from '@bregma/core/mcp/tool';
import * as z from 'zod';
import { draftOf, findHypothesis } from '../domain/hypotheses.ts';
import { acceptPrediction, metrics, testKindOf } from '../test-kinds/index.ts';

const Input = z.object({
  claim: z.string(),
  rivals: z.array(z.string()).describe('Other explanations'),
  predictions: z.array(
    z.object({
      id: z.string().optional(),
      metric: z
        .enum(metrics)
        .describe('With measured responses, mean over neurons. r: one twin; r_difference: first minus second'),
      direction: z.enum(['greater', 'less', 'equivalent']),
      size: z.number().default(0).describe('Smallest effect that counts; equivalent: within ±size'),
      between: z.array(z.string()).describe('Twin ids'),
      because: z.string().optional(),
    }),
  ),
  plan: z.string().optional().describe('How it will be tested'),
  supersedes: z.string().optional(),
});

export const recordHypothesis = defineTool({
  name: 'record_hypothesis',
  question: 'Record a claim, its rivals and testable predictions as a draft; to edit, record again.',
  input: Input,
  output: z.object({
    hypothesis: z.string(),
    status: z.string(),
    digest: z.string(),
    predictions: z.array(z.object({ id: z.string(), says: z.string() })),
  }),
  effect: 'compute',
  async run({ claim, rivals, predictions, plan, supersedes }, { workspace }) {
    if (supersedes) findHypothesis(workspace.ledger, supersedes, 'draft');
    const draft = draftOf({
      claim,
      rivals,
      plan,
      supersedes,
      predictions: predictions.map((prediction, i) => ({
        ...prediction,
        id: prediction.id ?? `p${i + 1}`,
        unit: testKindOf(prediction.metric).unit,
      })),
    });
    for (const prediction of draft.content.predictions) acceptPrediction(prediction);
    const known = workspace.ledger.latest<{ state: string }>('hypothesis', draft.id);
    return {
      value: {
        hypothesis: draft.id,
        status: known?.body.state ?? 'draft',
        digest: draft.digest,
        predictions: draft.content.predictions.map((prediction) => ({
          id: prediction.id,
          says: testKindOf(prediction.metric).says(prediction),
        })),
      },
      kind: 'derived',
      inputs: supersedes ? [supersedes] : [],
      records: known ? [] : [{ kind: 'hypothesis', subject: draft.id, body: draft }],
    };
  },
});
