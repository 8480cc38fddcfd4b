import { findPlan } from '@bregma/core/approval/check';
import { demoKey } from '@bregma/core/approval/keys';
import { approvePlan } from '@bregma/core/approval/sign';
import { type ServerName, serverNames } from '@bregma/core/contracts/server-name';
import { BregmaError } from '@bregma/core/errors';
import type { ServerConnection } from '@bregma/core/mcp/client';
import { parseNpy } from '@bregma/core/npy';
import { inPowers, measured, withDecimals } from '@bregma/core/numbers';
import { codeVersion } from '@bregma/core/version';
import { type OpenWorkspace, openWorkspace } from '@bregma/core/workspace';
import type * as z from 'zod';
import { describePlan } from '../approving.ts';
import { connectServer } from '../servers.ts';
import { answers } from './answers.ts';
import { exampleImages, scatterOf } from './examples.ts';
import type { Narrator } from './narrator.ts';
import type { Report, Scatter, TwinReport } from './report-data.ts';

/** The embedded recording of the main job, and the rivals that it decides between. */
const subjectSource = 'macaque-v4-210325';
const rivals = [
  {
    label: 'local energy',
    options: { pooling: 'grid', lowpass: false },
    describes: 'Gabor energy at each place of a 7 × 7 grid',
  },
  {
    label: 'pooled energy',
    options: { pooling: 'global', lowpass: false },
    describes: 'the same energy averaged over the whole image',
  },
] as const;
const question = 'Does V4 respond to shape at a place, or to texture anywhere?';
const claim =
  'Neurons of macaque V4 respond to local oriented energy at particular places of an image, not only to how much of it there is in the whole image.';
const rivalClaims = [
  'Position does not matter: energy pooled over the whole image (texture) predicts the responses as well.',
  'Both predict equally well, because neither describes V4.',
];
/** Smallest difference in r that counts. */
const smallestEffect = 0.02;

/** Where the loop runs, who approves its experiment and who tells of it. */
export interface LoopOptions {
  workspace: string;
  /** Sign with the demonstration key. Otherwise `approve` asks a person. */
  demo: boolean;
  approve(plan: string): Promise<void>;
  narrator: Narrator;
}

/** The main job: from a recording to a verdict over the three servers, as any agent would do it. */
export async function runLoop(options: LoopOptions): Promise<{ report: Report; scatter: Scatter }> {
  const { narrator, workspace: folder } = options;
  const connections = new Map<ServerName, ServerConnection>();
  try {
    for (const name of serverNames) connections.set(name, await connectServer(name, folder, 'bregma-start'));
    const store = openWorkspace(folder);
    try {
      return await walk(options, store, async (server, tool, args, schema) => {
        const connection = connections.get(server);
        if (!connection) throw new Error(`${server} is not connected`);
        const answer = await connection.call(tool, args, { onProgress: narrator.progress });
        return { value: schema.parse(answer.value), activity: answer.activity, answer };
      });
    } finally {
      store.close();
    }
  } finally {
    await Promise.all([...connections.values()].map((connection) => connection.close()));
  }
}

type Call = <Schema extends z.ZodType>(
  server: ServerName,
  tool: string,
  args: Record<string, unknown>,
  schema: Schema,
) => Promise<{ value: z.output<Schema>; activity: string; answer: Record<string, unknown> }>;

