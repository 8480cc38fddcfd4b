import type { Reporter, TestCase, TestModule } from 'vitest/node';
import type { Fuzzed } from '../fuzz/fuzzer.ts';

declare module 'vitest' {
  interface TaskMeta {
    /** What a fuzzer tried within this test. */
    fuzzed?: Fuzzed;
  }
}

/** Prints, behind all tests of this folder, how many inputs were tried and how many held: each test is one, a fuzzer as many as it drew. */
export default class Summary implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const own = modules.filter(({ moduleId }) => moduleId.includes('/test/security/'));
    const counts = own.flatMap((module) => [...module.children.allTests()]).map(countsOf);
    const sum = (of: 'tried' | 'held' | 'left') => counts.reduce((total, one) => total + one[of], 0);
    if (counts.length === 0) return;
    const left = sum('left') > 0 ? `; ${sum('left')} tests were left out` : '';
    console.log(`Security: ${sum('tried')} inputs tried, ${sum('held')} held${left}.`);
  }
}

function countsOf(test: TestCase): { tried: number; held: number; left: number } {
  const { state } = test.result();
  if (state === 'skipped' || state === 'pending') return { tried: 0, held: 0, left: 1 };
  const { tried, failures } = test.meta().fuzzed ?? { tried: 1, failures: [] };
  const broken = failures.length + (state === 'failed' && failures.length === 0 ? 1 : 0);
  return { tried, held: tried - broken, left: 0 };
}
