import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root, temporaryWorkspace } from '../fixtures/client.ts';
import { makeLargeLedger } from '../fixtures/large-ledger.ts';

const made = temporaryWorkspace();
let joined = '';
beforeAll(() => {
  joined = makeLargeLedger(path.join(made.folder, '.bregma'), 200, 50);
});
afterAll(() => made.remove());

const program = process.env.BREGMA_TEST_DIST ? 'dist/bregma.mjs' : 'cli/src/main.ts';
const bregma = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', path.join(root, program), ...args, '--workspace', made.folder],
    { encoding: 'utf8' },
  );
  return { code: status, out: stdout, err: stderr };
};

test('bregma export packs an activity and all that it rests on, and says how much that was', () => {
  const to = path.join(made.folder, 'crate');
  const { code, out } = bregma('export', joined, '--to', to, '--json');
  expect(code).toBe(0);
  // the root, and the 49 of 50 that did not fail; no call is on record that made the data set
  expect(JSON.parse(out)).toMatchObject({ to, root: joined, activities: 50 });
  expect(readFileSync(path.join(to, 'records.jsonl'), 'utf8').trim().split('\n')).toHaveLength(JSON.parse(out).records);
  expect(existsSync(path.join(to, 'ro-crate-metadata.json'))).toBe(true);
});

test('bregma export never replaces what is there, and says what it needs', () => {
  const again = bregma('export', joined, '--to', path.join(made.folder, 'crate'));
  expect(again).toMatchObject({ code: 1, out: '' });
  expect(again.err).toContain('exists already');
  expect(bregma('export').err).toContain('bregma export hyp-0123456789abcdef --to crate.zip');
  expect(bregma('export', 'hyp-0000000000000000', '--to', path.join(made.folder, 'other')).err).toContain(
    'not on record',
  );
});
