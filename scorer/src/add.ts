import type { Benchmark, Source } from '@bregma/benchmarks/benchmark';
import { benchmarks } from '@bregma/benchmarks/index.gen';
import { BregmaError, unknownName } from '@bregma/core/errors';
import { nearest } from '@bregma/core/nearest';
import type { ScorerBook } from './book.ts';
import { sealedDigest, sealedSetOf } from './take-in.ts';

/** The registered benchmark of this name. Throws `unknown-name`. */
export function registeredBenchmark(name: string): Benchmark {
  const found = benchmarks.find((one) => one.name === name);
  if (found) return found;
  const names = benchmarks.map((one) => one.name);
  throw unknownName('benchmark', name, nearest(name, names), `Registered: ${names.join(', ')}.`);
}

/** Takes a registered benchmark in. Throws `corrupt` when its sealed outcomes are not those of which the digest is known. */
export async function addBenchmark(book: ScorerBook, benchmark: Benchmark, source: Source): Promise<void> {
  const secret = book.secretOf(benchmark.name);
  const made = await benchmark.make(source, secret);
  const digest = sealedDigest(made);
  if (benchmark.sealed !== 'drawn' && digest !== benchmark.sealed)
    throw new BregmaError(
      'corrupt',
      `The sealed outcomes of ${benchmark.name} have digest ${digest}, not ${benchmark.sealed}.`,
      {
        next: 'Its data are not those that it was made from: nothing was taken in.',
      },
    );
  const { set, arrays } = sealedSetOf(
    { ...benchmark, probes: benchmark.circuit?.budget },
    made,
    secret,
    benchmark.name,
  );
  book.take(set, arrays);
}
