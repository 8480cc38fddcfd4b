import type { DatasetRelease } from '@bregma/core/contracts/dataset';
import type { ValueKind } from '@bregma/core/contracts/value-kind';
import { datasetRef } from '@bregma/core/ledger/catalogue';
import type { EarlierResult } from './earlier-result.ts';
import { computedKind, weakest } from './kind.ts';

/** What an answer over rows rests on. */
export interface Sources {
  kind: ValueKind;
  release: string[];
  licence: string[];
  cite: string[];
  inputs: string[];
}

/**
 * What the rows of a statement rest on: the releases that it read, those behind the earlier results that it read, and the results
 * themselves. read: names of catalogs, `id@release` or `act-…`.
 */
export function sourcesOf(read: string[], releases: DatasetRelease[], results: EarlierResult[]): Sources {
  const earlier = results.filter(({ reference }) => read.includes(reference));
  const names = new Set([...read, ...earlier.flatMap(({ activity }) => activity.releases)]);
  const used = releases.filter((release) => names.has(datasetRef(release)));
  const release = used.map(datasetRef);
  return {
    kind: weakest([computedKind(used), ...earlier.flatMap(({ activity }) => activity.valueKind ?? [])]),
    release,
    licence: [...new Set(used.map(({ card }) => card.licence))],
    cite: [...new Set(used.flatMap(({ card }) => card.cite))],
    inputs: [
      ...release,
      ...earlier.flatMap(({ reference, tables }) => [reference, ...tables.map(({ object }) => object)]),
    ],
  };
}
