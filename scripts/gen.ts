// Registers the files of the open folders: one `index.gen.ts` each, with everything that the folder exports under the
// file's own name in camelCase. `--check` fails when an index is out of date.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeDecoders } from './decoders.ts';
import { viewIndices } from './gen-views.ts';
import { makeHdf5Filters } from './hdf5-filters.ts';
import { makeKernels } from './kernels.ts';
import { linkPackages } from './link-packages.ts';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

interface OpenFolder {
  folder: string;
  /** Name of the exported list. */
  list: string;
  /** The file that holds the interface of the folder; it is not registered. */
  interface?: string;
  /** `import type { … } from …` for the list's element type; without it the index is an object that keeps each member's own type. */
  type?: { name: string; from: string };
  /** Files are of this ending; `ts` where nothing is said. */
  ending?: 'json';
}

export const openFolders: OpenFolder[] = [
  ...['atlas', 'twin', 'lab'].map((server) => ({
    folder: `mcp-servers/${server}/src/tools`,
    list: 'tools',
    type: { name: 'Tool', from: '@bregma/core/mcp/tool' },
  })),
  {
    folder: 'mcp-servers/atlas/src/datasets',
    list: 'datasets',
    interface: 'adapter.ts',
    type: { name: 'DatasetFamily', from: './adapter.ts' },
  },
  {
    folder: 'mcp-servers/atlas/src/formats',
    list: 'formats',
    interface: 'format.ts',
    type: { name: 'FileFormat', from: './format.ts' },
  },
  {
    folder: 'mcp-servers/twin/src/kinds',
    list: 'kinds',
    interface: 'kind.ts',
    type: { name: 'TwinKind', from: './kind.ts' },
  },
  {
    folder: 'mcp-servers/lab/src/drivers',
    list: 'drivers',
    interface: 'driver.ts',
    type: { name: 'LabDriver', from: './driver.ts' },
  },
  {
    folder: 'core/src/table-tests',
    list: 'tableTests',
    interface: 'table-test.ts',
    type: { name: 'TableTest', from: './table-test.ts' },
  },
  {
    folder: 'mcp-servers/lab/src/test-kinds',
    list: 'testKinds',
    interface: 'test-kind.ts',
    type: { name: 'TestKind', from: './test-kind.ts' },
  },
  { folder: 'cli/src/commands', list: 'commands', type: { name: 'Command', from: '../command.ts' } },
  { folder: 'extension/src/host/commands', list: 'commands', type: { name: 'Command', from: '../app.ts' } },
  { folder: 'extension/src/host/features', list: 'features', type: { name: 'Feature', from: '../app.ts' } },
  { folder: 'extension/manifest', list: 'parts', interface: 'base.json', ending: 'json' },
  { folder: 'extension/src/store/queries', list: 'queries', interface: 'query.ts' },
  { folder: 'notebooks/src/queries', list: 'queries', interface: 'records.ts' },
];

const camelCase = (name: string) => name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

function indexOf(open: OpenFolder): string {
  const { type, ending = 'ts' } = open;
  const files = readdirSync(path.join(root, open.folder))
    .filter((file) => file.endsWith(`.${ending}`) && !file.endsWith('.gen.ts') && file !== open.interface)
    .sort();
  const names = files.map((file) => camelCase(file.slice(0, -ending.length - 1)));
  const importOf = (file: string, i: number) =>
    ending === 'json'
      ? `import ${names[i]} from './${file}' with { type: 'json' };`
      : `import { ${names[i]} } from './${file}';`;
  return [
    '// Made by `npm run gen` from the files of this folder. Do not edit.',
    ...(type ? [`import type { ${type.name} } from '${type.from}';`] : []),
    ...files.map(importOf),
    '',
    type
      ? `export const ${open.list}: ${type.name}[] = [${names.join(', ')}];`
      : `export const ${open.list} = { ${names.join(', ')} };`,
    '',
  ].join('\n');
}

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

for (const open of openFolders)
  if (existsSync(path.join(root, open.folder))) keep(`${open.folder}/index.gen.ts`, indexOf(open));
for (const [file, wanted] of Object.entries(viewIndices(root))) keep(`webviews/src/${file}`, wanted);
stale += await makeKernels(check);
stale += makeDecoders(check) + makeHdf5Filters(check);
if (stale > 0) process.exit(1);
