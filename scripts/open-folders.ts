import { readdirSync } from 'node:fs';
import path from 'node:path';
import { servers } from './bundle-programs.ts';
import { metricsIndex } from './gen-metrics.ts';
import { viewIndices } from './gen-views.ts';

/** A folder that grows by dropping a file in. */
export interface OpenFolder {
  folder: string;
  /** Name of the exported list. */
  list: string;
  /** The file that holds the interface of the folder; it is not registered. */
  interface?: string;
  /** `import type { … } from …` for the list's element type; without it the index is an object that keeps each member's own type. */
  type?: { name: string; from: string };
  /** Each member is this of its file's name, and what loads it: nothing is loaded with the list. */
  loadedBy?: (file: string) => string;
  /** Files are of this ending; `ts` where nothing is said. */
  ending?: 'json';
}

const camelCase = (name: string) => name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** Folders that grow by dropping a file in. */
export const openFolders: OpenFolder[] = [
  ...servers.map((server) => ({
    folder: `mcp-servers/${server}/src/tools`,
    list: 'tools',
    type: { name: 'ToolEntry', from: '@bregma/core/mcp/listed-tools' },
    loadedBy: (file: string) => `name: '${file.replaceAll('-', '_')}'`,
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
    folder: 'mcp-servers/atlas/src/sql-functions',
    list: 'sqlFunctions',
    interface: 'sql-function.ts',
    type: { name: 'SqlFunction', from: './sql-function.ts' },
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
  {
    folder: 'benchmarks/src',
    list: 'benchmarks',
    interface: 'benchmark.ts',
    type: { name: 'Benchmark', from: './benchmark.ts' },
  },
  { folder: 'cli/src/commands', list: 'commands', type: { name: 'Command', from: '../command.ts' } },
  {
    folder: 'extension/src/host/commands',
    list: 'commands',
    type: { name: 'CommandEntry', from: '../app.ts' },
    loadedBy: (file) => `id: 'bregma.${camelCase(file)}'`,
  },
  { folder: 'extension/src/host/features', list: 'features', type: { name: 'Feature', from: '../app.ts' } },
  { folder: 'extension/manifest', list: 'parts', interface: 'base.json', ending: 'json' },
  { folder: 'extension/src/store/queries', list: 'queries', interface: 'query.ts' },
  { folder: 'notebooks/src/queries', list: 'queries', interface: 'records.ts' },
];

/** The text of the index of a folder. names: of the files in it, in any order. */
export function indexOf(open: OpenFolder, names: string[]): string {
  const { type, ending = 'ts' } = open;
  const files = names
    .filter((file) => file.endsWith(`.${ending}`) && !file.endsWith('.gen.ts') && file !== open.interface)
    .sort();
  const members = files.map((file) => camelCase(file.slice(0, -ending.length - 1)));
  const importOf = (file: string, i: number) =>
    ending === 'json'
      ? `import ${members[i]} from './${file}' with { type: 'json' };`
      : `import { ${members[i]} } from './${file}';`;
  const shown = members.map((member, i) =>
    open.loadedBy
      ? `\n  { ${open.loadedBy(files[i].slice(0, -3))}, load: async () => (await import('./${files[i]}')).${member} },`
      : `${i > 0 ? ' ' : ''}${member}${i < members.length - 1 ? ',' : ''}`,
  );
  return [
    '// Made by `npm run gen` from the files of this folder. Do not edit.',
    ...(type ? [`import type { ${type.name} } from '${type.from}';`] : []),
    ...(open.loadedBy ? [] : files.map(importOf)),
    '',
    type
      ? `export const ${open.list}: ${type.name}[] = [${shown.join('')}${open.loadedBy ? '\n' : ''}];`
      : `export const ${open.list} = { ${members.join(', ')} };`,
    '',
  ].join('\n');
}

/** Every index of the house: its file, from `root`, and the text that it must have. */
export function indices(root: string): { file: string; wanted: string }[] {
  const ofFolders = openFolders.map((open) => ({
    file: `${open.folder}/index.gen.ts`,
    wanted: indexOf(open, readdirSync(path.join(root, open.folder))),
  }));
  const ofViews = Object.entries(viewIndices(root)).map(([file, wanted]) => ({ file: `webviews/src/${file}`, wanted }));
  return [...ofFolders, ...ofViews, metricsIndex(root)];
}
