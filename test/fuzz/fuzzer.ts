/** How long a fuzzer runs: until `count` inputs were tried, or for that many seconds. */
export type Extent = { count: number } | { seconds: number };

/** What a fuzzer tried, and what did not hold, in words. */
export interface Fuzzed {
  tried: number;
  failures: string[];
}

/** One kind of input, drawn from a seed. A file of this folder exports one under its own name. */
export interface Fuzzer {
  name: string;
  run(seed: number, extent: Extent): Promise<Fuzzed>;
}

/** Whether a fuzzer goes on. startedMs: `performance.now()` at its start. */
export function goesOn(extent: Extent, tried: number, startedMs: number): boolean {
  return 'count' in extent ? tried < extent.count : performance.now() - startedMs < extent.seconds * 1000;
}
