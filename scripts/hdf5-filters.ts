// Puts the filters of h5wasm-plugins that Bregma reads into `mcp-servers/atlas/src/read/hdf5/filters.gen.ts`, packed, so that a bundle
// stays one file. Called by `npm run gen`.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const target = 'mcp-servers/atlas/src/read/hdf5/filters.gen.ts';
/** Name → number of the filter (registered with the HDF Group). blosc2 is left out: version 0.2.1 gives wrong values in h5wasm 0.10. */
const filters = { lzf: 32000, blosc: 32001, lz4: 32004, bshuf: 32008, zstd: 32015, bz2: 307 };

/** Writes the filters, or with `check` says whether they are out of date. */
export function makeHdf5Filters(check: boolean): number {
  const { resolve } = createRequire(path.join(root, 'package.json'));
  const modules = Object.entries(filters).map(([name, id]) => {
    const bytes = readFileSync(resolve(`h5wasm-plugins/plugins/libH5Z${name}.so`));
    return { name, id, bytes, digest: createHash('sha256').update(bytes).digest('hex') };
  });
  const place = path.join(root, target);
  const title = `// Made by \`npm run gen\` from h5wasm-plugins: ${modules.map(({ name, digest }) => `${name} ${digest.slice(0, 12)}`).join(', ')}. Do not edit.`;
  // The packed bytes may differ between versions of brotli; what was packed may not.
  if (existsSync(place) && readFileSync(place, 'utf8').startsWith(`${title}\n`)) return 0;
  if (check) {
    console.error(`${target} is out of date: run \`npm run gen\`.`);
    return 1;
  }
  const ends = modules.map((_, at) => modules.slice(0, at + 1).reduce((sum, { bytes }) => sum + bytes.length, 0));
  writeFileSync(
    place,
    [
      title,
      "import { unpacked } from '../unpacked.ts';",
      '',
      '/** Filters of HDF5 beyond those that the library brings: by number, the name of its file and what makes its bytes. */',
      'export const filters: Record<number, { name: string; bytes(): Uint8Array }> = {',
      ...modules.map(
        ({ name, id, bytes }, at) =>
          `  ${id}: { name: '${name}', bytes: () => all().subarray(${ends[at] - bytes.length}, ${ends[at]}) },`,
      ),
      '};',
      '',
      `const all = unpacked(\n  '${packed(Buffer.concat(modules.map(({ bytes }) => bytes))).toString('base64')}',\n);`,
      '',
    ].join('\n'),
  );
  return 0;
}

/** All at once, since most bring the same decoders: half of what each by itself takes. */
const packed = (bytes: Uint8Array): Buffer =>
  brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 } });
