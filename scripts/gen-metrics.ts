import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';

const folder = 'mcp-servers/lab/src/test-kinds';

/** What a kind of test says of its metric, as it is written. Throws when a file says nothing of one. */
export function metricOf(file: string, text: string): string {
  const found: string[] = [];
  new Visitor({
    Property({ key, value }) {
      if (key.type === 'Identifier' && key.name === 'metric' && value.type === 'ObjectExpression')
        found.push(text.slice(value.start, value.end));
    },
  }).visit(parseSync(file, text).program);
  if (found.length === 1) return found[0];
  throw new Error(`${file} says of ${found.length} metrics what they are; a kind of test measures one.`);
}

/**
 * The metrics that kinds of test measure, for whoever reads a prediction without the lab: views, editor, other servers. Each is
 * written in the file of its kind, which imports nothing for it.
 */
export function metricsIndex(root: string): { file: string; wanted: string } {
  const files = readdirSync(path.join(root, folder))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.gen.ts') && file !== 'test-kind.ts')
    .sort();
  const metrics = files.map((file) => metricOf(file, readFileSync(path.join(root, folder, file), 'utf8')));
  return {
    file: 'core/src/contracts/metrics.gen.ts',
    wanted: [
      '// Made by `npm run gen` from the kinds of test of the lab server. Do not edit.',
      "import type { Metric } from './metric-form.ts';",
      '',
      '/** All metrics that a prediction about twins can be about. */',
      'export const metrics = [',
      ...metrics.map((metric) => `  ${metric},`),
      '] as const satisfies Metric[];',
      '',
    ].join('\n'),
  };
}
