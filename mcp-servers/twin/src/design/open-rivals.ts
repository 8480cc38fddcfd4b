import type { TwinCard } from '@bregma/core/contracts/twin';
import { BregmaError } from '@bregma/core/errors';
import type { ToolContext } from '@bregma/core/mcp/tool';
import { findKind, kindsByNeed } from '../find-kind.ts';
import { kinds } from '../kinds/index.gen.ts';
import type { Rival } from '../kinds/kind.ts';
import type { Rivals } from './discriminate.ts';

/** Two rival twins over the same stimuli, ready to be told apart. */
export interface OpenedRivals extends Rivals, Pick<Rival, 'reference' | 'release' | 'nameOf'> {
  /** Stimuli that can be given and that neither twin was fitted on. */
  candidates: number[];
}

/**
 * What two rival twins predict for every stimulus of a data set: images, or stimulated neurons. data: of the candidates; default:
 * the twins' own. Throws `bad-input` for twins whose predictions cannot be compared.
 */
export async function openRivals(
  twins: TwinCard[],
  data: string | undefined,
  context: ToolContext,
): Promise<OpenedRivals> {
  const [first, second] = twins.map(({ kind }) => findKind(kind));
  if (!first.rivals || !second.rivals || first.needs !== second.needs)
    throw new BregmaError(
      'bad-input',
      `${first.name} and ${second.name} do not both predict responses to stimuli that can be ranked.`,
      { next: `Name two twins of one group: ${kindsByNeed(kinds.filter(({ rivals }) => rivals))}.` },
    );
  const a = await first.rivals(twins[0], data, context);
  const b = await second.rivals(twins[1], data, context);
  const { neurons, stimuli, reference, release, nameOf } = a;
  return {
    ...{ neurons, stimuli, reference, release, nameOf },
    first: a.predictions,
    second: b.predictions,
    // The expected information of a pair does not depend on which is named first.
    variance: a.variance.map((variance, neuron) => (variance + b.variance[neuron]) / 2),
    candidates: a.available.filter((stimulus) => !a.seen.has(stimulus) && !b.seen.has(stimulus)),
  };
}
