// `npm run bench [NAME …]`: runs the benchmarks of test/bench one after the other, on the built servers.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
if (!existsSync(path.join(root, 'dist/servers/atlas.mjs'))) {
  console.error('Build first: npm run build');
  process.exit(1);
}
const all = readdirSync(path.join(root, 'test/bench'))
  .filter((file) => file.endsWith('.ts') && file !== 'report.ts')
  .map((file) => file.slice(0, -3));
const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(`No benchmark ${unknown.join(', ')}; there are ${all.join(', ')}.`);
  process.exit(1);
}
let failed = 0;
for (const name of chosen.length > 0 ? chosen : all) {
  console.log(`\n${name}`);
  const { status } = spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', path.join(root, `test/bench/${name}.ts`)],
    { stdio: 'inherit', cwd: root },
  );
  if (status !== 0) failed++;
}
process.exit(failed > 0 ? 1 : 0);
