import { expect, test } from 'vitest';
import { copiedColumns } from '../../../mcp-servers/twin/src/causal/copied-columns.ts';
import { simulateWorm } from '../../fixtures/simulated-worm.ts';

const worm = simulateWorm({ pairs: 6 });
const all = worm.names.map((_, i) => i);
/** Rows and columns `order` of a recording, in another unit. */
const part = (order: number[], factor = 1) => ({
  names: order.map((i) => worm.names[i]),
  responses: Float64Array.from(
    order.flatMap((row) => order.map((column) => factor * worm.responses[row * worm.names.length + column])),
  ),
});

test('the same measurements are known under another name, in another unit, in another order and in part', () => {
  expect([...copiedColumns(worm, part(all))]).toEqual(all);
  expect([...copiedColumns(worm, part([...all].reverse(), 1000))]).toEqual(all);
  const some = all.slice(0, 8);
  expect([...copiedColumns(worm, part(some))]).toEqual(some);
});

test('the same neurons measured again are other measurements', () => {
  expect([
    ...copiedColumns(worm, { names: worm.names, responses: simulateWorm({ pairs: 6, seed: 2 }).responses }),
  ]).toEqual([]);
});
