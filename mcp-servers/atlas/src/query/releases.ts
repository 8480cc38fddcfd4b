import type { DatasetRelease } from '@bregma/core/contracts/dataset';
import { datasetRef } from '@bregma/core/ledger/catalogue';
import type { QueryRelease, QueryTable } from './protocol.ts';

/** Schema names that DuckDB has a meaning of its own for. */
const reserved = new Set(['main', 'temp', 'system', 'information_schema', 'pg_catalog', 'object']);

/** What SQL calls the store's objects: `object."sha256"`. A data set of this id has its name with the release alone. */
export const objectSchema = 'object';

/**
 * What SQL calls each release: `"id@release"` always; for the newest release of an id also `"id"`, and the id with
 * underscores for everything else, unless that is the name of another data set too. Arrays that the statement names are tables too.
 * releases: oldest first.
 */
export function nameReleases(releases: DatasetRelease[], sql: string): QueryRelease[] {
  const newest = new Map(releases.map((release) => [release.id, datasetRef(release)]));
  const meanings = new Map<string, number>();
  for (const id of newest.keys()) for (const name of namesOf(id)) meanings.set(name, (meanings.get(name) ?? 0) + 1);
  return releases
    .map((release) => {
      const reference = datasetRef(release);
      const names = newest.get(release.id) === reference ? namesOf(release.id) : new Set<string>();
      return {
        reference,
        id: release.id,
        aliases: [...names].filter((name) => !reserved.has(name) && (name === release.id || meanings.get(name) === 1)),
        tables: [...release.tables.map(({ name, object }) => ({ name, object })), ...arraysNamed(release, sql)],
      };
    })
    .filter(({ tables }) => tables.length > 0);
}

/** Arrays of a release that a statement names, as tables; one that has the name of a table is `NAME_array`. */
function arraysNamed({ id, arrays, tables }: DatasetRelease, sql: string): QueryTable[] {
  const lower = sql.toLowerCase();
  if (![...namesOf(id)].some((name) => lower.includes(name))) return [];
  const taken = new Set(tables.map(({ name }) => name));
  return arrays
    .map(({ name, object, axes, unit, nan }) => ({
      name: taken.has(name) ? `${name}_array` : name,
      object,
      axes,
      unit,
      nan,
    }))
    .filter(({ name }) => lower.includes(name.toLowerCase()));
}

const namesOf = (id: string) => new Set([id, id.replace(/[^a-z0-9]/g, '_')]);
