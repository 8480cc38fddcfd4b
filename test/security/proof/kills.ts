import { expect, test } from 'vitest';
import { kills } from '../../fuzz/kills.ts';

/** 1,000 where the whole suite runs unattended; each takes a process. */
const count = Number(process.env.BREGMA_KILLS ?? (process.env.CI ? 1000 : 60));

test('no record is lost that was acknowledged, whenever its writer is killed, the log is cut or the disk fills up', async ({
  task,
}) => {
  const seed = Number(process.env.BREGMA_SEED ?? Date.now() % 1e9);
  console.log(`BREGMA_SEED=${seed}`);
  const { tried, failures } = await kills.run(seed, { count });
  task.meta.fuzzed = { tried, failures };
  expect(failures).toEqual([]);
  expect(tried).toBe(count);
}, 600_000);
