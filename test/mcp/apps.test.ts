import { afterAll, describe, expect, test } from 'vitest';
import { connect, temporaryWorkspace } from '../fixtures/client.ts';

const space = temporaryWorkspace();
afterAll(() => space.remove());

const drawn = {
  atlas: { query_data: 'table', trace_connections: 'table' },
  twin: { run_twin: 'simulation', validate_twin: 'validity' },
  lab: {
    trace_claim: 'lineage',
    record_hypothesis: 'card',
    freeze_hypothesis: 'card',
    plan_experiment: 'card',
    test_hypothesis: 'card',
  },
} as const;

describe.skipIf(!process.env.BREGMA_TEST_DIST)('MCP Apps', () => {
  test.each(['atlas', 'twin', 'lab'] as const)(
    'of %s are named by the tools that they draw, and read whole in both eras',
    async (server) => {
      const texts: string[] = [];
      for (const era of ['auto', 'legacy'] as const) {
        const { client, close } = await connect(server, space.folder, { era });
        const { tools } = await client.listTools();
        const named = Object.fromEntries(
          tools.flatMap(({ name, _meta }) => {
            const uri = (_meta?.ui as { resourceUri?: string } | undefined)?.resourceUri;
            return uri ? [[name, uri.replace('ui://bregma/', '')]] : [];
          }),
        );
        expect(named).toEqual(drawn[server]);
        for (const view of new Set(Object.values(drawn[server]))) {
          const { contents } = await client.readResource({ uri: `ui://bregma/${view}` });
          const [page] = contents as { mimeType?: string; text?: string }[];
          expect(page.mimeType).toBe('text/html;profile=mcp-app');
          texts.push(page.text ?? '');
        }
        await close();
      }
      for (const text of texts) {
        expect(text.length).toBeGreaterThan(10_000);
        expect(text.length).toBeLessThan(700_000);
        expect(text).toContain(`default-src 'none'`);
        expect(text.split('<script>').length).toBe(2);
        expect(/<(link|img|iframe|script)\b[^>]*\b(src|href)=/.exec(text)).toBeNull();
      }
    },
  );
});
