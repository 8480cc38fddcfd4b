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

/** Suites that start a program only where they say which. */
const inProcess = /^test\/(domain|conformance|fuzz|architecture)\//;

/** Defines `connect` for each server, and starts none by itself. */
const clientFile = 'test/fixtures/client.ts';

/** A test file, and how it reaches sources. imports: how many imports away each is; text: its own, its sections' and fixtures'. */
export interface Suite {
  file: string;
  imports: ReadonlyMap<string, number>;
  starts: string[];
  text: string;
}

/** Every unit suite of the tree, with what it imports and starts. */
export function suitesOf(tree: string): Suite[] {
  return [...testFiles(path.join(tree, 'test'))].map((full) => {
    const imports = importsOf(full, tree);
    const text = readFileSync(full, 'utf8');
    // A suite starts what its own sections and fixtures start, too.
    const helpers = [...imports.keys()].filter((file) => file.startsWith('test/') && file !== clientFile);
    const said = [text, ...helpers.map((file) => readFileSync(path.join(tree, file), 'utf8'))];
    const named = startedBy.filter(([says]) => said.some((words) => says.test(words))).map(([, program]) => program);
    const file = path.relative(tree, full);
    // Suites of whole flows start programs by names that are made: any may be theirs.
    const starts = named.length > 0 || inProcess.test(file) ? named : startedBy.map(([, program]) => program);
    return { file, imports, starts, text: said.join('\n') };
  });
}

/** Suites that reach a source file, those first that most likely notice soonest. */
interface Reaching {
  /** Import it, and start no server: they run from source, together, in one process. */
  within: string[];
  /** Start a program that holds it, or import it beside servers: they run over bundles. */
  over: string[];
}

/**
 * Which suites reach a source file. within: nearest import first, then the quickest; over: those that speak of the file in its words
 * first, then the quickest. most: how many of each at most; secondsOf: how long a suite takes, where that is known.
 */
export function suitesReaching(
  file: string,
  suites: readonly Suite[],
  programs: Programs,
  most: number,
  secondsOf: (suite: string) => number | undefined,
): Reaching {
  const seconds = ({ file: suite }: Suite) => secondsOf(suite) ?? 30;
  const near = ({ imports }: Suite) => Math.min(imports.get(file) ?? far, far);
  const cost = (suite: Suite) => near(suite) + seconds(suite) / 20;
  const within = suites.filter(({ imports, starts }) => imports.has(file) && starts.length === 0);
  const over = suites.filter(
    (suite) => suite.starts.length > 0 && (suite.imports.has(file) || holds(suite, file, programs)),
  );
  const gain = (suite: Suite) => scoreOf(suite, file) - seconds(suite) / 60;
  return {
    within: within
      .sort((a, b) => cost(a) - cost(b))
      .slice(0, most)
      .map((suite) => suite.file),
    over: over
      .sort((a, b) => gain(b) - gain(a))
      .slice(0, most)
      .map((suite) => suite.file),
  };
}

/** Imports from which it makes no difference how many more there are. */
const far = 6;

const holds = ({ starts }: Suite, file: string, programs: Programs) =>
  starts.some((program) => programs.get(program)?.has(file));

/** How likely a suite that starts servers notices what a file does wrong. */
function scoreOf({ file: suite, imports, text }: Suite, file: string): number {
  const name = path.basename(file, '.ts');
  const words = name.split('-').filter((word) => word.length > 3);
  const lower = text.toLowerCase();
  const shared = words.filter((word) => lower.includes(word)).length / Math.max(1, words.length);
  const area = file.match(/^mcp-servers\/(\w+)/)?.[1];
  const own = area !== undefined && suite.includes(`/${area}/`) ? 1 : 0;
  const named =
    text.includes(`${name}'`) || text.includes(`${name}.ts`) || text.includes(name.replaceAll('-', '_')) ? 4 : 0;
  return named + (imports.has(file) ? 2 : 0) + own + shared;
}

function* testFiles(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory() && !['e2e', 'in-host', 'architecture'].includes(entry.name)) yield* testFiles(full);
    else if (entry.name.endsWith('.test.ts')) yield full;
  }
}

const known = new Map<string, string[]>();

/** Every source that a file stands on, with the number of imports between them: 1 for its own. */
function importsOf(file: string, tree: string): Map<string, number> {
  const found = new Map<string, number>();
  let open = [file];
  for (let away = 1; open.length > 0; away++) {
    const next = new Set(open.flatMap((one) => directImports(one, tree)));
    open = [...next].filter((full) => !found.has(path.relative(tree, full)));
    for (const full of open) found.set(path.relative(tree, full), away);
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
