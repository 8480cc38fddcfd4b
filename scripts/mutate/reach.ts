// Which tests reach a source file: by what they import, or by the servers and the command line that they start.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** What a built program is made of: its name in `dist/`, and its sources from the root. */
export type Programs = Map<string, ReadonlySet<string>>;

/** Folders of the house's packages, by the name after `@bregma/`. */
function workspacesOf(tree: string): Map<string, string> {
  const kept = workspaces.get(tree);
  if (kept) return kept;
  const { workspaces: patterns }: { workspaces: string[] } = manifest(tree);
  const folders = patterns.flatMap((pattern) =>
    pattern.endsWith('/*')
      ? readdirSync(path.join(tree, pattern.slice(0, -2))).map((name) => path.join(pattern.slice(0, -2), name))
      : [pattern],
  );
  const named = new Map(
    folders.map((folder) => [manifest(path.join(tree, folder)).name.replace('@bregma/', ''), folder] as const),
  );
  workspaces.set(tree, named);
  return named;
}

const workspaces = new Map<string, Map<string, string>>();
const manifest = (folder: string) => JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));

/** Names of programs that a test starts, from what it and its fixtures say. */
const startedBy: [says: RegExp, program: string][] = [
  [/connect\('atlas'|startLoop|describe\.each\(\['atlas'/, 'servers/atlas'],
  [/connect\('twin'|startLoop|describe\.each\(\['atlas'/, 'servers/twin'],
  [/connect\('lab'|startLoop|describe\.each\(\['atlas'/, 'servers/lab'],
  [/bregma\.mjs|\.\/bregma\(/, 'bregma'],
];

/** Defines `connect` for each server, and starts none by itself. */
const clientFile = 'test/fixtures/client.ts';

/** A test file, and how it reaches sources. text: its own and that of its sections and fixtures. */
interface Suite {
  file: string;
  imports: ReadonlySet<string>;
  starts: string[];
  text: string;
}

/** Every unit suite of the tree, with what it imports and starts. */
export function suitesOf(tree: string): Suite[] {
  return [...testFiles(path.join(tree, 'test'))].map((full) => {
    const imports = importsOf(full, tree);
    const text = readFileSync(full, 'utf8');
    // A suite starts what its own sections and fixtures start, too.
    const helpers = [...imports].filter((file) => file.startsWith('test/') && file !== clientFile);
    const said = [text, ...helpers.map((file) => readFileSync(path.join(tree, file), 'utf8'))];
    const starts = startedBy.filter(([says]) => said.some((words) => says.test(words))).map(([, program]) => program);
    return { file: path.relative(tree, full), imports, starts, text: said.join('\n') };
  });
}

/**
 * Suites that reach a source file, those first that most likely notice: that import it; that start a program which holds it and
 * speak of it in its words. most: how many at most.
 */
export function suitesReaching(file: string, suites: Suite[], programs: Programs, most: number): string[] {
  const words = path.basename(file, '.ts').split('-');
  const area = file.match(/^mcp-servers\/(\w+)/)?.[1];
  const scored = suites.flatMap(({ file: suite, imports, starts, text }) => {
    const inProcess = imports.has(file);
    const started = starts.filter((program) => programs.get(program)?.has(file));
    if (!inProcess && started.length === 0) return [];
    const lower = text.toLowerCase();
    const shared = words.filter((word) => word.length > 3 && lower.includes(word)).length / words.length;
    const own = area !== undefined && suite.includes(`/${area}/`) ? 1 : 0;
    const direct = text.includes(`${path.basename(file, '.ts')}'`) || text.includes(path.basename(file)) ? 4 : 0;
    return [{ suite, score: direct + (inProcess ? 2 : 0) + own + shared }];
  });
  return scored
    .sort((a, b) => b.score - a.score || (a.suite < b.suite ? -1 : 1))
    .slice(0, most)
    .map(({ suite }) => suite);
}

function* testFiles(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== 'e2e' && entry.name !== 'in-host') yield* testFiles(full);
    else if (entry.name.endsWith('.test.ts')) yield full;
  }
}

const known = new Map<string, string[]>();

function importsOf(file: string, tree: string): Set<string> {
  const found = new Set<string>();
  const open = [file];
  for (let next = open.pop(); next; next = open.pop())
    for (const imported of directImports(next, tree))
      if (!found.has(path.relative(tree, imported))) {
        found.add(path.relative(tree, imported));
        open.push(imported);
      }
  return found;
}

function directImports(file: string, tree: string): string[] {
  const kept = known.get(file);
  if (kept) return kept;
  const source = readFileSync(file, 'utf8');
  const names = [...source.matchAll(/(?:from|import\()\s*'([^']+)'/g)].map(([, name]) => name);
  const imports = names.flatMap((name) => resolve(name, file, tree) ?? []);
  known.set(file, imports);
  return imports;
}

function resolve(name: string, from: string, tree: string): string | undefined {
  if (name.startsWith('.')) return existing(path.resolve(path.dirname(from), name));
  const [, workspace, rest] = name.match(/^@bregma\/(\w+)\/(.+)$/) ?? [];
  const folder = workspace && workspacesOf(tree).get(workspace);
  return folder ? existing(path.join(tree, folder, 'src', rest)) : undefined;
}

function existing(file: string): string | undefined {
  return [file, `${file}.ts`, `${file}.tsx`].find((name) => /\.tsx?$/.test(name) && existsSync(name));
}
