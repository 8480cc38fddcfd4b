import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { plain, plainJson } from '@bregma/core/contracts/plain-text';
import { afterAll, expect, test } from 'vitest';
import { connect, root, temporaryWorkspace } from '../../fixtures/client.ts';

/** What reorders, hides, colours or addresses a model unseen: bidirectional, zero-width, tag characters, variation selectors, fillers, escape sequences. */
const hostile =
  'a\u202eb\u200bc\u2066d\ufeffe\u{e0041}f\u001b[31mg\u0007h\u009bi\u061cj\u2028k\u{e0141}l\u3164m\u034fn';
const acts = /(?![\n\t])[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2028\u2029]/u;

const space = temporaryWorkspace();
afterAll(() => space.remove());

test('JSON made plain is the same value, and holds no character that acts', () => {
  const value = { [hostile]: [hostile, 1, null], text: 'ä 漢 𝔸 "\\\n' };
  for (const indent of [undefined, 2]) {
    expect(JSON.parse(plainJson(value, indent))).toEqual(value);
    expect(plainJson(value, indent)).not.toMatch(acts);
  }
  expect(plain(hostile)).not.toMatch(acts);
  expect([plain('❤\ufe0f'), plain('a\ufe0f')]).toEqual(['❤\ufe0f', 'a⟨fe0f⟩']);
});

test('one hostile data set leaves by every door as characters that can be seen', async () => {
  writeFileSync(path.join(space.folder, 'x.csv'), `name,value\n${hostile},1\n`);
  const atlas = await connect('atlas', space.folder);
  const structured: Record<string, string> = {};
  const ask = async (name: string, args: Record<string, unknown>) => {
    const { content, structuredContent } = await atlas.client.callTool({ name, arguments: args });
    structured[name] = JSON.stringify(structuredContent);
    return (content as { text: string }[]).map(({ text }) => text).join('\n');
  };
  const resource = (uri: string) =>
    atlas.client.readResource({ uri }).then(
      ({ contents }) => contents.map((one) => ('text' in one ? one.text : '')).join(''),
      (error: Error) => error.message,
    );
  const doors: Record<string, string> = {
    add_data: await ask('add_data', {
      source: 'x.csv',
      id: 'x',
      options: { title: hostile, licence: hostile, cite: hostile },
    }),
    describe_data: await ask('describe_data', { data: 'x' }),
    find_data: await ask('find_data', {}),
    query_data: await ask('query_data', { sql: 'SELECT * FROM x.x' }),
    'an error': await ask('describe_data', { data: hostile }),
    'an error of SQL': await ask('query_data', { sql: `SELECT "${hostile}" FROM x.x` }),
  };
  const { activity } = await atlas.call('query_data', { sql: 'SELECT name FROM x.x' });
  doors['a resource'] = await resource(`bregma://activity/${activity}`);
  doors['a data set as a resource'] = await resource('bregma://dataset/x');
  doors['an error of a resource'] = await resource(`bregma://dataset/${encodeURIComponent(hostile)}`);
  await atlas.close();
  const program = process.env.BREGMA_TEST_DIST ? 'dist/bregma.mjs' : 'cli/src/main.ts';
  const bregma = (...args: string[]) => {
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', path.join(root, program), ...args, '--workspace', space.folder],
      { encoding: 'utf8' },
    );
    return stdout + stderr;
  };
  doors['bregma trace'] = bregma('trace', activity);
  doors['bregma trace --json'] = bregma('trace', activity, '--json');
  doors['bregma call'] = bregma('call', 'atlas', 'describe_data', '{"data":"x"}');
  doors['an error of bregma'] = bregma('trace', hostile.replaceAll('\0', ''));
  const crate = path.join(space.folder, 'crate');
  doors['bregma export'] = bregma('export', activity, '--to', crate);
  for (const file of ['ro-crate-metadata.json', 'prov.jsonld'])
    doors[file] = readFileSync(path.join(crate, file), 'utf8');
  const cells = [
    '```sql name=rows\nSELECT * FROM x.x\n```',
    '```bregma name=card\ntool: describe_data\narguments:\n  data: x\n```',
  ];
  writeFileSync(path.join(space.folder, 'all.bregma.md'), `${cells.join('\n\n')}\n`);
  for (const to of ['html', 'ipynb']) {
    const out = path.join(space.folder, `all.${to}`);
    doors[`bregma run --to ${to}`] = bregma('run', path.join(space.folder, 'all.bregma.md'), '--to', to, '--out', out);
    doors[to] = readFileSync(out, 'utf8');
    expect(doors[to]).toMatch(/202e/);
  }
  expect(Object.keys(doors).filter((door) => acts.test(doors[door]))).toEqual([]);
  expect(Object.keys(structured).filter((tool) => acts.test(structured[tool]))).toEqual([]);
  expect(doors.describe_data).toContain('\\u202e');
  expect(structured.describe_data).toContain('⟨202e⟩');
});
