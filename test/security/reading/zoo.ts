import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type OpenWorkspace, openWorkspace } from '@bregma/core/workspace';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readAnything, zooFiles, zooFilesDamaged } from '../../fuzz/zoo-files.ts';

const files = zooFiles();
if (!process.env.BREGMA_MIRROR)
  console.log('Without BREGMA_MIRROR: of the zoo of formats, the files of test/fixtures alone.');

/** Files that are not read, and what is said of them. */
const refused: Record<string, string> = { 'neuropil.obj': 'is not known by its name' };

const folder = mkdtempSync(path.join(tmpdir(), 'bregma-zoo-test-'));
let workspace: OpenWorkspace;
beforeAll(() => {
  workspace = openWorkspace(folder);
});
afterAll(() => {
  workspace.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('every file of the zoo', () => {
  test.each(files.map((file) => [path.basename(file), file]))(
    '%s opens as what it is, or is refused with a reason',
    async (name, file) => {
      const reading = readAnything(file, workspace);
      if (Object.hasOwn(refused, name)) return expect(reading).rejects.toThrow(refused[name]);
      const { tables, arrays } = await reading;
      expect(tables.length + arrays.length).toBeGreaterThan(0);
    },
  );

  test('is read or refused by name, with a next step, however it is damaged', async ({ task }) => {
    const seed = Number(process.env.BREGMA_SEED ?? Math.floor(Math.random() * 1e9));
    const { tried, failures } = await zooFilesDamaged.run(seed, { count: Number(process.env.BREGMA_FUZZ_RUNS ?? 15) });
    task.meta.fuzzed = { tried, failures };
    expect(failures).toEqual([]);
    expect(tried).toBeGreaterThan(0);
  }, 300_000);
});
