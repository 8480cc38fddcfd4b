import type { PlanModel } from './model.ts';

/** A plan that waits for a person. */
export const sample = (): PlanModel => ({
  id: 'plan-0123456789abcdef',
  hash: 'a'.repeat(64),
  state: 'waiting',
  meaning: 'Nobody has signed it.',
  madeAt: '2026-01-02T03:04:05.678Z',
  hypothesis: {
    id: 'hyp-0123456789abcdef',
    state: 'frozen',
    claim: 'Wiring alone predicts how the network answers a stimulus.',
    predictions: ['r of the twin is greater than 0.1'],
  },
  driver: 'replay-rig',
  subject: { id: 'macaque-v4-cowley2023@2023', protocol: 'an archive: none is needed', newSubjects: 0, expired: false },
  design: {
    trials: 40,
    stimuli: [1, 2, 3, 4],
    repeats: { fewest: 10, most: 10 },
    randomisation: 'blocks of all stimuli, each in an order of its own',
    orderSeed: 7,
    paceMs: 500,
  },
  power: { n: 4, of: 'stimuli', detectable: 0.3, power: 0.8, level: 0.0076, assuming: 'a spread of 0.2' },
  limits: [{ what: 'trials', planned: 40, limit: 60, unit: 'trials' }],
  cost: { trials: 40, durationS: 20, newSubjects: 0 },
  twins: [{ id: 'twin-0123456789abcdef', title: 'encoding-ridge', fittedOn: 'macaque-v4-cowley2023@2023' }],
  dryRun: {
    would: 'show 40 images',
    checks: [{ ok: true, says: 'Every stimulus is allowed.' }],
    trace: [{ trial: 1, block: 1, stimulus: 3, atS: 0 }],
    trials: 40,
    blocks: 10,
  },
  signatures: [],
  experiments: [],
  key: null,
  trusted: true,
});
