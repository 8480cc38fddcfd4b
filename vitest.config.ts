import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { allowed, settings } from './vitest.allow.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'test/e2e/**'],
    environment: 'node',
    pool: 'forks',
    // A suite waits for its servers for a third of its time: one more than there are cores.
    maxWorkers: availableParallelism() + 1,
    env: { BREGMA_ALLOW: allowed, BREGMA_CONFIG: settings },
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
