import { sealPlan } from '@bregma/core/approval/statement';
import { ObjectRef } from '@bregma/core/contracts/answer';
import type { Limits, PlanContent, PlanTwin, SubjectRecord } from '@bregma/core/contracts/experiment';
import type { Prediction } from '@bregma/core/contracts/hypothesis';
import { howToState } from '@bregma/core/contracts/value-kind';
import { BregmaError } from '@bregma/core/errors';
import { seenBy, unitsOf } from '@bregma/core/experiment/exposure';
import { seenBefore, seenInWords } from '@bregma/core/experiment/seen-evidence';
import { nextLevel } from '@bregma/core/hypothesis/budget';
import { findHypothesis } from '@bregma/core/hypothesis/hypotheses';
import { findTwin } from '@bregma/core/ledger/catalogue';
import { defineTool } from '@bregma/core/mcp/tool';
import { withDecimals } from '@bregma/core/numbers';
import { makeRandom, type Random } from '@bregma/core/statistics/random';
import type { Workspace } from '@bregma/core/workspace';
import * as z from 'zod';
import { openStimuli, randomBeside } from '../domain/chosen-stimuli.ts';
import { orderSeed, repeatsOf } from '../domain/design.ts';
import { findDriver } from '../domain/find-driver.ts';
import { blockOrder } from '../domain/order.ts';
import { detectableEffect, undetectable } from '../domain/power.ts';
import { elsewhereInWords, readElsewhere } from '../domain/seen-elsewhere.ts';
import { readStimuli } from '../domain/stimuli.ts';
import { tooFewUnits } from '../domain/undecidable.ts';

export const planExperiment = defineTool({
  name: 'plan_experiment',
  question: 'Plan one experiment for a frozen hypothesis and rehearse it dry; a person then approves its hash.',
  input: z.object({
    hypothesis: z.string(),
    driver: z.string().default('replay-rig'),
    subject: z.string().describe('For replay-rig: a recording, id@release'),
    stimuli: z.union([z.array(z.number().int()), z.string()]).describe('Indices, or object of them'),
    repeats: z.number().int().min(1).optional().describe('Default: all recorded'),
    random_beside: z
      .boolean()
      .default(false)
      .describe('Of stimuli that a design chose: also show a random sample as large'),
    max_trials: z.number().int().min(1).optional(),
    max_duration_s: z.number().positive().default(3600),
    pace_ms: z.number().min(0).max(60_000).default(0),
    seed: z.number().int().min(0).default(0),
  }),
  output: z.object({
    plan: z.string(),
    hash: z.string(),
    approve: z.string(),
    would: z.string(),
    trials: z.number(),
    stimuli: z.number(),
    order: ObjectRef,
    orderSeed: z.number(),
    detectable: z.object({
      effect: z.number(),
      ifIndependent: z.number(),
      power: z.number(),
      error: z.number(),
      assuming: z.string(),
    }),
    random: z.number().optional(),
    limits: z.object({ maxTrials: z.number(), maxDurationS: z.number() }),
    cost: z.object({ trials: z.number(), durationS: z.number(), newSubjects: z.number() }),
    protocol: z.string(),
  }),
  effect: 'compute',
  view: 'card',
  async run(input, { workspace }) {
    const record = findHypothesis(workspace.ledger, input.hypothesis, 'frozen');
    const frozen = record.body;
    const driver = findDriver(input.driver);
    const about = await driver.describe(input.subject, workspace);
    const asked = readStimuli(input.stimuli, workspace);
    const twins = [...new Set(frozen.content.predictions.flatMap(({ between }) => between))];
    const seen = twins.map((twin) => seenBy(findTwin(workspace.ledger, twin)));
    const random = input.random_beside
      ? await sampleBeside(
          { stimuli: asked, subject: about.subject, twins: seen, seed: `${frozen.digest} ${input.seed}` },
          workspace,
        )
      : undefined;
    const stimuli = random ? [...new Set([...asked, ...random])] : asked;
    const proposedBy =
      typeof input.stimuli === 'string' ? workspace.ledger.makersOf(input.stimuli).at(-1)?.id : undefined;
    const repeats = repeatsOf(stimuli, input.repeats, about);
    const trials = repeats.reduce((sum, count) => sum + count, 0);
    const seed = orderSeed({ frozen: frozen.digest, subject: about.subject.id, stimuli, repeats, seed: input.seed });
    const order = workspace.objects.put(
      JSON.stringify(blockOrder(stimuli, repeats, makeRandom(seed).fork('order'))),
      'application/json',
    );
    const limits: Limits = {
      maxTrials: input.max_trials ?? trials,
      maxDurationS: input.max_duration_s,
      allowedStimuli: [...stimuli].sort((a, b) => a - b),
    };
    const { level } = nextLevel(workspace.ledger);
    const units = await unitsOf(about.subject.id, asked, workspace);
    const test = { units: units.length, neurons: about.neurons, level };
    const { hardest, found, possible } = hardestOf(frozen.content.predictions, test, makeRandom(seed).fork('power'));
    const power = {
      n: units.length,
      of: 'different stimuli',
      detectable: found.effect,
      ifIndependent: found.ifIndependent,
      power: found.power,
      error: found.error,
      level,
      assuming: `prediction ${hardest.id}: ${found.assuming}; Monte-Carlo error of the probability ${withDecimals(found.error, 3)}`,
    };
    const cost = {
      trials,
      durationS: trials * (about.trialDurationS + input.pace_ms / 1000),
      newSubjects: about.subject.newSubjects,
    };
    const content: PlanContent = {
      hypothesis: frozen.id,
      frozen: frozen.digest,
      driver: driver.name,
      subject: about.subject,
      twins: seen,
      design: {
        stimuli,
        ...(random ? { tested: asked, random } : {}),
        repeats,
        order,
        trials,
        orderSeed: seed,
        randomisation: 'randomised complete blocks: each block shows every stimulus once',
        paceMs: input.pace_ms,
        proposedBy,
      },
      power,
      limits,
      cost,
    };
    const dry = await driver.dryRun(content, workspace);
    if (dry.refusals.length > 0)
      throw new BregmaError('not-allowed', `${driver.title} would refuse this plan: ${dry.refusals.join('; ')}.`, {
        next: 'Change the stimuli, repeats or limits.',
        fields: { refusals: dry.refusals },
      });
    if (about.kind === 'not stated')
      throw new BregmaError(
        'not-allowed',
        `Nobody stated whether ${about.subject.id} was measured: no test would take it.`,
        {
          next: howToState,
          fields: { refusal: 'not-stated' },
        },
      );
    if (about.kind === 'measured')
      await refuseFutile({ record, subject: about.subject.id, stimuli: asked, test, possible }, workspace);
    const plan = sealPlan(content);
    return {
      value: {
        plan: plan.id,
        hash: plan.hash,
        approve: `bregma approve ${plan.id}`,
        would: dry.would,
        trials,
        stimuli: stimuli.length,
        order,
        orderSeed: seed,
        detectable: {
          effect: found.effect,
          ifIndependent: found.ifIndependent,
          power: found.power,
          error: found.error,
          assuming: power.assuming,
        },
        random: random?.length,
        limits: { maxTrials: limits.maxTrials, maxDurationS: limits.maxDurationS },
        cost,
        protocol: about.subject.protocol,
      },
      kind: 'derived',
      release: about.release,
      inputs: [frozen.id, ...twins, ...(proposedBy ? [proposedBy] : [])],
      outputs: [order.object],
      seed,
      records: workspace.ledger.latest('plan', plan.id) ? [] : [{ kind: 'plan', subject: plan.id, body: plan }],
    };
  },
});

