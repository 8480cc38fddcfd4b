import { digestOf } from '../canonical.ts';
import type { DatasetRelease } from '../contracts/dataset.ts';
import type { TwinCard } from '../contracts/twin.ts';
import type { ReleaseRead, RestsOn } from '../contracts/validity.ts';
import { datasetRef, readDatasets } from '../ledger/catalogue.ts';
import type { LedgerReader } from '../ledger/ledger.ts';
import { codeVersion } from '../version.ts';

/** Table by whose names neurons of two data sets are matched. */
const namesTable = 'neurons';

/** A release as it is now. */
export function readNow(release: DatasetRelease): ReleaseRead {
  const names = release.tables.find(({ name }) => name === namesTable)?.object ?? null;
  const parts = [...release.tables, ...release.arrays].filter(({ object }) => object !== names);
  return { reference: datasetRef(release), values: digestOf(parts.map(({ name, object }) => [name, object])), names };
}

/** Whether a release is a network whose layers a twin reads out. */
export const isNetwork = ({ arrays }: Pick<DatasetRelease, 'arrays'>): boolean =>
  arrays.some(({ name }) => name === 'network');

/**
 * What a validity rests on: the code, the releases that were read and those that the twin was made of, and the twin's own files.
 * read: references of the releases that the judging read; those that the workspace does not hold are left out.
 */
export function restsOn(read: readonly string[], twin: TwinCard | undefined, ledger: LedgerReader): RestsOn {
  const { found } = readDatasets(ledger);
  const named = [...read, ...(twin ? releasesOf(twin) : [])];
  const releases = [...new Set(named)].flatMap((reference) => {
    const release = found.findLast((one) => datasetRef(one) === reference);
    return release ? [readNow(release)] : [];
  });
  return { code: codeVersion, releases, weights: twin?.files.map(({ object }) => object) ?? [] };
}

/** Releases that a twin was made of: its recordings, and its network. */
function releasesOf({ data, fittedOn, summary }: TwinCard): string[] {
  return [data, ...(fittedOn.also ?? []), ...(typeof summary.network === 'string' ? [summary.network] : [])];
}
