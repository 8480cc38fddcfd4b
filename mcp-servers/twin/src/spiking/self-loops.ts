import { BregmaError } from '@bregma/core/errors';
import type { Connectome } from '../domain/connectome.ts';
import { keepEdges } from '../keep-edges.ts';

/** What is done with chemical connections of a neuron to itself (autapses). */
export const selfLoopChoices = ['keep', 'drop', 'refuse'] as const;
/** What becomes of connections from a neuron to itself. */
export type SelfLoopChoice = (typeof selfLoopChoices)[number];

/** The connectome under that choice. */
export interface SelfLoops {
  /** The connectome that is simulated. */
  connectome: Connectome;
  /** Chemical self-loops of the data. */
  count: number;
}

/** Neurons that a refusal names. */
const named = 5;

/**
 * The connectome with its chemical self-loops treated as chosen; without any it is the same object. Throws `bad-input` for
 * `refuse`, naming neurons.
 */
export function* treatSelfLoops(connectome: Connectome, choice: SelfLoopChoice): Generator<number, SelfLoops> {
  const { pre, post, electrical, ids } = connectome;
  let count = 0;
  const first = new Set<number>();
  let more = false;
  for (let edge = 0; edge < pre.length; edge++) {
    if ((edge & 0x3ffff) === 0) yield edge / pre.length;
    if (pre[edge] !== post[edge] || electrical[edge]) continue;
    count++;
    if (first.has(pre[edge])) continue;
    if (first.size < named) first.add(pre[edge]);
    else more = true;
  }
  if (count === 0 || choice === 'keep') return { connectome, count };
  if (choice === 'refuse')
    throw new BregmaError(
      'bad-input',
      `${count} ${count === 1 ? 'connection leads' : 'connections lead'} from a neuron to itself: ${Array.from(first, (i) => ids[i]).join(', ')}${more ? ' and others' : ''}.`,
      {
        next: 'Build the twin with options {"self_loops": "keep"} to simulate them as the published model does, or {"self_loops": "drop"} to leave them out.',
      },
    );
  const kept = yield* keepEdges(connectome, (edge) => pre[edge] !== post[edge] || electrical[edge] === 1);
  return { connectome: kept, count };
}

/** In words, for the card and the answer. */
export function describeSelfLoops({ count }: Pick<SelfLoops, 'count'>, choice: SelfLoopChoice): string {
  return `${count}${count === 0 ? '' : choice === 'drop' ? ', left out' : ', simulated as any synapse'}`;
}
