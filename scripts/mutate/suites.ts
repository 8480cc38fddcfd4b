// Runs suites over the copy of the tree until one fails, and remembers how long each takes.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** What a run of suites came to. failed: the suite, and the test where one can be named. */
export interface Outcome {
  failed?: { suite: string; test?: string };
}

/** Seconds that a suite may take when nothing is known of it, and how much longer than before on a busy machine. */
const unknown = 240;
const slower = { times: 4, seconds: 30 };

interface Reported {
  testResults: { name: string; status: string; assertionResults: { status: string; fullName: string }[] }[];
}

/** Suites of one tree, run by Vitest, and the seconds that each took: kept in a file, because the cheap ones are tried first. */
export class SuiteRuns {
  readonly #tree: string;
  readonly #kept: string;
  readonly #mirror: string;
  readonly #seconds: Record<string, number>;

  /** tree: the copy; cache: folder of what is kept; mirror: data sets, if there are any. */
  constructor(tree: string, cache: string, mirror: string) {
    mkdirSync(cache, { recursive: true });
    this.#tree = tree;
    this.#mirror = mirror;
    this.#kept = path.join(cache, 'seconds.json');
    this.#seconds = existsSync(this.#kept) ? JSON.parse(readFileSync(this.#kept, 'utf8')) : {};
  }

  /** Seconds that a suite took when it last passed; undefined where it never did. */
  secondsOf(suite: string): number | undefined {
    return this.#seconds[suite];
  }

  /** Runs suites one after the other in this order, in one Vitest, until a test fails. built: with the bundles, else from source. */
  async run(suites: readonly string[], built: boolean): Promise<Outcome> {
    const report = path.join(path.dirname(this.#kept), 'report.json');
    rmSync(report, { force: true });
    const limit = suites.reduce((sum, suite) => sum + this.#limit(suite), 0);
    const started = Date.now();
    const status = await this.#vitest(suites, built, report, limit);
    if (status === 0) {
      if (suites.length === 1) this.#remember(suites[0], (Date.now() - started) / 1000);
      return {};
    }
    return { failed: existsSync(report) ? this.#failedIn(report, suites) : { suite: suites[0], test: 'does not end' } };
  }

  #limit(suite: string): number {
    const known = this.#seconds[suite];
    return known === undefined ? unknown : slower.times * known + slower.seconds;
  }

  #remember(suite: string, seconds: number): void {
    this.#seconds[suite] = Math.round(seconds * 10) / 10;
    writeFileSync(this.#kept, JSON.stringify(this.#seconds, null, 1));
  }

  #failedIn(report: string, suites: readonly string[]): { suite: string; test?: string } {
    const { testResults }: Reported = JSON.parse(readFileSync(report, 'utf8'));
    const suite = testResults.find(({ status }) => status === 'failed');
    const test = suite?.assertionResults.find(({ status }) => status === 'failed')?.fullName;
    return { suite: suite ? path.relative(this.#tree, suite.name) : suites[0], test };
  }

  /** Exit status; 1 where it did not end in time: it is stopped then, with whatever it started. */
  #vitest(suites: readonly string[], built: boolean, report: string, seconds: number): Promise<number> {
    const program = path.join(this.#tree, 'node_modules/vitest/vitest.mjs');
    const config = path.join(this.#tree, 'scripts/mutate/vitest.config.ts');
    const options = ['--bail=1', '--maxWorkers=1', '--reporter=json', `--outputFile=${report}`, `--config=${config}`];
    const child = spawn(process.execPath, [program, 'run', ...options, ...suites], {
      cwd: this.#tree,
      stdio: 'ignore',
      detached: true,
      env: {
        ...process.env,
        BREGMA_SUITES: suites.join(path.delimiter),
        ...(built ? { BREGMA_TEST_DIST: '1' } : {}),
        ...(existsSync(this.#mirror) ? { BREGMA_MIRROR: process.env.BREGMA_MIRROR ?? this.#mirror } : {}),
      },
    });
    return new Promise((resolve) => {
      const late = setTimeout(() => stop(child.pid), seconds * 1000);
      child.on('close', (code) => {
        clearTimeout(late);
        stop(child.pid);
        resolve(code ?? 1);
      });
    });
  }
}

/** Ends a process that leads its own group, and all of the group. */
function stop(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended, and all that it started.
  }
}
