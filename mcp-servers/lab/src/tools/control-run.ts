import { BregmaError } from '@bregma/core/errors';
import { findExperiment } from '@bregma/core/experiment/experiments';
import { journaledTrials } from '@bregma/core/experiment/journal';
import { killSwitch, requestStop, stopReason } from '@bregma/core/experiment/stopping';
import { defineTool } from '@bregma/core/mcp/tool';
import * as z from 'zod';

export const controlRun = defineTool({
  name: 'control_run',
  question: 'How far is a run or experiment? Or stop it before its next trial.',
  input: z.object({
    run_id: z.string().optional(),
    experiment: z.string().optional().describe('exp-… or plan-…'),
    action: z.enum(['status', 'stop']).default('status'),
    wait_s: z.number().min(0).max(30).default(0).describe('Wait this long for the end'),
  }),
  output: z.looseObject({ state: z.string(), killSwitch: z.boolean() }),
  effect: 'act',
  handOver: false,
  autonomy: 'A0',
  async run({ run_id, experiment: id, action, wait_s }, context) {
    const { workspace, runs, signal } = context;
    const on = stopReason(killSwitch(workspace.bregma)) !== undefined;
    if (run_id !== undefined) {
      if (action === 'stop') runs.cancel(run_id);
      await runs.wait(run_id, wait_s * 1000, signal);
      const status = runs.status(run_id);
      return {
        value: { ...status, killSwitch: on },
        kind: 'derived',
        inputs: status.activity ? [status.activity] : [],
      };
    }
    if (id === undefined)
      throw new BregmaError('bad-input', 'control_run needs a run_id or an experiment.', {
        next: `To stop everything without any server: touch ${killSwitch(workspace.bregma)}.`,
      });
    const before = findExperiment(workspace.ledger, id);
    const running = before.state === 'running' || before.state === 'elsewhere';
    if (action === 'stop' && running) {
      await workspace.ledger.append([requestStop(workspace.bregma, before.id, context.client)], { durable: true });
    }
    const until = performance.now() + wait_s * 1000;
    let now = findExperiment(workspace.ledger, before.id);
    while (now.end === undefined && running && performance.now() < until && !signal.aborted) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      now = findExperiment(workspace.ledger, before.id);
    }
    const delivered = now.end?.delivered ?? journaledTrials(workspace.bregma, now.id);
    return {
      value: {
        experiment: now.id,
        plan: now.start.plan,
        state: now.state,
        reason: now.end?.reason,
        delivered,
        asked: now.end?.asked ?? null,
        stopRequested: action === 'stop' && running,
        killSwitch: on,
      },
      kind: 'derived',
      inputs: [now.id],
    };
  },
});
