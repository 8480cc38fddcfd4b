// Registers the files of the open folders: one `index.gen.ts` each, with everything that the folder exports under the
// file's own name in camelCase. `--check` fails when an index is out of date.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeDecoders } from './decoders.ts';
import { makeHdf5Filters } from './hdf5-filters.ts';
import { makeKernels } from './kernels.ts';
import { linkPackages } from './link-packages.ts';
import { indices } from './open-folders.ts';
import { makePageScript } from './page-script.ts';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

const check = process.argv.includes('--check');
linkPackages(root);
let stale = 0;
/** Writes an index, or says under `--check` that it is out of date. file: from the root. */
function keep(file: string, wanted: string): void {
  const target = path.join(root, file);
  const now = existsSync(target) ? readFileSync(target, 'utf8') : '';
  if (now === wanted) return;
  if (check) {
    stale++;
    console.error(`${file} is out of date: run \`npm run gen\`.`);
  } else {
    writeFileSync(target, wanted);
    console.log(`wrote ${file}`);
  }
}

for (const { file, wanted } of indices(root)) keep(file, wanted);
stale += await makeKernels(check);
stale += await makePageScript(check);
stale += makeDecoders(check) + makeHdf5Filters(check);
if (stale > 0) process.exit(1);
