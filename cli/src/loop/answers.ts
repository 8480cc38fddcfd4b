import * as z from 'zod';

const ref = z.object({ object: z.string() });
const interval = z.object({ low: z.number().nullable(), high: z.number().nullable(), level: z.number().optional() });

/** The parts of the tools' answers that the loop reads, parsed as they come over the wire. */
export const answers = {
  describeData: z.object({
    dataset: z.string(),
    card: z.object({ title: z.string(), licence: z.string(), cite: z.array(z.string()) }),
    arrays: z.array(z.object({ name: z.string(), shape: z.array(z.number()), object: z.string() })),
  }),
  buildTwin: z.object({
    twin: z.string(),
    fittedOn: z.object({ n: z.number() }),
    summary: z.object({ features: z.number() }),
  }),
  runTwin: z.object({ predictions: ref, shape: z.tuple([z.number(), z.number()]) }),
  validateTwin: z.object({
    median: z.object({ pearson: z.number(), spearman: z.number() }),
    ci: interval,
    ceiling: z.number().nullable(),
    control: z.number(),
    tested: z.object({ stimuli: z.number(), neurons: z.number() }),
    perUnit: ref,
  }),
  recordHypothesis: z.object({
    hypothesis: z.string(),
    digest: z.string(),
    predictions: z.array(z.object({ id: z.string(), says: z.string() })),
  }),
  freezeHypothesis: z.object({ hypothesis: z.string(), digest: z.string() }),
  designExperiment: z.object({
    stimuli: ref,
    candidates: z.number(),
    ranking: z.array(z.object({ stimulus: z.number(), gainNats: z.number(), separation: z.number() })),
    gainNats: z.object({ best: z.number(), median: z.number(), worst: z.number() }),
  }),
  evaluation: z.object({
    orders: z.number(),
    threshold: z.number(),
    ratio: z.object({ median: z.number().nullable(), p10: z.number().nullable(), p90: z.number().nullable() }),
    sharedRatio: z.object({ median: z.number().nullable() }),
    trials: z.object({ designed: z.number().nullable(), shared: z.number().nullable(), random: z.number().nullable() }),
    decided: z.object({ designed: z.number(), shared: z.number(), random: z.number() }),
    neurons: z.number(),
    curve: z.array(
      z.object({ trial: z.number(), designed: z.number(), random: z.number(), low: z.number(), high: z.number() }),
    ),
    assumes: z.string(),
  }),
  planExperiment: z.object({ plan: z.string(), hash: z.string(), trials: z.number(), would: z.string() }),
  runExperiment: z.object({
    experiment: z.string(),
    state: z.string(),
    approvedBy: z.string(),
    trials: z.object({ shape: z.tuple([z.number(), z.number()]) }),
  }),
  testHypothesis: z.object({
    test: z.string(),
    says: z.string(),
    verdict: z.string(),
    estimate: z.number().nullable(),
    eFor: z.number().nullable(),
    eAgainst: z.number().nullable(),
    needed: z.number(),
    inference: z.string(),
    budget: z.object({ procedure: z.string(), level: z.number(), index: z.number() }),
  }),
  valueDecision: z.object({ ppv: z.number(), ppvOfRival: z.number(), candidatesFactor: z.number().nullable() }),
  stimulusList: z.array(z.number()),
  perUnit: z.array(z.object({ unit: z.string(), pearson: z.number().nullable(), ceiling: z.number().nullable() })),
};
