// A copy of the tree in which sources may be broken: tracked and new files, with the packages of the original linked.
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import path from 'node:path';

/** Brings the copy to the state of the working tree. Built files are left as they are. */
export function copyTree(root: string, tree: string): void {
  const { stdout } = spawnSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
    cwd: root,
    maxBuffer: 1 << 28,
  });
  const files = new Set(
    stdout
      .toString('utf8')
      .split('\0')
      .filter((file) => file && existsSync(path.join(root, file))),
  );
  for (const file of files) {
    const [from, to] = [path.join(root, file), path.join(tree, file)];
    mkdirSync(path.dirname(to), { recursive: true });
    copyFileSync(from, to);
  }
  for (const file of present(tree, '')) if (!files.has(file)) rmSync(path.join(tree, file));
  linkPackages(root, tree);
  // What is built from none of the mutated files: skills, pages, pictures' assets.
  for (const folder of ['dist/skills', 'dist/apps', 'dist/servers/assets', 'dist/extension']) {
    const [from, to] = [path.join(root, folder), path.join(tree, folder)];
    if (!existsSync(from) || existsSync(to)) continue;
    mkdirSync(path.dirname(to), { recursive: true });
    symlinkSync(from, to);
  }
}

/** Files of the copy that are no packages and not built, from its root. */
function* present(tree: string, folder: string): Generator<string> {
  for (const entry of readdirSync(path.join(tree, folder), { withFileTypes: true })) {
    if (['node_modules', 'dist', '.cache'].includes(entry.name)) continue;
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* present(tree, file);
    else yield file;
  }
}

/** Every package is a link to the original's; those of the project itself lead into the copy. */
function linkPackages(root: string, tree: string): void {
  const packages = path.join(tree, 'node_modules');
  mkdirSync(path.join(packages, '@bregma'), { recursive: true });
  for (const name of readdirSync(path.join(root, 'node_modules'))) {
    const to = path.join(packages, name);
    if (name !== '@bregma' && name !== '.vite' && !hasLink(to)) symlinkSync(path.join(root, 'node_modules', name), to);
  }
  for (const name of readdirSync(path.join(root, 'node_modules/@bregma'))) {
    const to = path.join(packages, '@bregma', name);
    if (!hasLink(to)) symlinkSync(readlinkSync(path.join(root, 'node_modules/@bregma', name)), to);
  }
}

const hasLink = (file: string) => lstatSync(file, { throwIfNoEntry: false }) !== undefined;

/** Sources below a folder, or the file itself, from the root: no generated ones, no forms of types alone. */
export function sourcesBelow(root: string, folder: string): string[] {
  const full = path.join(root, folder);
  if (statSync(full).isFile()) return [folder];
  return readdirSync(full, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : sourcesBelow(root, file);
      return /\.ts$/.test(entry.name) && !/\.(gen|d)\.ts$/.test(entry.name) ? [file] : [];
    });
}
