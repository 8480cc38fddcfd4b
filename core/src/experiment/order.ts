import * as z from 'zod';
import type { PlanRecord } from '../contracts/experiment.ts';
import { BregmaError } from '../errors.ts';
import type { ObjectStore } from '../objects/objects.ts';

/** Stimulus of each trial of a plan. Throws `corrupt` unless it shows the plan's stimuli as often as the plan says. */
export function readOrder(
  { id, content: { design } }: PlanRecord,
  workspace: { objects: Pick<ObjectStore, 'get'> },
): number[] {
  const order = z
    .array(z.number().int())
    .parse(JSON.parse(workspace.objects.get(design.order.object).toString('utf8')));
  const left = new Map(design.stimuli.map((stimulus, i) => [stimulus, design.repeats[i]]));
  for (const stimulus of order) left.set(stimulus, (left.get(stimulus) ?? 0) - 1);
  if (order.length !== design.trials || [...left.values()].some((count) => count !== 0))
    throw new BregmaError('corrupt', `The order of ${id} does not show its stimuli as often as it says.`, {
      next: 'Make the plan again with plan_experiment.',
    });
  return order;
}
