import { sealPlan } from '@bregma/core/approval/statement';
import { ObjectRef } from '@bregma/core/contracts/answer';
import type { Limits, PlanContent } from '@bregma/core/contracts/experiment';
import type { Prediction } from '@bregma/core/contracts/hypothesis';
import { howToState } from '@bregma/core/contracts/value-kind';
import { BregmaError } from '@bregma/core/errors';
import { seenBy, unitsOf } from '@bregma/core/experiment/exposure';
import { seenBefore, seenInWords } from '@bregma/core/experiment/seen-evidence';
import { nextLevel } from '@bregma/core/hypothesis/budget';
import { findHypothesis } from '@bregma/core/hypothesis/hypotheses';
import { findTwin } from '@bregma/core/ledger/catalogue';
import { defineTool } from '@bregma/core/mcp/tool';
import { makeRandom, type Random } from '@bregma/core/statistics/random';
import type { Workspace } from '@bregma/core/workspace';
import * as z from 'zod';
import { orderSeed, repeatsOf } from '../domain/design.ts';
import { findDriver } from '../domain/find-driver.ts';
import { blockOrder } from '../domain/order.ts';
import { detectableEffect } from '../domain/power.ts';
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
    detectable: z.object({ effect: z.number(), power: z.number(), assuming: z.string() }),
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
    const stimuli = readStimuli(input.stimuli, workspace);
    const proposedBy =
      typeof input.stimuli === 'string' ? workspace.ledger.makersOf(input.stimuli).at(-1)?.id : undefined;
    const repeats = repeatsOf(stimuli, input.repeats, about);
    const trials = repeats.reduce((sum, count) => sum + count, 0);
    const seed = orderSeed({ frozen: frozen.digest, subject: about.subject.id, stimuli, repeats, seed: input.seed });
    const order = workspace.objects.put(
      JSON.stringify(blockOrder(stimuli, repeats, makeRandom(seed).fork('order'))),
      'application/json',
    );
    const twins = [...new Set(frozen.content.predictions.flatMap(({ between }) => between))];
    const limits: Limits = {
      maxTrials: input.max_trials ?? trials,
      maxDurationS: input.max_duration_s,
      allowedStimuli: [...stimuli].sort((a, b) => a - b),
    };
    const { level } = nextLevel(workspace.ledger);
    const units = await unitsOf(about.subject.id, stimuli, workspace);
    const { hardest, found } = hardestOf(
      frozen.content.predictions,
      units.length,
      level,
      makeRandom(seed).fork('power'),
    );
    const power = {
      n: units.length,
      of: 'different stimuli',
      detectable: found.effect,
      power: found.power,
      level,
      assuming: `prediction ${hardest.id}: ${found.assuming}; Monte-Carlo error of the probability ${found.error.toFixed(3)}`,
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
      twins: twins.map((twin) => seenBy(findTwin(workspace.ledger, twin))),
      design: {
        stimuli,
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
      await refuseFutile({ record, subject: about.subject.id, stimuli, units: units.length, level }, workspace);
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
        detectable: { effect: power.detectable, power: power.power, assuming: power.assuming },
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

/** Refuses a plan whose test would be refused: of a hypothesis frozen after its evidence was seen, or of too few stimuli to decide. */
async function refuseFutile(
  plan: { record: { seq: number; subject: string }; subject: string; stimuli: number[]; units: number; level: number },
  workspace: Workspace,
): Promise<void> {
  const few = tooFewUnits(plan.units, plan.level);
  if (few)
    throw new BregmaError('not-allowed', `No test of this plan could be decided: ${few}.`, {
      next: 'Plan more different stimuli; copies of one count as one.',
      fields: { refusal: 'too-few' },
    });
  const [last, ...rest] = await seenBefore(plan.record.seq, plan.subject, plan.stimuli, workspace);
  if (last)
    throw new BregmaError(
      'not-allowed',
      `${plan.record.subject} was frozen after its evidence was seen. ${seenInWords([last, ...rest], plan.stimuli.length)}.`,
      {
        next: 'Plan stimuli, or a recording, of which nothing was seen when it was frozen.',
        fields: { refusal: 'after-the-fact' },
      },
    );
}

/** The prediction that needs the largest effect beyond its size, or has the least power, and what a test of it finds. */
function hardestOf(predictions: Prediction[], units: number, level: number, random: Random) {
  const all = predictions.map((prediction) => ({
    hardest: prediction,
    found: detectableEffect({ units, level, prediction }, random.fork(prediction.id)),
  }));
  const beyond = ({ hardest, found }: (typeof all)[number]) => Math.abs(found.effect) - Math.abs(hardest.size);
  return all.reduce((a, b) => (b.found.power < a.found.power - 0.05 || beyond(b) > beyond(a) ? b : a));
}
