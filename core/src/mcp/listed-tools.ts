// What tools/list shows is written down by the build, so that a server starts without its tools: each is loaded by its first call.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ServerName } from '../contracts/tool-form.ts';
import { longName } from '../server-names.ts';
import { type JsonForm, jsonForm } from './schema.ts';
import type { Effect, Tool } from './tool.ts';

/** A tool that a server has: its name, and the way to the rest of it. */
export interface ToolEntry {
  name: string;
  load(): Promise<Tool>;
}

/** A tool as its server shows it before anybody calls it. input: the JSON schema of its arguments. */
export interface ListedTool extends ToolEntry {
  question: string;
  effect: Effect;
  view?: string;
  input: JsonForm;
}

/** A listed tool as the build writes it, into `tools.json` beside the servers. */
export type WrittenTool = Omit<ListedTool, 'load'> & { server: ServerName };

/** A tool that is loaded already. */
export const loaded = (tool: Tool): ToolEntry => ({ name: tool.name, load: async () => tool });

/** What a server shows of these tools: as the build wrote it down, or made of the tools themselves when run from source. server: its long name. */
export function listTools(server: string, entries: ToolEntry[]): Promise<ListedTool[]> {
  const written = writtenTools().filter((one) => longName(one.server) === server);
  return Promise.all(
    entries.map(async (entry) => ({
      ...(written.find(({ name }) => name === entry.name) ?? shownOf(await entry.load())),
      ...entry,
    })),
  );
}

/** What is shown of a tool. */
export const shownOf = (tool: Tool): Omit<ListedTool, 'load'> => ({
  name: tool.name,
  question: tool.question,
  effect: tool.effect,
  view: tool.view,
  input: jsonForm(tool),
});

function writtenTools(): WrittenTool[] {
  const here = fileURLToPath(import.meta.url);
  const file = path.join(path.dirname(here), 'tools.json');
  if (here.endsWith('.ts') || !existsSync(file)) return [];
  // SAFETY: the build that made this program wrote the file from the tools themselves.
  return JSON.parse(readFileSync(file, 'utf8')) as WrittenTool[];
}
