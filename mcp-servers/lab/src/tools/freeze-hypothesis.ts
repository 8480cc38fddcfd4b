import type { HypothesisRecord } from '@bregma/core/contracts/hypothesis';
import { findHypothesis } from '@bregma/core/hypothesis/hypotheses';
import { acceptPrediction } from '@bregma/core/hypothesis/predictions';
import { findTwin } from '@bregma/core/ledger/catalogue';
import { defineTool } from '@bregma/core/mcp/tool';
import * as z from 'zod';

export const freezeHypothesis = defineTool({
  name: 'freeze_hypothesis',
  question: 'Fix a hypothesis for good, before data are seen; only a frozen one can be planned for or tested.',
  input: z.object({ hypothesis: z.string() }),
  output: z.object({
    hypothesis: z.string(),
    status: z.literal('frozen'),
    digest: z.string(),
    predictions: z.number(),
  }),
  effect: 'act',
  view: 'card',
  async run({ hypothesis: id }, { workspace }) {
    const { content, digest } = findHypothesis(workspace.ledger, id, 'draft').body;
    for (const prediction of content.predictions) acceptPrediction(prediction);
    const twins = [...new Set(content.predictions.flatMap(({ between }) => between))];
    for (const twin of twins) findTwin(workspace.ledger, twin);
    await workspace.ledger.transact(
      (append) => {
        const frozen = workspace.ledger.list('hypothesis', id).some(({ body }) => body.state === 'frozen');
        if (!frozen)
          append({
            kind: 'hypothesis',
            subject: id,
            body: { id, content, digest, state: 'frozen' } satisfies HypothesisRecord,
          });
      },
      { durable: true },
    );
    return {
      value: {
        hypothesis: id,
        status: 'frozen' as const,
        digest,
        predictions: content.predictions.length,
      },
      kind: 'derived',
      inputs: [id, ...twins],
    };
  },
});
