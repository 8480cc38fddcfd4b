import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { indexOf, indices, openFolders } from '../../scripts/open-folders.ts';
import { root } from '../fixtures/client.ts';

/** A folder of the house: its path from the root, and the text of each of its files by name. */
interface Folder {
  folder: string;
  files: Map<string, string>;
}

const camelCase = (name: string) => name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** The type, or the maker, of what a file exports under its own name; undefined where it exports no such thing. */
function memberType(file: string, text: string): string | undefined {
  const name = camelCase(path.basename(file, path.extname(file)));
  const [, type, maker] = new RegExp(`^export const ${name}\\b(?:: (\\w+))? = (\\w*)`, 'm').exec(text) ?? [];
  return type ?? (maker || undefined);
}

/** True for a folder of three files and more that export one sort of thing each, named as the file: it grows by dropping a file in. */
function grows({ files }: Folder): boolean {
  const types = [...files].flatMap(([file, text]) => memberType(file, text) ?? []);
  return types.some((type) => types.filter((one) => one === type).length >= 3);
}

const isOpen = ({ folder }: Folder, indexed: readonly string[]) => indexed.includes(folder);

function* folders(folder: string): Generator<Folder> {
  const entries = readdirSync(path.join(root, folder), { withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name)).map(({ name }) => name);
  const own = names.filter((name) => !name.endsWith('.gen.ts'));
  yield {
    folder,
    files: new Map(own.map((name) => [name, readFileSync(path.join(root, folder, name), 'utf8')])),
  };
  for (const entry of entries)
    if (entry.isDirectory() && entry.name !== 'node_modules') yield* folders(`${folder}/${entry.name}`);
}

const product = ['core', 'readers', 'benchmarks', 'scorer', 'figures', 'notebooks', 'cli', 'extension', 'webviews'];
const sources = [...product, 'mcp-servers/atlas', 'mcp-servers/twin', 'mcp-servers/lab'].map((one) => `${one}/src`);
const house = sources.flatMap((folder) => [...folders(folder)]);
const indexed = openFolders.map(({ folder }) => folder);

/** Indices that are not what their folder asks for. read: the text of an index, or undefined where there is none. */
const stale = (wanted: { file: string; wanted: string }[], read: (file: string) => string | undefined) =>
  wanted.filter((index) => read(index.file) !== index.wanted).map(({ file }) => file);
const onDisk = (file: string) =>
  existsSync(path.join(root, file)) ? readFileSync(path.join(root, file), 'utf8') : undefined;

describe('every open folder has its generated index', () => {
  test('of tools, data, formats, kinds, drivers, tests, commands, features, queries, manifest parts and views, each up to date', () => {
    expect(stale(indices(root), onDisk)).toEqual([]);
    expect(indices(root).map(({ file }) => file)).toEqual(
      expect.arrayContaining([
        'mcp-servers/lab/src/test-kinds/index.gen.ts',
        'extension/manifest/index.gen.ts',
        'webviews/src/models.gen.ts',
        'webviews/src/samples.gen.ts',
      ]),
    );
  });

  test.each(openFolders)('and one in $folder that lacks a file is named', (open) => {
    const names = [...readdirSync(path.join(root, open.folder)), `one-more.${open.ending ?? 'ts'}`];
    const file = `${open.folder}/index.gen.ts`;
    expect(stale([{ file, wanted: indexOf(open, names) }], onDisk)).toEqual([file]);
    expect(stale([{ file, wanted: indexOf(open, names) }], () => undefined)).toEqual([file]);
  });

  test('and a folder that grows without one is named', () => {
    expect(house.filter((one) => grows(one) && !isOpen(one, indexed)).map(({ folder }) => folder)).toEqual([]);
    const files = ['read-one', 'read-two', 'read-three'].map((name): [string, string] => [
      `${name}.ts`,
      `export const ${camelCase(name)}: Reader = {`,
    ]);
    const readers = { folder: 'readers/src/read', files: new Map(files) };
    expect(grows(readers) && !isOpen(readers, indexed)).toBe(true);
  });

  test('and no index is written by hand', () => {
    const written = readdirSync(path.join(root, 'webviews/src')).filter((file) => file.endsWith('.gen.ts'));
    const known = indices(root).map(({ file }) => file);
    expect(written.map((file) => `webviews/src/${file}`).filter((file) => !known.includes(file))).toEqual([]);
  });
});
