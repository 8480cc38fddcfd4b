import { inSlices } from '@bregma/core/in-slices';
import { type FlowQuestion, flowOf, type Measure } from '../domain/flow.ts';
import type { Graph } from '../domain/graph.ts';
import { controlIs, controlled } from './controls.ts';
import { type Found, type Question, rowsOf, type Start } from './question.ts';

/** What a number of the answer is. */
const flowIs: Record<Measure, string> = {
  input:
    'sum over all walks of that many hops of the product of (connection ÷ all input of its target): the share of the mean target’s input that begins at from',
  output:
    'sum over all walks of that many hops of the product of (connection ÷ all output of its source): the share of the mean source’s output that arrives at to',
  paths: 'number of walks of that many hops',
};

/** Flow from the sources to the targets, through `via` where it is given, hop by hop; and whom it passes on its way. */
export async function flowTo(
  start: Start,
  targets: number[],
  via: number[] | undefined,
  question: Question,
  signal: AbortSignal,
): Promise<Found> {
  const { connectome, sources, labels } = start;
  const { direction, hops = 2, min_weight, measure, control, limit, by } = question;
  const [from, to] = direction === 'downstream' ? [sources, targets] : [targets, sources];
  const asked: FlowQuestion = { sources: from, targets: to, via, steps: hops, minWeight: min_weight, measure };
  const flow = (graph: Graph) => inSlices(flowOf(graph, asked), signal);
  const { perStep, visits } = await flow(connectome.graph);
  const numbers = async (graph: Graph) =>
    new Map((await flow(graph)).perStep.map((step) => [String(step.steps), step.through ?? step.flow]));
  const observed = new Map(perStep.map((step) => [String(step.steps), step.through ?? step.flow]));
  const random = control > 0 ? await controlled(connectome.graph, control, observed, numbers, signal) : undefined;
  const groups = new Map<string, { flow: number; neurons: number }>();
  for (let i = 0; i < visits.length; i++) {
    if (visits[i] === 0) continue;
    const group = groups.get(labels[i]) ?? { flow: 0, neurons: 0 };
    groups.set(labels[i], { flow: group.flow + visits[i], neurons: group.neurons + 1 });
  }
  const carriers = [...groups]
    .map(([name, group]) => ({ name, ...group }))
    .sort((a, b) => b.flow - a.flow || (a.name < b.name ? -1 : 1));
  return {
    value: {
      to: targets.slice(0, 20).map((i) => connectome.names[i]),
      via: via?.slice(0, 20).map((i) => connectome.names[i]),
      perHops: perStep.map(({ steps, flow: all, through }) => ({
        hops: steps,
        flow: all,
        ...(through === undefined ? {} : { through, share: all > 0 ? through / all : null }),
        ...(random ? { rewired: random.by.get(String(steps)) } : {}),
      })),
      carriers: carriers.slice(0, limit),
      measure,
      flowIs: flowIs[measure],
      carriersAre:
        'flow of walks that pass on their way, over all hops asked for; a walk counts at each neuron that it passes',
      min_weight,
      ...(random
        ? { control: { draws: control, of: via ? 'through' : 'flow', moved: random.moved, is: controlIs } }
        : {}),
    },
    completeness: { returned: Math.min(limit, carriers.length), available: carriers.length, of: rowsOf(by) },
  };
}
