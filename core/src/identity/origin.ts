import type { DatasetRelease } from '../contracts/dataset.ts';
import type { ValueKind } from '../contracts/value-kind.ts';
import { datasetRef } from '../ledger/catalogue.ts';
import type { Workspace } from '../workspace.ts';
import { arrayRows, madeHere, unmeasured } from './made-here.ts';

/** Why values are not measured: of which kind they are, and which record says so. */
export interface Origin {
  kind: ValueKind;
  record: string;
}

/**
 * What the ledger knows of where the responses of a release come from, when that is no measurement: a call made them before they
 * were added (see `madeHere`), or another record calls the same array so. Its files are not asked for: one of them holds what was
 * shown, which a twin may have been shown too. undefined: nothing speaks against the card.
 */
export function originOf(
  release: DatasetRelease,
  workspace: Pick<Workspace, 'ledger' | 'objects'>,
): Origin | undefined {
  const responses = release.arrays.find(({ name }) => name === 'responses');
  if (!responses) return undefined;
  const records = workspace.ledger.list('dataset');
  const relabelled = records.find(
    ({ body }) => unmeasured.has(body.card.kind) && body.arrays.some(({ object }) => object === responses.object),
  );
  if (relabelled) return { kind: relabelled.body.card.kind, record: relabelled.id };
  const found = madeHere(
    {
      digests: [responses.object],
      rows: arrayRows(responses.object, workspace),
      before: records.find(({ subject }) => subject === datasetRef(release))?.seq,
    },
    workspace,
  );
  return found && { kind: found.kind, record: found.activity };
}
