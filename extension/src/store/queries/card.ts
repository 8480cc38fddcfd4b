import { datasetRef, findDataset, findTwin } from '@bregma/core/ledger/catalogue';
import type { CardModel } from '@bregma/webviews/card/model';
import { dataCard, twinCard } from '../../catalogue/cards.ts';
import { twinSummaries } from '../../catalogue/summaries.ts';
import type { ReadStore } from './query.ts';

/** The card of a data set (`id@release`) or a twin (`twin-…`). Throws `unknown-name`, with the nearest, when there is none. */
export function card(store: ReadStore, id: string): CardModel {
  const { ledger } = store;
  if (id.startsWith('twin-')) {
    const twin = findTwin(ledger, id);
    const summary = twinSummaries(store).twins.find((one) => one.id === id);
    return twinCard({ ...twin, title: summary?.name ?? twin.title }, summary?.validity, ledger.latest('twin', id)?.id);
  }
  const release = findDataset(ledger, id);
  return dataCard(release, ledger.latest('dataset', datasetRef(release))?.id);
}
