import { BregmaError } from '@bregma/core/errors';
import { findDataset } from '@bregma/core/ledger/catalogue';
import { connectionMatrix, typeMatrix, typeMatrixSql } from '../dataset-pictures/connectome.ts';
import { causalMatrix, responseMatrix, stimulusImages } from '../dataset-pictures/recording.ts';
import { tablePoints, wholeTable } from '../dataset-pictures/tables.ts';
import { regionVolume } from '../dataset-pictures/volume.ts';
import type { Records } from './records.ts';

/**
 * The model of one offered picture of a data set. `type-matrix` needs the kept result of its query, an object and the activity that
 * made it; without one it gives back the SQL to run.
 */
export async function atlasModel(
  { ledger, objects }: Records,
  reference: string,
  what: string,
  result?: { object: string; activity: string },
): Promise<{ model: unknown } | { sql: string }> {
  const release = findDataset(ledger, reference);
  const read = (digest: string) => objects.get(digest);
  const [form, ...names] = what.split(' ');
  switch (form) {
    case 'matrix':
      return { model: await connectionMatrix(release, read) };
    case 'type-matrix':
      return result
        ? { model: await typeMatrix(release, read(result.object), result.activity) }
        : { sql: typeMatrixSql(release) };
    case 'volume':
      return { model: await regionVolume(release, read) };
    case 'responses':
      return { model: responseMatrix(release, read) };
    case 'stimuli':
      return { model: stimulusImages(release, read) };
    case 'causal':
      return { model: await causalMatrix(release, read) };
    case 'table':
      return { model: await wholeTable(release, names.join(' '), read) };
    case 'points':
      return { model: await tablePoints(release, names.slice(0, -2).join(' '), names.at(-2)!, names.at(-1)!, read) };
    default:
      throw new BregmaError('bad-input', `There is no picture '${what.slice(0, 60)}' of ${reference}.`);
  }
}
