// Bundles the script of a published page into `notebooks/src/export/page-script.gen.ts`, as text: its digest stands in the page's policy,
// so that it has to be the very same wherever it is written. Called by `npm run gen`.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const source = 'webviews/src/hosts/published-page.ts';
const target = 'notebooks/src/export/page-script.gen.ts';

/** Writes the script, or with `check` says whether it is out of date. */
export async function makePageScript(check: boolean): Promise<number> {
  const bundled = await build({
    absWorkingDir: root,
    entryPoints: [source],
    bundle: true,
    minify: true,
    write: false,
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    legalComments: 'none',
  });
  const [{ text }] = bundled.outputFiles;
  const wanted = [
    `// Made by \`npm run gen\` from ${source}. Do not edit.`,
    '/** The script of a published page. */',
    `export const pageScript =\n  ${JSON.stringify(text.trim().replaceAll('</script', '<\\/script'))};`,
    '',
  ].join('\n');
  const place = path.join(root, target);
  if (existsSync(place) && readFileSync(place, 'utf8') === wanted) return 0;
  if (check) {
    console.error(`${target} is out of date: run \`npm run gen\`.`);
    return 1;
  }
  writeFileSync(place, wanted);
  console.log(`wrote ${target}`);
  return 0;
}
