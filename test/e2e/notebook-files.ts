import path from 'node:path';
import { connect, root } from '../fixtures/client.ts';

export const settings = {
  'bregma.nativeModules': path.join(root, 'node_modules'),
  'window.autoDetectColorScheme': true,
  'files.simpleDialog.enable': true,
};

/** A text that would run, colour or turn around, were it not shown as text. */
const hostile = `<img src=x onerror="window.pwned=1"> <script>window.pwned=1</script> \u001B[31mred\u001B[0m \u202Elatin`;

/** A notebook with every kind of cell. */
export const wiring = (hypothesis: string) => `---
title: Wiring
# kept as it is
releases: [celegans-cook2019@2019]
---

# Wiring of *C. elegans*

\`\`\`sql name=cells
SELECT kind, count(*) AS n FROM celegans_cook2019.edges GROUP BY 1 ORDER BY 1
\`\`\`

\`\`\`vega-lite
{
  "data": {"name": "cells"},
  "mark": "bar",
  "width": 300,
  "encoding": {"x": {"field": "kind", "type": "nominal"}, "y": {"field": "n", "type": "quantitative"}}
}
\`\`\`

\`\`\`plot
data: cells
marks:
  - {mark: bar, x: kind, y: n}
\`\`\`

\`\`\`bregma name=model
tool: build_twin
arguments: {kind: linear-propagation, data: celegans-cook2019}
\`\`\`

\`\`\`bregma name=response
tool: run_twin
arguments:
  twin: $model.twin
  stimulate: [AVAL]
\`\`\`

\`\`\`hypothesis
${hypothesis}
\`\`\`

The end.
`;

/** Adds the data and does what an agent would; returns the id of a hypothesis. */
export async function prepare(folder: string): Promise<string> {
  const [atlas, twin, lab] = await Promise.all(
    (['atlas', 'twin', 'lab'] as const).map((server) => connect(server, folder)),
  );
  await atlas.call('add_data', { source: 'celegans-cook2019' });
  const { value } = await twin.call('build_twin', { kind: 'linear-propagation', data: 'celegans-cook2019' });
  const recorded = await lab.call('record_hypothesis', {
    claim: `Wiring alone predicts responses ${hostile.slice(0, 60)}`,
    rivals: ['Responses follow distance and not wiring'],
    predictions: [{ metric: 'r', direction: 'greater', size: 0.1, between: [value.twin] }],
  });
  await Promise.all([atlas, twin, lab].map((server) => server.close()));
  return recorded.value.hypothesis;
}

export const hostileNotebook = () => `# ${hostile}

${hostile}

\`\`\`sql name=hostile
SELECT '${hostile.replaceAll("'", "''")}' AS says, repeat('x', 1000000) AS long, 720575940620875399::BIGINT AS id
\`\`\`

\`\`\`vega-lite
{"data": {"name": "hostile"}, "title": "</svg><script>window.pwned=1</script>", "mark": "point",
 "encoding": {"x": {"field": "says", "type": "nominal"}, "href": {"value": "javascript:window.pwned=1"}}}
\`\`\`
`;
