// Compiles the AssemblyScript kernels of servers into NAME.gen.ts, the module as base64, and puts the WGSL ones beside them as text, so
// that a bundle stays one file. Called by `npm run gen`.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
/** Where kernels lie, where their modules go, and how they are compiled. */
interface Folder {
  sources: string;
  target: string;
  flags: string[];
}
const enable = (...features: string[]) => features.flatMap((feature) => ['--enable', feature]);
const always = ['-O3', '--noAssert', '--runtime', 'stub', ...enable('bulk-memory', 'simd')];
const folders: Folder[] = [
  {
    sources: 'mcp-servers/twin/kernels/spiking',
    target: 'mcp-servers/twin/src/spiking/kernels',
    flags: [...always, ...enable('threads'), '--importMemory', '--sharedMemory', '--maximumMemory', '65536'],
  },
  { sources: 'mcp-servers/twin/kernels/linear', target: 'mcp-servers/twin/src/linear/kernels', flags: always },
  { sources: 'mcp-servers/atlas/kernels', target: 'mcp-servers/atlas/src/read/text/kernel', flags: always },
];
const camelCase = (name: string) => name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** The module's file as it should be. */
async function compile(file: string, { sources, flags }: Folder): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bregma-kernel-'));
  const output = path.join(folder, 'out.wasm');
  const { error, stderr } = await asc.main([path.join(root, sources, file), '-o', output, ...flags]);
  if (error) throw new Error(`${file}: ${error.message}\n${stderr.toString()}`);
  const base64 = readFileSync(output).toString('base64');
  rmSync(folder, { recursive: true, force: true });
  const name = path.basename(file, '.ts');
  return [
    `// Made by \`npm run gen\` from ${sources}/${file}. Do not edit.`,
    `const base64 =\n  '${base64}';`,
    '',
    `/** The compiled kernel ${name}. */`,
    `export const ${camelCase(name)}Kernel = (): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(base64, 'base64'));`,
    '',
  ].join('\n');
}

/** The text of a WGSL kernel as a module. */
function embed(file: string, { sources }: Folder): string {
  const text = readFileSync(path.join(root, sources, file), 'utf8');
  return [
    `// Made by \`npm run gen\` from ${sources}/${file}. Do not edit.`,
    `/** The WGSL kernel ${path.basename(file, '.wgsl')}. */`,
    `export const ${camelCase(path.basename(file, '.wgsl'))}Shader = ${JSON.stringify(text)};`,
    '',
  ].join('\n');
}

/** Writes every kernel, or with `check` names those that are out of date. */
export async function makeKernels(check: boolean): Promise<number> {
  let stale = 0;
  const all = folders.flatMap((folder) =>
    readdirSync(path.join(root, folder.sources))
      .filter((name) => /\.(ts|wgsl)$/.test(name))
      .map((file) => ({ file, folder })),
  );
  for (const { file, folder } of all) {
    const place = path.join(root, folder.target, `${file.replace(/\.ts$/, '').replace('.', '-')}.gen.ts`);
    const wanted = file.endsWith('.wgsl') ? embed(file, folder) : await compile(file, folder);
    if (existsSync(place) && readFileSync(place, 'utf8') === wanted) continue;
    if (check) {
      stale++;
      console.error(`${path.relative(root, place)} is out of date: run \`npm run gen\`.`);
    } else {
      writeFileSync(place, wanted);
      console.log(`wrote ${path.relative(root, place)}`);
    }
  }
  return stale;
}
