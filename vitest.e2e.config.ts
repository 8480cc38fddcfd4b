import { defineConfig } from 'vitest/config';
import { allowed, settings } from './vitest.allow.ts';

/** The suites that drive a real VS Code: one editor at a time. */
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.e2e.ts'],
    setupFiles: ['test/e2e/shoot-failures.ts'],
    environment: 'node',
    pool: 'forks',
    fileParallelism: false,
    env: { BREGMA_ALLOW: allowed, BREGMA_CONFIG: settings },
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
