import { defineTool } from '@bregma/core/mcp/tool';
import { significant, withDigits } from '@bregma/core/numbers';
import {
  bestOf,
  candidatesFactor,
  mostCandidates,
  positivePredictiveValue,
} from '@bregma/core/statistics/decision-value';
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
    const other = rival ?? Math.max(-1, validity - 0.1);
    const factor = candidatesFactor({ validity, other, prior, candidates });
    const [ppv, ppvOfRival] = [validity, other].map((one) => positivePredictiveValue({ validity: one, prior, chosen }));
    const taken = Math.max(1, Math.round(chosen * candidates));
    const good = { expected: taken * ppv, ofRival: taken * ppvOfRival, byChance: taken * prior };
    return {
      value: {
        ppv,
        ppvOfRival,
        ppvByChance: prior,
        bestIsGood: bestOf({ validity, prior, candidates }),
        bestOfRivalIsGood: bestOf({ validity: other, prior, candidates }),
        candidatesFactor: factor,
        inCounts: `of the ${taken} that you take of ${candidates}, ${count(good.expected)} are good; ${count(good.ofRival)} with validity ${other}; ${count(good.byChance)} by chance`,
        means: inWords(validity, other, factor),
        assumes: 'decision score and outcome are bivariate normal',
      },
      kind: 'derived',
      cite: ['Scannell & Bosley 2016, PLoS ONE 11:e0147215'],
    };
  },
});

function inWords(validity: number, other: number, factor: number | null): string {
  if (other === validity) return 'both validities are the same: neither needs more candidates';
  if (factor === null)
    return other < validity
      ? `with validity ${other} instead of ${validity}, not even ${mostCandidates} candidates make up for it`
      : `validity ${other} is better than ${validity}: one candidate by it is as likely to be good as the best of all by the other`;
  const times = `${withDigits(factor, 3)} times as many candidates`;
  return other < validity
    ? `with validity ${other} instead of ${validity}, ${times} make the best one as likely to be good`
    : `validity ${other} is better than ${validity}: ${times} suffice for a best one that is as likely to be good`;
}

/** "about 4", "about 0.3": two digits of an expected number. */
const count = (expected: number) => `about ${significant(expected, 2)}`;