async function walk(
  { narrator, demo, approve, workspace: folder }: LoopOptions,
  store: OpenWorkspace,
  call: Call,
): Promise<{ report: Report; scatter: Scatter }> {
  narrator.heading('1  Atlas: a recording of the real organism');
  const added = await call(
    'atlas',
    'add_data',
    { source: subjectSource },
    answers.describeData.pick({ dataset: true }),
  );
  const data = await call('atlas', 'describe_data', { data: added.value.dataset }, answers.describeData);
  const shapeOf = (name: string) => data.value.arrays.find((array) => array.name === name)?.shape ?? [];
  const [neurons, stimuli, repeats] = shapeOf('responses');
  narrator.say(
    `${data.value.card.title}: ${neurons} neurons × ${stimuli} images × up to ${repeats} repeats (${data.value.dataset})`,
  );

  narrator.heading('2  Twins: two rivals, fitted on one half of the images');
  const twins: { id: string; built: string }[] = [];
  for (const rival of rivals) {
    const built = await call(
      'twin',
      'build_twin',
      { kind: 'encoding-ridge', data: data.value.dataset, part: 'first-half', options: rival.options },
      answers.buildTwin,
    );
    twins.push({ id: built.value.twin, built: built.activity });
    narrator.say(`${rival.label}: ${rival.describes}, ${built.value.summary.features} features (${built.value.twin})`);
  }
  const ids = twins.map(({ id }) => id);

  narrator.heading('3  Hypothesis: recorded and frozen before the other half is looked at');
  const recorded = await call(
    'lab',
    'record_hypothesis',
    {
      claim,
      rivals: rivalClaims,
      predictions: [
        {
          metric: 'r_difference',
          direction: 'greater',
          size: smallestEffect,
          between: ids,
          because: 'If place matters, energy at each place predicts better than the same energy pooled.',
        },
      ],
    },
    answers.recordHypothesis,
  );
  const frozen = await call(
    'lab',
    'freeze_hypothesis',
    { hypothesis: recorded.value.hypothesis },
    answers.freezeHypothesis,
  );
  narrator.say(recorded.value.predictions[0].says);
  narrator.say(`frozen as ${frozen.value.hypothesis}, digest ${frozen.value.digest.slice(0, 16)}…`);

  narrator.heading('4  Design: the images that tell the rivals apart');
  const design = await call('twin', 'design_experiment', { twins: ids, limit: 12 }, answers.designExperiment);
  const { best, median, worst } = design.value.gainNats;
  narrator.say(
    `${design.value.candidates} unseen images ranked; one trial gives ${withDecimals(best, 3)} nats at best, ${withDecimals(median, 3)} at the median, ${withDecimals(worst, 3)} at worst`,
  );

  narrator.heading('5  Experiment: planned, approved by a person, run on a replayed subject');
  const plan = await call(
    'lab',
    'plan_experiment',
    {
      hypothesis: frozen.value.hypothesis,
      driver: 'replay-rig',
      subject: data.value.dataset,
      stimuli: design.value.stimuli.object,
    },
    answers.planExperiment,
  );
  narrator.say(plan.value.would);
  if (demo) signWithDemoKey(store, plan.value.plan, narrator);
  else await approve(plan.value.plan);
  const experiment = await call('lab', 'run_experiment', { plan: plan.value.plan }, answers.runExperiment);
  const delivered = experiment.value.trials.shape[0];
  narrator.say(
    `${delivered} of ${plan.value.trials} trials measured (${experiment.value.experiment}), approved by ${experiment.value.approvedBy}`,
  );

  narrator.heading('6  Test: error budget first, numbers second');
  const predict = (twin: string) => call('twin', 'run_twin', { twin }, answers.runTwin);
  const predictions: Awaited<ReturnType<typeof predict>>[] = [];
  for (const id of ids) predictions.push(await predict(id));
  const tested = await call(
    'lab',
    'test_hypothesis',
    {
      hypothesis: frozen.value.hypothesis,
      experiment: experiment.value.experiment,
      twins: ids.map((twin, i) => ({ twin, predictions: predictions[i].value.predictions.object })),
    },
    answers.testHypothesis,
  );
  // SAFETY: test_hypothesis says both with every answer, in the form of the envelope of answers.
  const uncertainty = tested.answer.uncertainty as { low: number | null; high: number | null; level?: number };
  // SAFETY: as of the uncertainty above.
  const n = tested.answer.n as { count: number; of: string };
  const against = tested.value.verdict === 'refuted';
  const evidence = (against ? tested.value.eAgainst : tested.value.eFor) ?? Number.NaN;
  narrator.say(`${tested.value.verdict}: ${tested.value.says}`);
  narrator.say(
    `difference ${measured(tested.value.estimate)} (95 % CI ${measured(uncertainty.low)} to ${measured(uncertainty.high)}), e-value ${inPowers(evidence, 1)} where ${withDecimals(tested.value.needed, 0)} was needed`,
  );

  narrator.heading('7  Validity: prediction against the real neurons, beside ceiling and control');
  const reports: TwinReport[] = [];
  for (const [i, rival] of rivals.entries()) {
    const validated = await call(
      'twin',
      'validate_twin',
      { twin: ids[i], data: data.value.dataset, protocol: 'heldout' },
      answers.validateTwin,
    );
    const { median: middle, ci, ceiling, control } = validated.value;
    const units = answers.perUnit.parse(JSON.parse(store.objects.get(validated.value.perUnit.object).toString('utf8')));
    reports.push({
      id: ids[i],
      label: rival.label,
      describes: rival.describes,
      built: twins[i].built,
      validity: { activity: validated.activity, n: validated.value.tested.neurons, ...middle, ci, ceiling, control },
      units: units.map(({ unit, pearson, ceiling: most }) => ({ name: unit, pearson, ceiling: most })),
    });
    narrator.say(
      `${rival.label}: r = ${withDecimals(middle.pearson, 3)} (95 % CI ${measured(ci.low)} to ${measured(ci.high)}; ceiling ${measured(ceiling)}; shuffled ${withDecimals(control, 3)})`,
    );
  }

  narrator.heading('8  Benefit: what the discriminating order saved, and what validity is worth');
  const evaluated = await call(
    'twin',
    'design_experiment',
    { twins: ids, experiment: experiment.value.experiment, orders: 200, limit: 1 },
    answers.designExperiment.extend({ evaluation: answers.evaluation }),
  );
  const { ratio, decided, orders, threshold, curve, sharedRatio, trials } = evaluated.value.evaluation;
  narrator.say(
    `random order needs ${times(ratio.median)} the single trials of the discriminating order (10th–90th percentile over neurons ${times(ratio.p10)} to ${times(ratio.p90)}; ${orders} random orders)`,
  );
  const [first, second] = reports.map(({ validity }) => validity.pearson);
  const decision = await call('twin', 'value_decision', { validity: first, rival: second }, answers.valueDecision);
  const worth = await call('twin', 'value_decision', { validity: first }, answers.valueDecision);
  narrator.say(
    `of the best 1 % by this twin, ${withDecimals(100 * decision.value.ppv, 1)} % are truly among the best 1 % (rival ${withDecimals(100 * decision.value.ppvOfRival, 1)} %, chance 1 %)`,
  );

  const images = data.value.arrays.find(({ name }) => name === 'stimuli');
  const responses = data.value.arrays.find(({ name }) => name === 'responses');
  if (!images || !responses)
    throw new BregmaError('corrupt', `${data.value.dataset} has lost its arrays.`, { next: 'bregma verify' });
  const report: Report = {
    title: `Bregma: ${question}`,
    made: new Date().toISOString(),
    code: codeVersion,
    workspace: folder,
    demoKey: demo,
    question,
    claim,
    rivals: rivalClaims,
    data: {
      dataset: data.value.dataset,
      title: data.value.card.title,
      neurons,
      stimuli,
      repeats,
      licence: data.value.card.licence,
      cite: data.value.card.cite,
      activity: data.activity,
    },
    twins: reports,
    hypothesis: {
      id: frozen.value.hypothesis,
      digest: frozen.value.digest,
      recorded: recorded.activity,
      frozen: frozen.activity,
    },
    design: {
      activity: design.activity,
      candidates: design.value.candidates,
      examples: await exampleImages(store.objects.get(images.object), design.value.ranking),
    },
    experiment: {
      plan: plan.value.plan,
      experiment: experiment.value.experiment,
      approval: store.ledger.latest('approval', plan.value.plan)?.id ?? 'none',
      signedBy: experiment.value.approvedBy,
      trials: delivered,
      asked: plan.value.trials,
      activity: experiment.activity,
    },
    test: {
      activity: tested.activity,
      verdict: tested.value.verdict,
      reasons: [
        rivals.reduce((text, { label }, i) => text.replace(ids[i], label), tested.value.says),
        tested.value.inference,
      ],
      level: tested.value.budget.level,
      evidence,
      evidenceName: against ? 'Evidence against the prediction: e-value' : 'Evidence for the prediction: e-value',
      effect: tested.value.estimate ?? Number.NaN,
      ci: uncertainty,
      n: n.count,
      of: n.of,
      nTrials: delivered,
    },
    benefit: {
      activity: evaluated.activity,
      orders,
      threshold,
      ratio,
      decided: { designed: decided.designed, random: decided.random, of: evaluated.value.evaluation.neurons },
      curve,
      sharedRatio: sharedRatio.median,
      trials,
    },
    decision: {
      activity: decision.activity,
      validity: first,
      prior: 0.01,
      chosen: 0.01,
      ppv: decision.value.ppv,
      ppvOfRival: decision.value.ppvOfRival,
      candidatesFactor: worth.value.candidatesFactor,
    },
    seconds: narrator.seconds(),
    limits: [
      'One animal, one session, 50 neurons recorded at the same time: nothing here speaks for other animals.',
      'The subject is a recording that was replayed: it shows the procedure on real responses, not a new experiment.',
      'Both twins are linear readouts of Gabor energy. That one beats the other does not make it right: see the distance to the noise ceiling.',
      `The count of trials assumes that ${evaluated.value.evaluation.assumes}.`,
      'Images of one kind: validity on other images is not measured here.',
    ],
  };
  const scatter = scatterOf(
    reports,
    // SAFETY: twins write their predictions as f4.
    predictions.map(({ value }) => parseNpy(store.objects.get(value.predictions.object)).data as Float32Array),
    parseNpy(store.objects.get(responses.object)),
    answers.stimulusList.parse(JSON.parse(store.objects.get(design.value.stimuli.object).toString('utf8'))),
  );
  return { report, scatter };
}

function signWithDemoKey(store: OpenWorkspace, plan: string, narrator: Narrator): void {
  for (const line of describePlan(findPlan(store.ledger, plan)).split('\n')) narrator.say(line);
  approvePlan(store, plan, demoKey(), { by: 'demonstration', demo: true });
  narrator.say('signed with the DEMONSTRATION KEY (--yes): no person approved this');
}

function times(value: number | null): string {
  return value === null ? 'not measured' : `${measured(value, 1)}×`;
}
