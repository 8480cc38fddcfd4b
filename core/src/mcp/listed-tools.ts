// What tools/list shows is written down by the build, so that a server starts without its tools: each is loaded by its first call.
import type { ServerName } from '../contracts/server-name.ts';
import { type JsonForm, jsonForm } from './schema.ts';
import type { Effect, Tool } from './tool.ts';
import { writtenOf } from './written.ts';

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
  const written = writtenOf<WrittenTool>('tools.json', server);
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
