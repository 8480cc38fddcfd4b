// Puts the JPEG decoder of @jsquash/jpeg into `mcp-servers/atlas/src/read/images/mozjpeg.gen.ts`, the module as base64, so that a
// bundle stays one file. Called by `npm run gen`.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const source = '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm';
const target = 'mcp-servers/atlas/src/read/images/mozjpeg.gen.ts';

/** Writes the module, or with `check` says whether it is out of date. */
export function makeDecoders(check: boolean): number {
  const module = createRequire(path.join(root, 'mcp-servers/atlas/package.json')).resolve(source);
  const wanted = [
    `// Made by \`npm run gen\` from ${source}. Do not edit.`,
    `const base64 =\n  '${readFileSync(module).toString('base64')}';`,
    '',
    '/** The compiled decoder of MozJPEG, of the family of libjpeg-turbo. */',
    "export const mozjpegDecoder = (): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(base64, 'base64'));",
    '',
  ].join('\n');
  const place = path.join(root, target);
  if (existsSync(place) && readFileSync(place, 'utf8') === wanted) return 0;
  if (!check) {
    writeFileSync(place, wanted);
    return 0;
  }
  console.error(`${target} is out of date: run \`npm run gen\`.`);
  return 1;
}
