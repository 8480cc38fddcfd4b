import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import { checkPublished } from '@bregma/notebooks/export/published';

/** Checks a published page against a crate, both by their paths: what was looked at, and whether it holds. Throws `missing` and `bad-input` for what is neither. */
export async function checkPageFile(page: string, crate: string): ReturnType<typeof checkPublished> {
  const there = statSync(crate, { throwIfNoEntry: false });
  if (!there) throw new BregmaError('missing', `There is no crate at ${crate}.`, { next: 'Look at the path.' });
  if (!statSync(page, { throwIfNoEntry: false })?.isFile())
    throw new BregmaError('missing', `There is no page at ${page}.`, { next: 'Look at the path.' });
  try {
    return await checkPublished(
      readFileSync(page, 'utf8'),
      there.isDirectory() ? filesOfFolder(crate) : readFileSync(crate),
    );
  } catch (error) {
    throw new BregmaError('bad-input', `${crate} is no crate: ${error instanceof Error ? error.message : error}`, {
      cause: error,
      next: 'Name what `bregma export` wrote: a folder or a zip.',
    });
  }
}

/** The files of a folder by their path in it; nothing is read through a link. */
function filesOfFolder(folder: string): Map<string, () => Promise<Uint8Array>> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files.map((entry) => {
      const place = path.join(entry.parentPath, entry.name);
      return [path.relative(folder, place).replaceAll('\\', '/'), async () => readFileSync(place)];
    }),
  );
}
