import type { ValueKind } from '@bregma/core/contracts/value-kind';
import { datasetRef, readDatasets, readTwins } from '@bregma/core/ledger/catalogue';
import { twinNames } from '@bregma/core/ledger/twin-names';
import type { Unreadable } from '@bregma/core/ledger/unreadable';
import type { ReadStore } from '../store/queries/query.ts';
import { schemaOf } from './schema-name.ts';

/** A data set release as the tree shows it. */
export interface DataSummary {
  reference: string;
  /** The reference, without its release where no other release of it is here. */
  name: string;
  title: string;
  species?: string;
  kind: ValueKind;
  licence: string;
  exposure: string;
  shape: string;
  tables: { name: string; rows: number; columns: number }[];
  arrays: { name: string; axes: string; unit?: string }[];
  /** Schema of its tables in SQL: the id with what SQL has no letters for replaced. */
  schema: string;
}

/** A judgement of `validate_twin`: predictive validity with its interval, ceiling and control. */
export interface Validity {
  activity: string;
  protocol: string;
  pearson: number | null;
  ci?: { low: number | null; high: number | null };
  ceiling: number | null;
  control: number | null;
  n?: { count: number; of: string };
}

/** A twin as the tree shows it; validity undefined: nobody has judged it here. */
export interface TwinSummary {
  id: string;
  title: string;
  /** What tells it from the twins of the same title, and the title with that. */
  differs?: string;
  name: string;
  kind: string;
  data: string;
  exposure: string;
  fittedOn: string;
  validity?: Validity;
}

/** Every data set that was added, in the order of the ledger, and the records of some that cannot be read. */
export function dataSummaries({ ledger }: ReadStore): { data: DataSummary[]; unreadable: Unreadable[] } {
  const { found, unreadable } = readDatasets(ledger);
  const alone = (id: string) => found.filter((release) => release.id === id).length === 1;
  const data = found
    .map((release) => ({
      reference: datasetRef(release),
      name: alone(release.id) ? release.id : datasetRef(release),
      title: release.card.title,
      species: release.card.species,
      kind: release.card.kind,
      licence: release.card.licence,
      exposure: release.card.exposure,
      shape: release.shape,
      tables: release.tables.map(({ name, rows, columns }) => ({
        name,
        rows,
        columns: columns.length,
      })),
      arrays: release.arrays.map(({ name, axes, shape, unit }) => ({
        name,
        axes: shape.map((length, i) => `${length} ${axes[i] ?? ''}`.trim()).join(' × '),
        unit,
      })),
      schema: schemaOf(release.id),
    }))
    .reverse();
  return { data, unreadable };
}

/** Every twin, with its newest validity and what tells it from twins of the same name. */
export function twinSummaries(store: ReadStore): { twins: TwinSummary[]; unreadable: Unreadable[] } {
  const judged = validities(store);
  const { found, unreadable } = readTwins(store.ledger);
  const names = twinNames(found);
  const twins = found
    .map(({ id, title, kind, data, exposure, fittedOn }) => ({
      id,
      title,
      differs: names.get(id)?.differs,
      name: names.get(id)?.name ?? title,
      kind,
      data,
      exposure,
      fittedOn: `${fittedOn.part === 'first-half' ? 'first half' : fittedOn.part}, ${fittedOn.n} ${fittedOn.of}`,
      validity: judged.get(id),
    }))
    .reverse();
  return { twins, unreadable };
}

/** The newest validity of each twin. */
function validities({ ledger, objects }: ReadStore): Map<string, Validity> {
  const found = new Map<string, Validity>();
  for (const { id, body } of ledger.list('activity', 'validate_twin')) {
    const twin = body.arguments.twin;
    if (body.status !== 'ok' || typeof twin !== 'string') continue;
    const answer =
      body.answer ?? (body.answerObject ? JSON.parse(objects.get(body.answerObject).toString('utf8')) : undefined);
    // SAFETY: an answer of validate_twin, or of an earlier build: each member is taken as one that may be absent.
    const { value, n } = (answer ?? {}) as { value?: Partial<Judged>; n?: Validity['n'] };
    if (!value) continue;
    found.set(twin, {
      activity: id,
      protocol: String(body.arguments.protocol ?? ''),
      pearson: value.median?.pearson ?? null,
      ci: value.ci,
      ceiling: value.ceiling ?? null,
      control: value.control ?? null,
      n,
    });
  }
  return found;
}

interface Judged {
  median: { pearson: number | null };
  ci: { low: number | null; high: number | null };
  ceiling: number | null;
  control: number | null;
}
