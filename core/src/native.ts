import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { BregmaError } from './errors.ts';
import { codeOf } from './storage.ts';

/** The packages with native parts. They are in no bundle: each is loaded when it is first needed, at the version tested here. */
export const nativePackages = {
  '@duckdb/node-api': { title: 'DuckDB', version: '1.5.6-r.1' },
  'onnxruntime-node': { title: 'ONNX Runtime', version: '1.30.0' },
  webgpu: { title: 'WebGPU', version: '0.6.2' },
} as const;

/** A package with a binary of its own, loaded when it is first needed. */
export type NativePackage = keyof typeof nativePackages;

/** The npm command that installs these packages; nothing runs while they are installed. */
export function installCommand(names: readonly NativePackage[]): string {
  return `npm install ${names.map((name) => `${name}@${nativePackages[name].version}`).join(' ')} --ignore-scripts`;
}

/**
 * Imports a package with native parts: from the `node_modules` folder that BREGMA_NATIVE_MODULES names, else from where the
 * program `from` (its import.meta.url) finds packages. Throws `missing`, with the command that installs it.
 */
export function importNative<Module>(name: NativePackage, from: string): Promise<Module> {
  return explained(name, () => load(locate(name, from)));
}

/** `require` spares the search of every file for the names that it exports, a third of what loading DuckDB costs; older Node has it for CommonJS alone. */
async function load<Module>(file: string): Promise<Module> {
  try {
    return createRequire(file)(file);
  } catch (error) {
    if (!['ERR_REQUIRE_ESM', 'ERR_REQUIRE_ASYNC_MODULE'].includes(codeOf(error) ?? '')) throw error;
    return await import(pathToFileURL(file).href);
  }
}

const aside = new Map<string, Promise<unknown>>();

/**
 * As `importNative`, for a package in CommonJS, with next to no work on the thread that asks: another thread loads it first, so that
 * its library, which may be large and on a slow disk, is in memory by then.
 */
export function importNativeAside<Module>(name: NativePackage, from: string): Promise<Module> {
  return explained(name, () => {
    const file = locate(name, from);
    const found =
      aside.get(file) ??
      loadAside(file).catch((error) => {
        aside.delete(file);
        throw error;
      });
    aside.set(file, found);
    // SAFETY: a file is one module, and callers of one name ask for one type.
    return found as Promise<Module>;
  });
}

async function loadAside(file: string): Promise<unknown> {
  const require = createRequire(file);
  if (require.cache[file]) return require(file);
  const thread = new Worker(
    `const { parentPort, workerData } = require('node:worker_threads');
     try { require(workerData); } finally { parentPort.postMessage(0); }
     parentPort.on('message', () => {});`,
    { eval: true, workerData: file, stderr: true, name: 'load' },
  );
  thread.on('error', () => {}); // the import below fails likewise, and says why
  await new Promise<void>((resolve) => thread.once('message', resolve).once('exit', resolve));
  try {
    return require(file);
  } finally {
    void thread.terminate(); // not before: a library that nobody holds is taken out of memory
  }
}

async function explained<Module>(name: NativePackage, load: () => Promise<Module>): Promise<Module> {
  const { title } = nativePackages[name];
  try {
    return await load();
  } catch (error) {
    const absent = codeOf(error) === 'MODULE_NOT_FOUND';
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new BregmaError('missing', `${title} ${absent ? 'is not installed' : 'cannot be loaded'}: ${reason}.`, {
      next: `Run \`${installCommand([name])}\` beside the server, or set BREGMA_NATIVE_MODULES to a node_modules folder that has it; then call the tool again.`,
    });
  }
}

/** The package's main file. The named folder comes first: who names one means it. */
function locate(name: NativePackage, from: string): string {
  const folder = process.env.BREGMA_NATIVE_MODULES;
  if (folder) {
    try {
      return createRequire(path.join(path.resolve(folder), 'package.json')).resolve(name);
    } catch {
      // Not there: where the program itself finds packages.
    }
  }
  return createRequire(from).resolve(name);
}
