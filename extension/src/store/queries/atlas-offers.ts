import { datasetRef, listDatasets } from '@bregma/core/ledger/catalogue';
import { type Offer, offersOf } from '@bregma/notebooks/dataset-pictures/offers';
import type { ReadStore } from './query.ts';

/** A data set, and what can be drawn of it. */
export interface AtlasEntry {
  /** `id@release` */
  reference: string;
  title: string;
  species: string | undefined;
  offers: Offer[];
}

/** The data sets of the workspace, newest last, with the pictures that can be made of each. */
export function atlasOffers({ ledger }: ReadStore): AtlasEntry[] {
  return listDatasets(ledger).map((release) => ({
    reference: datasetRef(release),
    title: release.card.title,
    species: release.card.species,
    offers: offersOf(release),
  }));
}
