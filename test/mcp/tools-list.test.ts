import { shownOf } from '@bregma/core/mcp/listed-tools';
import { annotationsOf } from '@bregma/core/mcp/tool';
import { afterAll, describe, expect, test } from 'vitest';
import { connect, temporaryWorkspace } from '../fixtures/client.ts';

const lists = {
  atlas: () => import('../../mcp-servers/atlas/src/tools/index.gen.ts'),
  twin: () => import('../../mcp-servers/twin/src/tools/index.gen.ts'),
  lab: () => import('../../mcp-servers/lab/src/tools/index.gen.ts'),
};

const space = temporaryWorkspace();
afterAll(() => space.remove());

describe.each(['atlas', 'twin', 'lab'] as const)('tools/list of %s', (server) => {
  test('has at most 10 tools in at most 1,900 tokens, named verb_noun, with all four annotations', async () => {
    const { client, close } = await connect(server, space.folder);
    const { tools } = await client.listTools();
    await close();
    expect(tools.length).toBeLessThanOrEqual(10);
    const characters = tools.reduce(
      (sum, { name, description, inputSchema, outputSchema }) =>
        sum +
        name.length +
        (description ?? '').length +
        JSON.stringify(inputSchema).length +
        JSON.stringify(outputSchema ?? '').length,
      0,
    );
    expect(characters / 4).toBeLessThanOrEqual(1900);
    for (const { name, annotations } of tools) {
      expect(name).toMatch(/^[a-z]+(_[a-z]+)+$/);
      expect(Object.keys(annotations ?? {}).sort()).toEqual([
        'destructiveHint',
        'idempotentHint',
        'openWorldHint',
        'readOnlyHint',
      ]);
    }
  });

  test('is what the tools say of themselves, though none is loaded for it', async () => {
    const { client, close } = await connect(server, space.folder);
    const shown = (await client.listTools()).tools;
    await close();
    const { tools } = await lists[server]();
    for (const { name, load } of tools) {
      const tool = shownOf(await load());
      const { question: description, input: inputSchema, effect } = tool;
      expect(tool.name).toBe(name);
      expect(shown.find((one) => one.name === name)).toMatchObject({
        description,
        inputSchema: JSON.parse(JSON.stringify(inputSchema)),
        annotations: annotationsOf(effect),
      });
    }
    expect(shown).toHaveLength(tools.length);
  });

  test('is the same bytes in every run and both eras', async () => {
    const texts: string[] = [];
    for (const era of ['auto', 'auto', 'legacy'] as const) {
      const { client, close } = await connect(server, space.folder, { era });
      texts.push(JSON.stringify((await client.listTools()).tools));
      await close();
    }
    expect(new Set(texts).size).toBe(1);
  });
});
