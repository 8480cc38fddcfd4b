// `npm start`: installs, builds and runs the main job. Plain JavaScript that Node 20 can run.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { install } from './install.mjs';
import { root, run } from './node.mjs';

try {
  if (Number(process.versions.node.split('.')[0]) < 20)
    throw new Error(`Bregma needs Node 20 or newer to start; this is ${process.versions.node}.`);
  install(root);
  const built = await run([path.join(root, 'scripts/build.ts')], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (built !== 0 || !existsSync(path.join(root, 'dist/bregma.mjs'))) throw new Error('The build failed.');
  process.exitCode = await run([path.join(root, 'dist/bregma.mjs'), 'start', ...process.argv.slice(2)]);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