/**
 * Refuses a plan whose test would be refused: of a hypothesis frozen after its evidence was seen, of too few stimuli to decide, or
 * to find the largest effect that there can be.
 */
async function refuseFutile(
  plan: {
    record: { seq: number; subject: string };
    subject: string;
    stimuli: number[];
    test: { units: number; level: number };
    possible: string | undefined;
  },
  workspace: Workspace,
): Promise<void> {
  const few = tooFewUnits(plan.test.units, plan.test.level) ?? plan.possible;
  if (few)
    throw new BregmaError('not-allowed', `No test of this plan could be decided: ${few}.`, {
      next: 'Plan more different stimuli; copies of one count as one.',
      fields: { refusal: 'too-few' },
    });
  const [last, ...rest] = await seenBefore(plan.record.seq, plan.subject, plan.stimuli, workspace);
  const elsewhere = last ? undefined : await readElsewhere(plan.record.seq, plan.subject, plan.stimuli, workspace);
  const says = last ? seenInWords([last, ...rest], plan.stimuli.length) : elsewhere && elsewhereInWords(elsewhere);
  if (says)
    throw new BregmaError('not-allowed', `${plan.record.subject} was frozen after its evidence was seen. ${says}.`, {
      next: 'Plan stimuli, or a recording, of which nothing was seen when it was frozen.',
      fields: { refusal: 'after-the-fact' },
    });
}

/** A random sample as large as the chosen stimuli, of all that could have been chosen. Throws `bad-input` where there is none. */
async function sampleBeside(
  chosen: { stimuli: number[]; subject: SubjectRecord; twins: PlanTwin[]; seed: string },
  workspace: Workspace,
): Promise<number[]> {
  const open = await openStimuli(chosen, workspace);
  if (open && open.length > chosen.stimuli.length)
    return randomBeside(chosen.stimuli, open, makeRandom(chosen.seed).fork('random beside'));
  throw new BregmaError(
    'bad-input',
    open
      ? `The plan has ${chosen.stimuli.length} of ${open.length} stimuli that no twin was fitted on: there is nothing beside them to draw from.`
      : `${chosen.subject.id} is no recording of this workspace: what could have been chosen is not known.`,
    { next: 'Leave random_beside out.' },
  );
}

/**
 * The prediction that needs the largest effect beyond its size, or has the least power, and what a test of it finds. possible: why
 * none of them can be found whatever is so, or undefined.
 */
function hardestOf(predictions: Prediction[], test: { units: number; neurons: number; level: number }, random: Random) {
  const all = predictions.map((prediction) => ({
    hardest: prediction,
    found: detectableEffect({ ...test, prediction }, random.fork(prediction.id)),
  }));
  const beyond = ({ hardest, found }: (typeof all)[number]) => Math.abs(found.effect) - Math.abs(hardest.size);
  const worst = all.reduce((a, b) => (b.found.power < a.found.power - 0.05 || beyond(b) > beyond(a) ? b : a));
  const none = all.every(({ found }) => !found.possible);
  const [{ hardest }] = all;
  return {
    ...worst,
    possible: none ? undetectable({ ...test, prediction: hardest }, random.fork(hardest.id)) : undefined,
  };
}
