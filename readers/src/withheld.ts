import path from 'node:path';
import { sha256 } from '@bregma/core/canonical';
import { BregmaError } from '@bregma/core/errors';
import { readOwnFile } from '@bregma/core/storage';

/**
 * Where withheld rows lie: `.bregma/withheld/`, one Parquet file a part, named by its sha256. It is no object: no resource,
 * query, export or view knows the folder.
 */
export const withheldFolder = (bregma: string): string => path.join(bregma, 'withheld');

/** The bytes of a withheld part. Throws `missing` or `corrupt`. */
export function withheldFile(bregma: string, part: string): Buffer {
  const file = path.join(withheldFolder(bregma), part);
  const bytes = /^[0-9a-f]{64}$/.test(part) ? readOwnFile(file) : undefined;
  if (!bytes)
    throw new BregmaError('missing', `The withheld part ${part.slice(0, 12)}… is not in this workspace.`, {
      next: 'Add the file again with the same withhold: the same rows are drawn.',
    });
  if (sha256(bytes) !== part)
    throw new BregmaError('corrupt', `The withheld part ${part.slice(0, 12)}… was changed.`, {
      next: 'Add the file again with the same withhold.',
    });
  return bytes;
}
