import { rmSync } from 'node:fs';
import { findPlan } from '@bregma/core/approval/check';
import { ObjectRef } from '@bregma/core/contracts/answer';
import type { ExperimentEnd } from '@bregma/core/contracts/experiment';
import { BregmaError } from '@bregma/core/errors';
import { readOrder } from '@bregma/core/experiment/order';
import { killSwitch, stopFile, stopReason } from '@bregma/core/experiment/stopping';
import { defineTool } from '@bregma/core/mcp/tool';
import { witnessedBegin } from '@bregma/core/witness/runs';
import * as z from 'zod';
import { findDriver } from '../domain/find-driver.ts';
import { Journal } from '../domain/journal.ts';
import { perform } from '../domain/perform.ts';
import { storeTrials } from '../domain/trial-table.ts';
import { useApproval } from '../domain/use-approval.ts';

export const runExperiment = defineTool({
  name: 'run_experiment',
  question: "Run an approved plan once; needs a person's unused signature (bregma approve).",
  input: z.object({ plan: z.string() }),
  output: z.object({
    experiment: z.string(),
    plan: z.string(),
    state: z.enum(['complete', 'stopped', 'failed']),
    reason: z.string().optional(),
    approvedBy: z.string(),
    demo: z.string().optional(),
    trials: z.object({ table: ObjectRef, responses: ObjectRef, shape: z.tuple([z.number(), z.number()]) }),
  }),
  effect: 'act',
  autonomy: 'A3',
  async run({ plan: id }, { workspace, signal, progress }) {
    const plan = findPlan(workspace.ledger, id);
    const { content } = plan;
    const driver = findDriver(content.driver);
    const about = await driver.describe(content.subject.id, workspace);
    const { refusals } = await driver.dryRun(content, workspace);
    if (refusals.length > 0)
      throw new BregmaError('not-allowed', `${driver.title} refuses ${id}: ${refusals.join('; ')}.`, {
        next: 'Make another plan with plan_experiment.',
        fields: { refusal: 'plan', refusals },
      });
    const order = readOrder(plan, workspace);
    const stopped = stopReason(killSwitch(workspace.bregma));
    if (stopped)
      throw new BregmaError('not-allowed', `The kill switch is on: ${stopped}.`, {
        next: `A person removes ${killSwitch(workspace.bregma)} when it is safe to go on.`,
        fields: { refusal: 'stopped' },
      });
    const start = await useApproval(plan, workspace, { demo: !driver.touchesSubject });
    const experiment = start.id;
    progress({ done: 0, total: order.length, message: `${experiment} started` });

    const journal = new Journal(workspace.bregma, experiment);
    const session = await witnessedBegin(start, workspace.ledger)
      .then(() =>
        driver.open(content, content.limits, {
          ledger: workspace.ledger,
          objects: workspace.objects,
          bregma: workspace.bregma,
          order,
          stopFiles: [killSwitch(workspace.bregma), stopFile(workspace.bregma, experiment)],
          signal,
          now: () => performance.now(),
        }),
      )
      .catch((error) => ({ trials: failing(error), stop: () => {} }));
    const done = await perform(session, (trial) => {
      journal.write(trial);
      progress({ done: trial.trial + 1, total: order.length, message: experiment });
    });
    journal.close();
    const stored = storeTrials(done.trials, about.neurons, workspace.objects);
    const end: ExperimentEnd = {
      phase: 'ended',
      experiment,
      plan: id,
      state: done.state,
      reason: done.reason,
      asked: order.length,
      delivered: done.trials.length,
      kind: about.kind,
      ...stored,
      unitNames: about.unitNames,
      neurons: about.neurons,
      demo: start.body.demo,
    };
    await workspace.ledger.append([{ kind: 'experiment', subject: experiment, body: end }], { durable: true });
    journal.remove();
    rmSync(stopFile(workspace.bregma, experiment), { force: true });
    return {
      value: {
        experiment,
        plan: id,
        state: done.state,
        reason: done.reason,
        approvedBy: start.body.approvedBy,
        demo: start.body.demo ? 'approved with a demonstration key: no person stands behind it' : undefined,
        // SAFETY: two numbers; the literal alone would be a list.
        trials: { ...stored, shape: [done.trials.length, about.neurons] as [number, number] },
      },
      kind: about.kind,
      n: { count: about.neurons, of: 'neurons of one subject' },
      completeness: { returned: done.trials.length, available: order.length, of: 'trials' },
      release: about.release,
      licence: about.licence,
      cite: about.cite,
      inputs: [id, start.body.approval],
      outputs: [stored.table.object, stored.responses.object],
      seed: content.design.orderSeed,
    };
  },
});

// biome-ignore lint/correctness/useYield: a session that failed before its first trial
async function* failing(error: unknown): AsyncGenerator<never> {
  throw error;
}
