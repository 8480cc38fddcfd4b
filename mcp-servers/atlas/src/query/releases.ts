import type { DatasetRelease } from '@bregma/core/contracts/dataset';
import { datasetRef } from '@bregma/core/ledger/catalogue';
import type { QueryRelease } from './protocol.ts';

/** Schema names that DuckDB has a meaning of its own for. */
const reserved = new Set(['main', 'temp', 'system', 'information_schema', 'pg_catalog']);

/**
 * What SQL calls each release: `"id@release"` always; for the newest release of an id also `"id"`, and the id with
 * underscores for everything else, unless that is the name of another data set too. releases: oldest first.
 */
export function nameReleases(releases: DatasetRelease[]): QueryRelease[] {
  const newest = new Map(releases.map((release) => [release.id, datasetRef(release)]));
  const meanings = new Map<string, number>();
  for (const id of newest.keys()) for (const name of namesOf(id)) meanings.set(name, (meanings.get(name) ?? 0) + 1);
  return releases
    .filter(({ tables }) => tables.length > 0)
    .map((release) => {
      const reference = datasetRef(release);
      const names = newest.get(release.id) === reference ? namesOf(release.id) : new Set<string>();
      return {
        reference,
        id: release.id,
        aliases: [...names].filter((name) => !reserved.has(name) && (name === release.id || meanings.get(name) === 1)),
        tables: release.tables.map(({ name, object }) => ({ name, object })),
      };
    });
}

const namesOf = (id: string) => new Set([id, id.replace(/[^a-z0-9]/g, '_')]);
