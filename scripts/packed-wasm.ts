// WebAssembly that a package carries as text in its JavaScript is laid beside the programs, packed: a fifth of the bytes.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import type { Plugin } from 'esbuild';
import { parseSync, Visitor } from 'oxc-parser';

/** Packages' files that hold a module as the argument of `binaryDecode`, a character a byte, and the name that it gets. */
const holders = [{ filter: /h5wasm[\\/]dist[\\/]\w+[\\/]hdf5_util\.js$/, name: 'hdf5.wasm.br' }];

/** Packs bytes as they lie in `assets/`: nearly as small as can be, in a tenth of the time. */
export const packed = (bytes: Uint8Array): Uint8Array =>
  brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_LGWIN]: 24 } });

/** An esbuild plugin. assets: the folder `assets/` beside the programs. */
export const packedWasm = (assets: string): Plugin => ({
  name: 'packed-wasm',
  setup({ onLoad }) {
    for (const { filter, name } of holders)
      onLoad({ filter }, ({ path: file }) => {
        const { bytes, before, after } = takeOut(file);
        mkdirSync(assets, { recursive: true });
        writeFileSync(path.join(assets, name), packed(bytes));
        const read = `__unpack(__read(new URL('./assets/${name}', import.meta.url)))`;
        const imports =
          "import { readFileSync as __read } from 'node:fs'; import { brotliDecompressSync as __unpack } from 'node:zlib';\n";
        return { contents: `${imports}${before}${read}${after}`, loader: 'js' };
      });
  },
});

/** The bytes of the one module in a file, and the text around the call that makes them. Throws when there is not one. */
function takeOut(file: string): { bytes: Uint8Array; before: string; after: string } {
  const text = readFileSync(file, 'utf8');
  const found: { start: number; end: number; value: string }[] = [];
  new Visitor({
    CallExpression({ callee, arguments: [given], start, end }) {
      if (callee.type === 'Identifier' && callee.name === 'binaryDecode' && given?.type === 'Literal')
        found.push({ start, end, value: String(given.value) });
    },
  }).visit(parseSync(file, text).program);
  if (found.length !== 1)
    throw new Error(`${file} holds ${found.length} modules of WebAssembly where one was looked for.`);
  const [{ start, end, value }] = found;
  // As Emscripten's own `binaryDecode`: a character beyond one byte is a byte of 0.
  const bytes = new Uint8Array(value.length);
  for (let i = 0; i < value.length; i++) bytes[i] = (~value.charCodeAt(i) >> 8) & value.charCodeAt(i);
  return { bytes, before: text.slice(0, start), after: text.slice(end) };
}
