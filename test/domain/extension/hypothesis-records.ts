import type { RecordKind } from '@bregma/core/contracts/answer';
import type { PlanContent } from '@bregma/core/contracts/experiment';
import type { HypothesisContent, TestResult, TestSpend } from '@bregma/core/contracts/hypothesis';
import type { ExperimentView } from '@bregma/core/experiment/experiments';
import type { Entry, LedgerRecord } from '@bregma/core/ledger/records';

let seq = 0;

/** A ledger record of this body; each call is one later. */
function record<Kind extends RecordKind, Body>(kind: Kind, subject: string, body: Body): Entry<Kind, Body> {
  seq++;
  return {
    seq,
    id: `rec-${String(seq).padStart(16, '0')}`,
    kind,
    subject,
    at: `2026-01-01T00:00:${String(seq % 60).padStart(2, '0')}.000Z`,
    body,
    previous: '',
    hash: '',
  };
}

/** `hyp-` and 16 times this hex digit. */
export const hyp = (digit: string) => `hyp-${digit.repeat(16)}`;

export function content(change: Partial<HypothesisContent> = {}): HypothesisContent {
  return {
    claim: 'Twin 1 predicts better than twin 2.',
    rivals: ['Both predict equally well.'],
    predictions: [
      { id: 'p1', metric: 'r_difference', unit: 'r', direction: 'greater', size: 0.05, between: ['twin-1', 'twin-2'] },
    ],
    ...change,
  };
}

export function hypothesisRecord(
  digit: string,
  state: 'draft' | 'frozen',
  change: { content?: Partial<HypothesisContent>; replaces?: string } = {},
): LedgerRecord<'hypothesis'> {
  const id = hyp(digit);
  return record('hypothesis', id, {
    id,
    state,
    content: content(change.content),
    digest: digit.repeat(64),
    replaces: change.replaces,
  });
}

export function spend(hypothesis: string, prediction = 'p1'): Entry<'test', TestSpend> {
  return record('test', hypothesis, {
    phase: 'spent',
    hypothesis,
    prediction,
    metric: 'r_difference',
    experiment: 'exp-1',
    predicted: [],
    budget: { procedure: 'e-LOND', alpha: 0.05, index: 1, discoveries: 0, level: 0.025 },
  });
}

export function result(spent: Entry<'test', TestSpend>, verdict: TestResult['verdict']): Entry<'test', TestResult> {
  const { hypothesis, prediction } = spent.body;
  return record('test', hypothesis, {
    phase: 'result',
    test: spent.id,
    hypothesis,
    prediction,
    experiment: 'exp-1',
    verdict,
    discovery: verdict !== 'inconclusive',
    estimate: 0.2,
    low: 0.1,
    high: 0.3,
    eFor: 100,
    eAgainst: 0.01,
    n: { count: 40, of: 'stimuli' },
  });
}

export function experiment(
  hypothesis: string,
  kind: 'measured' | 'synthetic' | 'simulated',
  change: Partial<ExperimentView> = {},
): ExperimentView {
  seq++;
  return {
    id: `exp-${seq}`,
    startSeq: seq,
    at: '2026-01-01T00:00:00.000Z',
    state: 'complete',
    start: {
      phase: 'started',
      plan: 'plan-1',
      planHash: '',
      hypothesis,
      driver: 'replay-rig',
      subject: 'recording@1',
      approval: 'apr-1',
      nonce: '',
      approvedBy: 'Ada',
      demo: false,
      process: { pid: 1, host: 'here' },
    },
    end: {
      phase: 'ended',
      experiment: `exp-${seq}`,
      plan: 'plan-1',
      state: 'complete',
      asked: 40,
      delivered: 40,
      kind,
      table: { object: '0'.repeat(64), bytes: 0, mediaType: '' },
      responses: { object: '0'.repeat(64), bytes: 0, mediaType: '' },
      neurons: 3,
      demo: false,
    },
    ...change,
  };
}

export function planContent(change: Partial<PlanContent> = {}): PlanContent {
  return {
    hypothesis: hyp('a'),
    frozen: 'a'.repeat(64),
    driver: 'replay-rig',
    subject: { id: 'recording@1', protocol: 'archival recording', newSubjects: 0 },
    twins: [{ twin: 'twin-1', data: 'recording@1', fittedOn: [0, 1] }],
    design: {
      stimuli: [10, 11, 12],
      repeats: [2, 2, 2],
      order: { object: '0'.repeat(64), bytes: 0, mediaType: '' },
      trials: 6,
      orderSeed: 1,
      randomisation: 'blocks',
      paceMs: 500,
    },
    power: { n: 3, of: 'stimuli', detectable: 0.5, power: 0.8, level: 0.025, assuming: 'the worst' },
    limits: { maxTrials: 6, maxDurationS: 60, allowedStimuli: [10, 11, 12] },
    cost: { trials: 6, durationS: 3, newSubjects: 0 },
    ...change,
  };
}
