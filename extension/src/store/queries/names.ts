import { datasetRef, readDatasets, readTwins } from '@bregma/core/ledger/catalogue';
import type { Names } from '@bregma/notebooks/complete-names';
import { schemaOf } from '../../catalogue/schema-name.ts';
import type { ReadStore } from './query.ts';

/** What a person can name while they write: data sets with their tables and columns, and twins; the newest first. */
export function names({ ledger }: ReadStore): Names {
  const seen = new Set<string>();
  const data = readDatasets(ledger)
    .found.reverse()
    .map((release) => ({
      reference: datasetRef(release),
      schema: schemaOf(release.id),
      title: release.card.title,
      tables: release.tables.map(({ name, rows, columns }) => ({
        name,
        rows,
        columns: columns.map(({ name: column, type, unit }) => ({ name: column, type, unit })),
      })),
    }))
    // SQL reads the newest release of a data set under its bare name.
    .filter(({ schema }) => !seen.has(schema) && seen.add(schema));
  const twins = readTwins(ledger).found.map(({ id, title }) => ({ id, title }));
  return { data, twins: twins.reverse() };
}
