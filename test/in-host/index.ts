import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { childProcesses } from './child-processes.ts';
import type { Report, Result } from './report.ts';

/**
 * Called by VS Code in the extension host. Runs the suites of this window and writes what each test came to. The window and the
 * report's file are told by BREGMA_IN_HOST_WINDOW and BREGMA_IN_HOST_REPORT; BREGMA_IN_HOST_GREP runs less, while a suite is written.
 */
export async function run(): Promise<void> {
  process.setSourceMapsEnabled(true);
  const { BREGMA_IN_HOST_WINDOW: window = '', BREGMA_IN_HOST_REPORT: file = '' } = process.env;
  const report: Report = { results: [], children: [] };
  try {
    await runMocha(path.join(__dirname, window), report.results);
    report.children = childProcesses();
  } finally {
    writeFileSync(file, JSON.stringify(report));
  }
  const failed = report.results.filter((result) => result.failed).length;
  if (failed > 0) throw new Error(`${failed} tests failed`);
}

async function runMocha(folder: string, results: Result[]): Promise<void> {
  const { default: Mocha } = await import('mocha');
  const mocha = new Mocha({ ui: 'bdd', timeout: 120_000, reporter: Mocha.reporters.Base });
  if (process.env.BREGMA_IN_HOST_GREP) mocha.grep(process.env.BREGMA_IN_HOST_GREP);
  const files = readdirSync(folder).sort();
  for (const file of files) if (file.endsWith('.suite.cjs')) mocha.addFile(path.join(folder, file));
  await new Promise<void>((resolve) => {
    const runner = mocha.run(() => resolve());
    runner.on('pass', ({ title, parent }) => results.push({ suite: parent?.title ?? '', test: title }));
    // A hook that fails is told as `"before all" hook for "a test"`.
    runner.on('fail', ({ title, parent }, { message, stack = '' }) =>
      results.push({ suite: parent?.title ?? '', test: title, failed: { message, stack } }),
    );
  });
}
