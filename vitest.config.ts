import { defineConfig } from 'vitest/config';
import { allowed } from './vitest.allow.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'test/e2e/**'],
    environment: 'node',
    pool: 'forks',
    env: { BREGMA_ALLOW: allowed },
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
