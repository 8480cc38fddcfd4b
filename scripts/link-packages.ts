// A package of the house that came with a pull is linked as npm would link it: nothing has to be downloaded for it.
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';

/** Links the workspaces of package.json that npm has not linked yet. root: the folder of the repository. */
export function linkPackages(root: string): void {
  const read = (folder: string) => JSON.parse(readFileSync(path.join(root, folder, 'package.json'), 'utf8'));
  const { workspaces }: { workspaces: string[] } = read('.');
  if (!existsSync(path.join(root, 'node_modules'))) return;
  for (const folder of workspaces.flatMap((name) => membersOf(root, name))) {
    const link = path.join(root, 'node_modules', read(folder).name);
    if (existsSync(link)) continue;
    mkdirSync(path.dirname(link), { recursive: true });
    symlinkSync(path.relative(path.dirname(link), path.join(root, folder)), link, 'junction');
  }
}

/** `mcp-servers/*` is every folder there. */
const membersOf = (root: string, name: string): string[] =>
  name.endsWith('/*') ? readdirSync(path.join(root, name.slice(0, -2))).map((one) => name.slice(0, -1) + one) : [name];
