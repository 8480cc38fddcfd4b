import { Question } from '@bregma/core/contracts/question';
import { acceptPrediction } from '@bregma/core/hypothesis/predictions';
import { tableTests } from '@bregma/core/table-tests/index.gen';
import { afterAll, expect, test } from 'vitest';
import { connect, temporaryWorkspace } from '../fixtures/client.ts';

const space = temporaryWorkspace();
afterAll(() => space.remove());

test.each(['atlas', 'lab'] as const)('%s lists a page for each test of a table, and reads it', async (server) => {
  const { client, close } = await connect(server, space.folder);
  const { resources } = await client.listResources();
  for (const { name, metrics, refuses, interval } of tableTests) {
    const uri = `bregma://test/${name}`;
    expect(resources.map((resource) => resource.uri)).toContain(uri);
    const [content] = (await client.readResource({ uri })).contents;
    const text = 'text' in content ? content.text : '';
    for (const part of ['## Estimate', '## Interval', '## Test', '## Assumes', '## Refuses', '## Example', interval])
      expect(text).toContain(part);
    for (const metric of metrics) expect(text).toContain(`\`${metric.name}\``);
    expect(text).toContain(refuses[0]);
  }
  await close();
});

test('twin serves what is known of twins of the worm', async () => {
  const { client, close } = await connect('twin', space.folder);
  const [content] = (await client.readResource({ uri: 'bregma://document/worm-twins' })).contents;
  expect('text' in content && content.text).toMatch(/^# /);
  await close();
});

test.each(tableTests)('the example of $name is a prediction that is accepted', ({ example, metrics }) => {
  const { metric, ...measured } = Question.parse(example);
  const named = metrics.find(({ name }) => name === metric);
  expect(named).toBeDefined();
  const direction = named?.nothing === named?.range[1] ? 'less' : 'greater';
  const prediction = {
    id: 'p1',
    metric,
    direction: direction as 'less' | 'greater',
    size: named?.nothing ?? 0,
    between: [],
  };
  acceptPrediction({ ...prediction, measured: { ...measured, data: 'mine' } });
});
