import type { Activity } from '@bregma/core/contracts/activity';
import type { ValueKind } from '@bregma/core/contracts/value-kind';
import { BregmaError } from '@bregma/core/errors';
import { refuseUnspent } from '@bregma/core/experiment/unspent';
import { datasetRef, listDatasets } from '@bregma/core/ledger/catalogue';
import type { Workspace } from '@bregma/core/workspace';
import type { EarlierResult } from './earlier-result.ts';
import { weakest } from './kind.ts';
import type { QueryTable } from './protocol.ts';
import { objectSchema } from './releases.ts';

type Store = Pick<Workspace, 'ledger' | 'objects'>;

/**
 * The objects that a statement names as `object."sha256"`: Parquet as its table, NPY as one row a value, JSON as its records. What
 * rests on one is what the release or the call behind it rests on. Throws `missing` where there is no such object, `not-allowed`
 * where it holds responses of an experiment whose test has not spent its budget.
 */
export function objectsNamed(sql: string, workspace: Store): EarlierResult[] {
  const digests = [...new Set([...sql.matchAll(/\bobject"?\s*\.\s*"?([0-9a-f]{64})\b/gi)].map(([, one]) => one))];
  if (digests.length === 0) return [];
  const behind = digests.map((digest) => originOf(digest.toLowerCase(), workspace));
  return [
    {
      reference: objectSchema,
      id: objectSchema,
      aliases: [],
      tables: behind.map(({ table }) => table),
      activity: {
        releases: [...new Set(behind.flatMap(({ releases }) => releases))],
        valueKind: weakest(behind.flatMap(({ kinds }) => kinds)),
      },
    },
  ];
}

interface Origin {
  table: QueryTable;
  releases: string[];
  kinds: ValueKind[];
}

/** Where an object comes from. One that no record names is of a kind that nobody stated. */
function originOf(digest: string, { ledger, objects }: Store): Origin {
  if (!objects.has(digest))
    throw new BregmaError('missing', `Object ${digest} is not in this workspace.`, {
      next: 'The digests of objects stand in answers, and in describe_data.',
    });
  refuseUnspent(digest, ledger);
  const releases = listDatasets(ledger).filter((release) =>
    [...release.tables, ...release.arrays].some(({ object }) => object === digest),
  );
  const array = releases.flatMap(({ arrays }) => arrays).find(({ object }) => object === digest);
  const calls: Pick<Activity, 'releases' | 'valueKind'>[] = ledger
    .list('activity')
    .filter(({ body }) => body.outputs.includes(digest) || body.answerObject === digest)
    .map(({ body }) => body);
  const kinds = [...releases.map(({ card }) => card.kind), ...calls.flatMap(({ valueKind }) => valueKind ?? [])];
  return {
    table: { name: digest, object: digest, axes: array?.axes ?? [], unit: array?.unit, nan: array?.nan },
    releases: [...releases.map(datasetRef), ...calls.flatMap((call) => call.releases)],
    kinds: kinds.length > 0 ? kinds : ['not stated'],
  };
}
