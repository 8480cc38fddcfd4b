import { defineConfig } from 'vitest/config';
import { allowed, settings } from './vitest.allow.ts';

/** The suites that drive a real VS Code: two at once, because an editor waits for its servers and its browser most of the time. */
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.e2e.ts'],
    globalSetup: ['test/e2e/install-extensions.ts'],
    setupFiles: ['test/e2e/shoot-failures.ts'],
    environment: 'node',
    pool: 'forks',
    maxWorkers: 2,
    env: { BREGMA_ALLOW: allowed, BREGMA_CONFIG: settings },
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // A state is waited for as long as a locator waits: a window on a busy machine is slow, and not wrong.
    expect: { poll: { timeout: 60_000, interval: 50 } },
  },
});
