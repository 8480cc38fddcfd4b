import { hasAgreed, takesWordOfClient } from '@bregma/core/agreements';
import type { DatasetRelease } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import type { DatasetAdapter } from '../datasets/adapter.ts';

/** What an answer says where a client agreed: the same wherever the call is repeated. */
export const wordOfClient = (id: string) =>
  `That a person agrees to the terms of ${id} is on record as the client's word (agree: true): nobody was asked here. A person says it with: bregma agree ${id}.`;

/**
 * How somebody agreed to the terms of a release, for its record; undefined: it has none. agree: the client's word. Throws
 * `needs-agreement` when nobody did whose word counts.
 */
export function agreementTo(
  { id, terms, card }: Pick<DatasetAdapter, 'id' | 'terms' | 'card'>,
  agree: boolean,
  client: string,
): DatasetRelease['agreed'] {
  if (terms === undefined) return undefined;
  if (hasAgreed(id, terms)) return { terms, by: 'person', client };
  if (agree && takesWordOfClient()) return { terms, by: 'client', client };
  throw new BregmaError('needs-agreement', `${id} has terms: ${terms}`, {
    next: takesWordOfClient()
      ? 'If the person whom you work for agrees, call add_data again with agree: true, which is on record as your word.'
      : `A person agrees in a terminal: bregma agree ${id}. This server takes no client's word for it (BREGMA_AGREE).`,
    fields: { terms, licenceUrl: card.licenceUrl },
  });
}
