import { metricNames } from '@bregma/core/contracts/metric';
import { expect, test } from 'vitest';
import { testKindOf } from '../../mcp-servers/lab/src/domain/find-test-kind.ts';
import { testKinds } from '../../mcp-servers/lab/src/test-kinds/index.gen.ts';

test('every metric that a hypothesis can name is measured by exactly one test kind', () => {
  expect(testKinds.map(({ metric }) => metric.name).sort()).toEqual([...metricNames].sort());
  for (const name of metricNames) expect(testKindOf(name).metric.name).toBe(name);
});

test('a metric that does not exist is answered with the nearest that does', () => {
  expect(() => testKindOf('r_diference')).toThrow(/r_difference/);
});
