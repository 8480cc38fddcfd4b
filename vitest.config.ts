import { tmpdir } from 'node:os';
import path from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'test/e2e/**'],
    environment: 'node',
    pool: 'forks',
    // Tests write their files beside their workspaces, and read the shared cases.
    env: {
      BREGMA_ALLOW: [tmpdir(), import.meta.dirname, path.resolve(import.meta.dirname, '../shared/cases')].join(
        path.delimiter,
      ),
    },
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
