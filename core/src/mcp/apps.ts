import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { McpServer } from '@modelcontextprotocol/server';
import type { ListedTool } from './listed-tools.ts';

/** Media type of an MCP App: one page with script and style inside. */
const mimeType = 'text/html;profile=mcp-app';

/** The page of a view, beside the servers of a bundle (`apps/` beside `servers/`) or in the build of the source tree; undefined when it was not built. */
function pageOf(view: string): string | undefined {
  const here = path.dirname(fileURLToPath(import.meta.url));
  return ['../apps', '../../../dist/apps']
    .map((up) => path.resolve(here, up, `${view}.html`))
    .find((file) => existsSync(file));
}

/** `ui://bregma/VIEW` of the view that draws this tool's answers, or undefined. */
export function appUri({ view }: Pick<ListedTool, 'view'>): string | undefined {
  return view && pageOf(view) ? `ui://bregma/${view}` : undefined;
}

/** Offers the views of these tools as MCP Apps. They load nothing from outside: no domain is asked for. */
export function registerApps(server: McpServer, tools: ListedTool[]): void {
  for (const view of new Set(tools.flatMap((tool) => tool.view ?? []))) {
    const file = pageOf(view);
    if (!file) continue;
    const uri = `ui://bregma/${view}`;
    server.registerResource(`app-${view}`, uri, { title: `View: ${view}`, mimeType }, async () => ({
      contents: [{ uri, mimeType, text: readFileSync(file, 'utf8'), _meta: { ui: { prefersBorder: true } } }],
    }));
  }
}
