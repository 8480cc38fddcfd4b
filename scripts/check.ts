// `npm run check`: indices, lint and format, types, unused code. Runs all, then fails if any failed.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const node = (script: string, ...args: string[]) => [process.execPath, path.join(root, script), ...args];
const checks: Record<string, string[]> = {
  'open folders are registered': node('scripts/gen.ts', '--check'),
  'lint and format': node(
    'node_modules/@biomejs/biome/bin/biome',
    'ci',
    '--colors=off',
    '--diagnostic-level=warn',
    '--error-on-warnings',
  ),
  types: node('node_modules/typescript/bin/tsc', '-p', '.'),
  'types of views': node('node_modules/typescript/bin/tsc', '-p', 'webviews'),
  'types of suites in the extension host': node('node_modules/typescript/bin/tsc', '-p', 'test/in-host'),
  'unused code': node('node_modules/knip/bin/knip.js'),
};
let failed = 0;
for (const [name, [command, ...args]] of Object.entries(checks)) {
  const result = spawnSync(command, args, { cwd: root, encoding: 'utf8' });
  const ok = result.status === 0;
  console.log(`${ok ? '✓' : '✗'} ${name}`);
  if (!ok) {
    failed++;
    console.log(`${result.stdout}${result.stderr}`);
  }
}
process.exit(failed > 0 ? 1 : 0);
