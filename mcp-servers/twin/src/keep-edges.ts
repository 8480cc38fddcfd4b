import { BregmaError } from '@bregma/core/errors';
import type { Connectome } from './domain/connectome.ts';

/** The connectome with the edges that `isKept` keeps. Yields the share that is done. */
export function* keepEdges(connectome: Connectome, isKept: (edge: number) => boolean): Generator<number, Connectome> {
  const { length } = connectome.pre;
  const kept = new Int32Array(length);
  let size = 0;
  for (let edge = 0; edge < length; edge++) {
    if ((edge & 0x3ffff) === 0) yield edge / length;
    if (isKept(edge)) kept[size++] = edge;
  }
  const take = <Numbers extends Int32Array | Float64Array | Uint8Array | Int8Array>(values: Numbers): Numbers => {
    // SAFETY: the constructor of an array of numbers makes one of its own type.
    const out = new (values.constructor as { new (count: number): Numbers })(size);
    for (let i = 0; i < size; i++) out[i] = values[kept[i]];
    return out;
  };
  const { pre, post, weight, electrical, edgeSigns, unsureSigns, imputed } = connectome;
  return {
    ...connectome,
    pre: take(pre),
    post: take(post),
    weight: take(weight),
    electrical: take(electrical),
    edgeSigns: edgeSigns && take(edgeSigns),
    unsureSigns: unsureSigns && take(unsureSigns),
    imputed: imputed && take(imputed),
  };
}

/** What is done with connections that the source did not see but assumed. */
export const imputedChoices = ['keep', 'drop', 'refuse'] as const;
/** What becomes of connections that the source assumed. */
export type ImputedChoice = (typeof imputedChoices)[number];

/** The connectome that is used, and how many of its connections were assumed. */
export interface Imputed {
  connectome: Connectome;
  /** Assumed connections of the data. */
  count: number;
  of: number;
}

/** The connectome with its assumed connections treated as chosen; without any it is the same object. Throws `bad-input` for `refuse`. */
export function* treatImputed(connectome: Connectome, choice: ImputedChoice): Generator<number, Imputed> {
  const { imputed } = connectome;
  const of = connectome.pre.length;
  let count = 0;
  for (let edge = imputed?.indexOf(1) ?? -1; edge >= 0; edge = imputed?.indexOf(1, edge + 1) ?? -1) count++;
  if (count === 0 || !imputed || choice === 'keep') return { connectome, count, of };
  if (choice === 'refuse')
    throw new BregmaError('bad-input', `${count} of ${of} connections were not seen but assumed by the source.`, {
      next: 'Build the twin with options {"imputed": "keep"} or {"imputed": "drop"}.',
    });
  return { connectome: yield* keepEdges(connectome, (edge) => imputed[edge] === 0), count, of };
}

/** In words, for the card and the answer; undefined where the source assumed none. */
export function describeImputed(
  { count, of }: Pick<Imputed, 'count' | 'of'>,
  choice: ImputedChoice,
): string | undefined {
  if (count === 0) return undefined;
  return `${count} of ${of} connections were not seen but assumed by the source: ${choice === 'drop' ? 'left out' : 'used like the others'}`;
}
