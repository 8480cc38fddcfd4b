import { analyse } from '@bregma/core/questions/analyse';
import { makeRandom } from '@bregma/core/statistics/random';
import { tableTests } from '@bregma/core/table-tests/index.gen';
import { nulls, openMeanDifference, withoutEffect } from '../fixtures/null-tables.ts';
import { type Extent, type Fuzzed, type Fuzzer, goesOn } from './fuzzer.ts';

const alpha = 0.05;
/** Standard errors beyond which a share of errors is no chance, with every metric looked at. */
const beyond = 4;

/** Small tables without an effect, of every metric: how often each finds one. */
export const nullTables: Fuzzer = {
  name: 'null-tables',
  async run(seed: number, extent: Extent): Promise<Fuzzed> {
    const random = makeRandom(seed);
    const startedMs = performance.now();
    const sorts = Object.keys(nulls);
    const metrics = tableTests
      .flatMap((one) => one.metrics.map(({ name }) => name))
      .filter((name) => name !== 'mixed_slope');
    const counts = new Map(metrics.map((name) => [name, { asked: 0, found: 0 }]));
    let tried = 0;
    while (goesOn(extent, tried, startedMs)) {
      const metric = metrics[tried % metrics.length];
      const sort = sorts[random.integer(sorts.length)];
      const [table, question] = withoutEffect(metric, () => nulls[sort](random), random);
      const options = { seed: tried, openStatistic: openMeanDifference };
      const found = await analyse(table, question, options).catch((error: Error & { code?: string }) => {
        if (error.code !== 'bad-input') throw error;
      });
      tried++;
      const count = counts.get(metric);
      if (!found || !count) continue;
      count.asked++;
      if ((found.answers[0].p ?? 1) <= alpha) count.found++;
    }
    const failures = [...counts]
      .filter(([, { asked, found }]) => found > alpha * asked + beyond * Math.sqrt(alpha * (1 - alpha) * asked) + 1)
      .map(([metric, { asked, found }]) => `${metric} found an effect in ${found} of ${asked} tables without one`);
    return { tried, failures };
  },
};
