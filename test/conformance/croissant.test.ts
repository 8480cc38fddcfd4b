import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { openWorkspace } from '@bregma/core/workspace';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect, root, temporaryWorkspace } from '../fixtures/client.ts';

const space = temporaryWorkspace();
let atlas: Connection;
const ids = ['celegans-neurons', 'celegans-witvliet2020-3', 'drosophila-flyvis', 'macaque-v4-210325', 'own'];
// biome-ignore lint/suspicious/noExplicitAny: a JSON-LD document, looked into
const documents = new Map<string, any>();

beforeAll(async () => {
  atlas = await connect('atlas', space.folder);
  writeFileSync(
    path.join(space.folder, 'my own.csv'),
    'subject id,day,dose (mg),seen,"note, long"\nm1,2024-01-31,0.5,true,a\nm2,2024-02-01,1.5,false,b\n',
  );
  for (const source of ids.slice(0, -1)) await atlas.call('add_data', { source });
  await atlas.call('add_data', { source: 'my own.csv', id: 'own' });
  for (const id of ids) {
    const [content] = (await atlas.client.readResource({ uri: `bregma://croissant/${id}` })).contents;
    documents.set(id, JSON.parse('text' in content ? content.text : ''));
  }
});
afterAll(async () => {
  await atlas.close();
  space.remove();
});

// What the specification asks for: https://docs.mlcommons.org/croissant/docs/croissant-spec-1.0.html
describe.each(ids)('%s as Croissant 1.0', (id) => {
  test('has what a data set must have, and digests of every file', () => {
    const found = documents.get(id);
    expect(found).toMatchObject({ '@type': 'sc:Dataset', conformsTo: 'http://mlcommons.org/croissant/1.0', name: id });
    for (const member of ['description', 'license', 'url', 'creator', 'datePublished', 'version'])
      expect(found[member], member).toBeTruthy();
    expect(found.version).toMatch(/^\d+\.\d+\.\d+(\+[0-9A-Za-z.-]+)?$/);
    expect(Number.isNaN(Date.parse(found.datePublished))).toBe(false);
    for (const file of found.distribution) {
      expect(file).toMatchObject({ '@type': 'cr:FileObject', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
      for (const member of ['@id', 'name', 'contentUrl', 'encodingFormat']) expect(file[member]).toBeTruthy();
    }
    const named = found['@context'];
    const terms = new Set(JSON.stringify(found.recordSet).match(/"([a-z]\w+)":/g) ?? []);
    for (const term of terms) {
      const plain = term.slice(1, -2);
      if (!['name', 'description'].includes(plain)) expect(Object.keys(named)).toContain(plain);
    }
  });

  test('names every table and column, of a file that it lists, and every object where it lies', () => {
    const found = documents.get(id);
    const places = new Set(found.distribution.map((file: { '@id': string }) => file['@id']));
    expect(places.size).toBe(found.distribution.length);
    const store = openWorkspace(space.folder);
    for (const file of found.distribution.filter((one: { '@id': string }) => /^(table|array)\//.test(one['@id'])))
      expect(path.join(space.folder, file.contentUrl)).toBe(store.objects.pathOf(file.sha256));
    store.close();
    for (const { field } of found.recordSet)
      for (const { '@id': own, dataType, source } of field) {
        expect([own, dataType]).toEqual([expect.stringMatching(/^records\//), expect.stringMatching(/^sc:\w+$/)]);
        expect(places).toContain(source.fileObject['@id']);
        expect(source.extract.column).toBeTruthy();
      }
  });
});

test('types are those of the columns, and names stay as they are', () => {
  const [{ field }] = documents.get('own').recordSet;
  expect(
    field.map(({ dataType, source }: { dataType: string; source: { extract: { column: string } } }) => [
      source.extract.column,
      dataType,
    ]),
  ).toEqual([
    ['subject id', 'sc:Text'],
    ['day', 'sc:Date'],
    ['dose (mg)', 'sc:Float'],
    ['seen', 'sc:Boolean'],
    ['note, long', 'sc:Text'],
  ]);
});

test('what is not added is refused with the next step', async () => {
  await expect(atlas.client.readResource({ uri: 'bregma://croissant/mouse-ccfv3-50um' })).rejects.toThrow(/add_data/);
});

const python = process.env.BREGMA_REFERENCE_PYTHON ?? '';
const hasReference = python !== '' && spawnSync(python, ['-c', 'import mlcroissant']).status === 0;
test.skipIf(!hasReference)('mlcroissant finds no error in any', () => {
  const files = ids.map((id) => {
    const file = path.join(space.folder, `${id}.croissant.json`);
    writeFileSync(file, JSON.stringify(documents.get(id)));
    return file;
  });
  const run = spawnSync(python, [path.join(root, 'test/reference/validate_croissant.py'), ...files], {
    encoding: 'utf8',
  });
  const found: Record<string, { errors: string[]; warnings: string[] }> = JSON.parse(run.stdout);
  expect(Object.values(found).flatMap(({ errors }) => errors)).toEqual([]);
});
