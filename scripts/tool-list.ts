// What the servers advertise, written down: a server starts without its tools, and editor and command line check cells without one.
import { type ServerName, serverNames } from '../core/src/contracts/server-name.ts';
import type { ToolForm } from '../core/src/contracts/tool-form.ts';
import type { Page, WrittenPage } from '../core/src/mcp/listed-pages.ts';
import { shownOf, type ToolEntry, type WrittenTool } from '../core/src/mcp/listed-tools.ts';
import type { Tool } from '../core/src/mcp/tool.ts';

/** Every tool of every server, in the order of its list. */
export async function toolList(): Promise<(WrittenTool & ToolForm)[]> {
  const lists = await Promise.all(
    serverNames.map(async (server) => {
      const { tools }: { tools: ToolEntry[] } = await import(`../mcp-servers/${server}/src/tools/index.gen.ts`);
      return Promise.all(tools.map(async ({ load }) => written(server, await load())));
    }),
  );
  return lists.flat();
}

function written(server: ServerName, tool: Tool) {
  return { server, acts: tool.effect === 'act', ...shownOf(tool) };
}

/** Every page that the servers offer to read, without its text. */
export async function pageList(): Promise<(WrittenPage & { server: ServerName })[]> {
  const lists = await Promise.all(
    serverNames.map(async (server) => {
      const { pages }: { pages: Page[] } = await import(`../mcp-servers/${server}/src/pages.ts`);
      return pages.map(({ uri, title }) => ({ server, uri, title }));
    }),
  );
  return lists.flat();
}
