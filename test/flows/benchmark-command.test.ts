import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseNpy, writeNpy } from '@bregma/core/npy';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { temporaryWorkspace } from '../fixtures/client.ts';
import { type RunningScorer, startScorer } from '../fixtures/scorer.ts';
import { drawSealedData, writeSealedFolder } from '../fixtures/sealed-folder.ts';
import { bregmaProgram } from '../fixtures/terminal.ts';
import { runAs } from '../fixtures/witness.ts';

const data = drawSealedData({ stimuli: 120 });
const space = temporaryWorkspace();
const own = path.join(space.folder, 'own');
let scorer: RunningScorer;
beforeAll(async () => {
  mkdirSync(own);
  writeSealedFolder(path.join(space.folder, 'mine'), data);
  scorer = await startScorer(
    undefined,
    (step) => expect(step('seal', path.join(space.folder, 'mine'), '--name', 'mine-1')).toMatchObject({ code: 0 }),
    'tcp',
  );
  writeFileSync(path.join(own, 'token'), `${scorer.env.BREGMA_SCORER_TOKEN}\n`);
  writeFileSync(path.join(own, 'wrong'), 'a-token-of-nobody-at-all');
});
afterAll(async () => {
  await scorer?.close();
  space.remove();
});

/** `bregma benchmark …` of a person who has nothing but their own settings. */
const benchmark = (...args: string[]) =>
  runAs(undefined, [process.execPath, ...bregmaProgram, 'benchmark', ...args, '--workspace', own], {
    BREGMA_CONFIG: path.join(own, 'settings'),
  });
const join = (token: string) =>
  benchmark('join', '--address', scorer.env.BREGMA_SCORER, '--token-file', path.join(own, token));

test('a scorer at a port is joined with its token alone, and is then known without variables', () => {
  expect(scorer.env.BREGMA_SCORER).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(benchmark('list').out).toContain('No scorer is named');
  const refused = join('wrong');
  expect(refused.code).not.toBe(0);
  expect(existsSync(path.join(own, 'settings/scorer.json'))).toBe(false);
  expect(benchmark('join', '--address', scorer.env.BREGMA_SCORER).err).toContain('--token-file');
  const joined = join('token');
  expect([joined.code, joined.out]).toEqual([0, expect.stringContaining('a scorer with 1 benchmarks')]);
  expect(statSync(path.join(own, 'settings/scorer.json')).mode & 0o077).toBe(0);
  expect(benchmark('list').out).toMatch(/mine-1 .*\n.*askings of yours are left/);
});

test('what it gives away is written as files, with no outcome of a sealed stimulus', () => {
  const folder = path.join(own, 'given');
  expect(benchmark('get', 'mine-2', '--out', folder)).toMatchObject({
    code: 1,
    err: expect.stringContaining('mine-1'),
  });
  const got = benchmark('get', 'mine-1', '--out', folder);
  expect([got.code, got.out]).toEqual([0, expect.stringContaining('responses.npy')]);
  const card = JSON.parse(readFileSync(path.join(folder, 'benchmark.json'), 'utf8'));
  const stimuli = parseNpy(readFileSync(path.join(folder, 'stimuli.npy')));
  expect(stimuli.shape).toEqual([data.stimuli, 4, 4, 3]);
  const { data: given } = parseNpy(readFileSync(path.join(folder, 'responses.npy')));
  const open = new Set<number>(card.items.open);
  expect(open.size).toBeGreaterThan(20);
  given.forEach((value, at) => {
    const item = Math.floor(at / 2) % data.stimuli;
    expect(Number.isNaN(Number(value))).toBe(!open.has(item));
  });
});

test('predictions are scored over the port, and the board shows them', () => {
  const file = path.join(own, 'predictions.npy');
  writeFileSync(file, writeNpy({ data: data.signal, shape: [data.neurons, data.stimuli] }));
  const call = ['run', 'mine-1', '--predictions', file, '--tried', 'the signal itself'];
  // A workspace without a first record cannot be told from a copy.
  const first = runAs(
    undefined,
    [process.execPath, ...bregmaProgram, 'call', 'atlas', 'find_data', '{}', '--workspace', own],
    { BREGMA_CONFIG: path.join(own, 'settings') },
  );
  expect(first.code, first.err).toBe(0);
  const scored = benchmark(...call);
  expect(scored.code, scored.out + scored.err).toBe(0);
  const { value } = JSON.parse(scored.out);
  expect(value).toMatchObject({ benchmark: 'mine-1', preflight: { access: 'same-machine' } });
  expect(value.score).toBeGreaterThan(0.5);
  const page = path.join(own, 'board.html');
  expect(benchmark('leaderboard', 'mine-1', '--out', page)).toMatchObject({ code: 0 });
  expect(readFileSync(page, 'utf8')).toContain('Ada Tester');
});
