import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of embedded data: `BREGMA_DATASETS`, else `datasets/` beside the program or above it. */
export function embeddedFolder(): string | undefined {
  const here = path.dirname(fileURLToPath(import.meta.url));
  const candidates = [
    process.env.BREGMA_DATASETS,
    ...['..', '../..', '../../..', '../../../..'].map((up) => path.resolve(here, up, 'datasets')),
  ];
  return candidates.find(
    (folder): folder is string => folder !== undefined && existsSync(path.join(folder, 'README.md')),
  );
}
