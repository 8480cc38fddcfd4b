import { type Graph, strength } from './graph.ts';

/** How much one connection passes on: its share of the input of its target, of the output of its source, or 1. */
export type Measure = 'input' | 'output' | 'paths';

/** What is asked: from where to where, through whom, over how many connections. */
export interface FlowQuestion {
  sources: number[];
  targets: number[];
  /** Neurons of which the flow must pass one; undefined: no matter. */
  via: number[] | undefined;
  steps: number;
  minWeight: number;
  measure: Measure;
}

/** The flow of all walks of one length. */
export interface StepFlow {
  steps: number;
  /** Input: share of the mean target's input that begins at the sources. Output: share of the mean source's output that arrives. Paths: walks. */
  flow: number;
  /** The part of it that passes `via` on its way. */
  through?: number;
}

/** Flows, and how much of them visits each neuron on its way, over all lengths. */
export interface Flow {
  perStep: StepFlow[];
  /** [neuron] */
  visits: Float64Array;
}

/**
 * Flow over walks of 1 to `steps` connections: the sum over walks of the product of what their connections pass on (powers of the
 * matrix of shares, as effective connectivity is computed by Liu et al. 2022, eLife 11:e79887, and by Winding et al. 2023). A connection
 * smaller than `minWeight` passes nothing, but stays a part of the input or output that shares are taken of. Yields the share done.
 */
export function* flowOf(graph: Graph, question: FlowQuestion): Generator<number, Flow> {
  const { sources, targets, via, steps, measure } = question;
  const pass = passing(graph, question);
  const starts = indicator(graph.size, sources);
  const ends = indicator(graph.size, targets);
  const avoid = via && indicator(graph.size, via);
  const scale = measure === 'paths' ? 1 : 1 / (measure === 'input' ? targets.length : sources.length);
  const ahead = [starts];
  let past = starts;
  const perStep: StepFlow[] = [];
  for (let k = 1; k <= steps; k++) {
    ahead.push(forward(graph, pass, ahead[k - 1]));
    yield k / (2 * steps);
    const flow = scale * dot(ahead[k], ends);
    if (!avoid) {
      perStep.push({ steps: k, flow });
      continue;
    }
    // What went past without a visit on its way; where a walk begins and ends is not on its way.
    past = forward(graph, pass, k === 1 ? past : past.map((value, i) => (avoid[i] ? 0 : value)));
    perStep.push({ steps: k, flow, through: Math.max(0, flow - scale * dot(past, ends)) });
  }
  const behind = [ends];
  const visits = new Float64Array(graph.size);
  for (let k = 1; k < steps; k++) {
    behind.push(backward(graph, pass, behind[k - 1]));
    yield 0.5 + k / (2 * steps);
  }
  for (let before = 1; before < steps; before++)
    for (let after = 1; before + after <= steps; after++)
      for (let i = 0; i < visits.length; i++) visits[i] += scale * ahead[before][i] * behind[after][i];
  return { perStep, visits };
}

/** What each connection passes on, in the order of the rows of outgoing ones. */
function passing({ size, out, in: incoming }: Graph, { minWeight, measure }: FlowQuestion): Float64Array {
  const whole = Float64Array.from({ length: size }, (_, i) =>
    measure === 'input' ? strength(incoming, i) : measure === 'output' ? strength(out, i) : 1,
  );
  const pass = new Float64Array(out.other.length);
  for (let i = 0; i < size; i++)
    for (let at = out.start[i]; at < out.start[i + 1]; at++) {
      const weight = Math.abs(out.weight[at]);
      if (weight < minWeight || weight === 0) continue;
      pass[at] = measure === 'paths' ? 1 : weight / whole[measure === 'input' ? out.other[at] : i];
    }
  return pass;
}

function forward({ size, out }: Graph, pass: Float64Array, from: Float64Array): Float64Array {
  const to = new Float64Array(size);
  for (let i = 0; i < size; i++)
    if (from[i] !== 0) for (let at = out.start[i]; at < out.start[i + 1]; at++) to[out.other[at]] += from[i] * pass[at];
  return to;
}

function backward({ size, out }: Graph, pass: Float64Array, to: Float64Array): Float64Array {
  const from = new Float64Array(size);
  for (let i = 0; i < size; i++)
    for (let at = out.start[i]; at < out.start[i + 1]; at++) from[i] += pass[at] * to[out.other[at]];
  return from;
}

function indicator(size: number, nodes: number[]): Float64Array {
  const one = new Float64Array(size);
  for (const node of nodes) one[node] = 1;
  return one;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) if (b[i] !== 0) sum += a[i] * b[i];
  return sum;
}
