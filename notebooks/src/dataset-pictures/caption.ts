import type { DatasetRelease } from '@bregma/core/contracts/dataset';
import { datasetRef } from '@bregma/core/ledger/catalogue';
import type { Caption } from '@bregma/webviews/kit/caption';

/** What stands under a picture that is made of a release itself: no activity made it, its release did. */
export function captionFor(release: DatasetRelease, title: string, n: { count: number; of: string }): Caption {
  const { card } = release;
  return {
    title: `${card.title}: ${title}`,
    kind: card.kind,
    n,
    release: [datasetRef(release)],
    cite: card.cite,
    licence: [card.licence],
  };
}
