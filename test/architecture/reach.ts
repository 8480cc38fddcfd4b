import path from 'node:path';
import type { Source } from './rules.ts';
import { parsed } from './syntax.ts';

const folders: Record<string, string> = {
  atlas: 'mcp-servers/atlas',
  twin: 'mcp-servers/twin',
  lab: 'mcp-servers/lab',
};

/** Where an import leads, without its ending where the name has none: a file of the house, or the name of another's package. */
function leadsTo(file: string, name: string): string {
  if (name.startsWith('.')) return path.posix.join(path.posix.dirname(file), name);
  const [, folder, rest] = /^@bregma\/(\w+)\/(.+)$/.exec(name) ?? [];
  return folder ? `${folders[folder] ?? folder}/src/${rest}` : name;
}

/** Files that another imports at run time, and packages, by the names that Node knows. atOnce: those that load with it alone. */
function importedBy(source: Source, files: Map<string, Source>, atOnce = false): string[] {
  return parsed(source)
    .imports.filter((one) => one.atRunTime && (one.atOnce || !atOnce))
    .map(({ name }) => leadsTo(source.file, name))
    .map((target) => [target, `${target}.ts`, `${target}.tsx`].find((one) => files.has(one)) ?? target);
}

/** The shortest way from a file to the first that `isEnd` knows, by what is imported at run time; undefined when there is none. */
function wayTo(start: string, sources: Source[], isEnd: (file: string) => boolean): string[] | undefined {
  const files = new Map(sources.map((source) => [source.file, source]));
  const from = new Map<string, string | undefined>([[start, undefined]]);
  for (const file of from.keys()) {
    if (isEnd(file)) return trail(file, from);
    const source = files.get(file);
    for (const next of source ? importedBy(source, files) : []) if (!from.has(next)) from.set(next, file);
  }
  return undefined;
}

/** Every file and package that is loaded with a file, before anybody calls anything. */
export function loadedWith(start: string, sources: Source[]): string[] {
  const files = new Map(sources.map((source) => [source.file, source]));
  const found = new Set([start]);
  for (const file of found) {
    const source = files.get(file);
    for (const next of source ? importedBy(source, files, true) : []) found.add(next);
  }
  return [...found];
}

function trail(end: string, from: Map<string, string | undefined>): string[] {
  const before = from.get(end);
  return before === undefined ? [end] : [...trail(before, from), end];
}

/** What writes a record, or the file of records, without the door. */
const writers = /^core\/src\/(workspace|ledger\/(ledger|ledger-file))\.ts$|^(node:)?sqlite$|^better-sqlite3$|^sqlite3$/;
/** What fetches a module in a way that no import tells: nothing of a server does, but a text that is the program of a thread. */
const hidden = /\b(createRequire|getBuiltinModule|process\.binding|dlopen)\b/;

/**
 * Ways in which a file of a server would get at the ledger other than by the door that the call path gives it: each as the files on
 * it. `main.ts` starts the call path and is left out.
 */
export function waysPastTheDoor(sources: Source[]): string[] {
  return sources
    .filter(({ file }) => /^mcp-servers\/\w+\/src\/(?!main\.ts)/.test(file))
    .flatMap((source) => {
      const way = wayTo(source.file, sources, (file) => writers.test(file));
      const workedOut = parsed(source).imports.some(({ name }) => name === '(worked out)') || hidden.test(source.text);
      return [...(way ? [way.join(' → ')] : []), ...(workedOut ? [`${source.file} imports what no one can read`] : [])];
    });
}
