import { type PageShown, publishPage as publish } from '@bregma/core/ledger/published';
import type { ReadStore } from './query.ts';

/** Puts on record that a notebook is published as a page; undefined where nothing may be written. */
export const publishPage = async ({ bregma, recorder }: ReadStore, shown: PageShown) =>
  recorder === undefined ? undefined : publish(bregma, recorder, shown);
