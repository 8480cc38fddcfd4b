import { defineTool } from '@bregma/core/mcp/tool';
import { bestOf, candidatesFactor, positivePredictiveValue } from '@bregma/core/statistics/decision-value';
import * as z from 'zod';

export const valueDecision = defineTool({
  name: 'value_decision',
  question: 'What is a predictive validity worth: how many of the candidates it picks are good?',
  input: z.object({
    validity: z.number().min(-1).max(1).describe('Correlation of prediction and outcome'),
    rival: z.number().min(-1).max(1).optional().describe('Validity to compare with; default 0.1 less'),
    prior: z.number().gt(0).lt(1).default(0.01).describe('Share of candidates that is good'),
    chosen: z.number().gt(0).lt(1).default(0.01).describe('Share that is taken'),
    candidates: z.number().int().min(2).max(1_000_000).default(1000),
  }),
  output: z.looseObject({ ppv: z.number(), bestIsGood: z.number(), candidatesFactor: z.number().nullable() }),
  effect: 'read',
  async run({ validity, rival, prior, chosen, candidates }) {
    const lower = rival ?? Math.max(-1, validity - 0.1);
    const factor = lower < validity ? candidatesFactor({ validity, lower, prior, candidates }) : null;
    return {
      value: {
        ppv: positivePredictiveValue({ validity, prior, chosen }),
        ppvOfRival: positivePredictiveValue({ validity: lower, prior, chosen }),
        ppvByChance: prior,
        bestIsGood: bestOf({ validity, prior, candidates }),
        bestOfRivalIsGood: bestOf({ validity: lower, prior, candidates }),
        candidatesFactor: factor,
        means: `with validity ${lower} instead of ${validity}, ${factor === null ? 'no number of candidates makes up for it' : `${factor.toPrecision(3)} times as many candidates make the best one as likely to be good`}`,
        assumes: 'decision score and outcome are bivariate normal',
      },
      kind: 'derived',
      cite: ['Scannell & Bosley 2016, PLoS ONE 11:e0147215'],
    };
  },
});
