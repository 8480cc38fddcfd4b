import { digestOf } from '@bregma/core/canonical';
import type { DatasetRelease } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import { datasetRef, findDataset } from '@bregma/core/ledger/catalogue';
import { defineTool } from '@bregma/core/mcp/tool';
import type { Workspace } from '@bregma/core/workspace';
import { Duck } from '@bregma/readers/duck';
import { columnOf, tableOf } from '@bregma/readers/release';
import * as z from 'zod';
import { joinTables, type Side } from '../join.ts';
import { ownId } from '../own-id.ts';
import { computedKind } from '../query/kind.ts';

export const joinData = defineTool({
  name: 'join_data',
  question: 'Join two tables by equal keys or a mapping set; says first what matched; the result is a data set.',
  input: z.object({
    left: z.string().describe('id@release.table.column'),
    right: z.string(),
    mapping: z.string().optional().describe('id@release.table, SSSOM: left is the subject'),
    predicates: z.array(z.string()).default(['exactMatch']),
    same_ids: z.boolean().default(false).describe('Ids of both releases name the same things'),
    id: z.string().optional(),
  }),
  output: z.looseObject({ matched: z.number(), ambiguous: z.number(), unmatched: z.number(), dataset: z.string() }),
  effect: 'compute',
  async run({ left: leftName, right: rightName, mapping: mappingName, predicates, same_ids, id }, context) {
    const { workspace, signal } = context;
    const [left, right] = [sideOf(leftName, workspace), sideOf(rightName, workspace)];
    const map = mappingName === undefined ? undefined : { ...partOf(mappingName, workspace), predicates };
    if (!map && !same_ids) refuseForeignIds(left, right);
    const name = ownId(id ?? `${left.release.id}-${right.release.id}`.slice(0, 80));
    const duck = await Duck.open({ objects: workspace.objects, signal, keepNaN: 'all' });
    try {
      const { counts, tables, unused, backwards } = await joinTables(left, right, map, duck);
      const used = [...new Set([left.release, right.release, ...(map ? [map.release] : [])])];
      const by = map ? `mapping ${mappingName} (${predicates.join(', ')})` : 'equal keys';
      const release = releaseOf(name, used, tables, `${leftName} with ${rightName} by ${by}`, {
        left: [left.table.object, left.key],
        right: [right.table.object, right.key],
        mapping: map ? [map.table.object, predicates] : null,
      });
      const reference = datasetRef(release);
      return {
        value: {
          ...counts,
          of: left.table.rows,
          by,
          ...(Object.keys(unused).length > 0 ? { predicatesNotUsed: unused } : {}),
          ...(backwards > 0
            ? {
                hint: `Left is the subject: ${backwards} rows on the left are objects of the mapping. Swap left and right.`,
              }
            : {}),
          dataset: reference,
          tables: tables.map(({ name: table, rows, columns }) => ({
            name: table,
            rows,
            columns: columns.map((column) => column.name),
          })),
        },
        kind: release.card.kind,
        n: { count: left.table.rows, of: 'rows on the left' },
        completeness: {
          returned: counts.matched + counts.ambiguous,
          available: left.table.rows,
          of: 'rows on the left',
        },
        release: used.map(datasetRef),
        licence: [...new Set(used.map(({ card }) => card.licence))],
        cite: [...new Set(used.flatMap(({ card }) => card.cite))],
        inputs: used.map(datasetRef),
        outputs: tables.map(({ object }) => object),
        records: [{ kind: 'dataset', subject: reference, body: release }],
      };
    } finally {
      duck.close();
    }
  },
});

/** `id@release.table`, or `id.table`: a release may have dots in it, a table has none. */
function partOf(reference: string, { ledger }: Workspace) {
  const at = reference.lastIndexOf('.');
  if (at < 1)
    throw new BregmaError('bad-input', `'${reference.slice(0, 100)}' names no table.`, {
      next: 'Write id@release.table.',
    });
  const release = findDataset(ledger, reference.slice(0, at));
  return { release, table: tableOf(release, reference.slice(at + 1)) };
}

function sideOf(reference: string, workspace: Workspace): Side {
  const at = reference.lastIndexOf('.');
  const key = reference.slice(at + 1);
  if (at < 1 || !reference.slice(0, at).includes('.'))
    throw new BregmaError('bad-input', `'${reference.slice(0, 100)}' names no column.`, {
      next: 'Write id@release.table.column.',
    });
  const part = partOf(reference.slice(0, at), workspace);
  if (columnOf(part.table, key)) return { ...part, key };
  throw new BregmaError(
    'unknown-name',
    `${part.table.name} of ${datasetRef(part.release)} has no column '${key.slice(0, 100)}'.`,
    {
      next: `Its columns: ${part.table.columns
        .map(({ name }) => name)
        .slice(0, 30)
        .join(', ')}.`,
      fields: { what: 'column', id: key, release: datasetRef(part.release) },
    },
  );
}

/** Ids are those of a release: the same number may name another neuron in the next one. */
function refuseForeignIds(left: Side, right: Side): void {
  const isId = ({ key }: Side) => /(^|_)(id|ids|pre|post|root|segment|body)$/i.test(key);
  if (datasetRef(left.release) === datasetRef(right.release) || !isId(left) || !isId(right)) return;
  throw new BregmaError(
    'needs-agreement',
    `${left.key} of ${datasetRef(left.release)} and ${right.key} of ${datasetRef(right.release)} are ids of two releases: the same id need not be the same thing.`,
    { next: 'Give a mapping from one release to the other; or say same_ids: true if both releases keep their ids.' },
  );
}

function releaseOf(
  id: string,
  used: DatasetRelease[],
  tables: DatasetRelease['tables'],
  what: string,
  from: object,
): DatasetRelease {
  const exposures = used.map(({ card }) => card.exposure);
  const exposure = (['heldout', 'private', 'public'] as const).find((one) => exposures.includes(one)) ?? 'private';
  return {
    id,
    release: digestOf({ join: from, tables: tables.map(({ object }) => object) }).slice(0, 12),
    shape: 'tables',
    card: {
      title: id,
      description: `Join of ${what}.`,
      species: [...new Set(used.map(({ card }) => card.species).filter(Boolean))].join('; ') || undefined,
      modality: 'joined tables',
      kind: computedKind(used),
      cite: [...new Set(used.flatMap(({ card }) => card.cite))],
      licence: [...new Set(used.map(({ card }) => card.licence))].join('; '),
      exposure,
    },
    files: used.flatMap(({ files }) => files),
    tables,
    arrays: [],
  };
}
