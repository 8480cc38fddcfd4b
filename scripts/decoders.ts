// Puts the decoders of @jsquash (JPEG, WebP) into `mcp-servers/atlas/src/read/images/*.gen.ts`, packed, so that a bundle stays one file.
// Called by `npm run gen`.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const images = 'mcp-servers/atlas/src/read/images';

const decoders = [
  {
    source: '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm',
    target: 'mozjpeg.gen.ts',
    name: 'mozjpegDecoder',
    is: 'The compiled decoder of MozJPEG, of the family of libjpeg-turbo.',
  },
  {
    source: '@jsquash/webp/codec/dec/webp_dec.wasm',
    target: 'libwebp.gen.ts',
    name: 'webpDecoder',
    is: 'The compiled decoder of libwebp.',
  },
];

/** Writes the modules, or with `check` says which are out of date. Returns how many are. */
export function makeDecoders(check: boolean): number {
  return decoders.reduce((stale, decoder) => stale + makeDecoder(decoder, check), 0);
}

function makeDecoder({ source, target, name, is }: (typeof decoders)[number], check: boolean): number {
  const module = createRequire(path.join(root, 'mcp-servers/atlas/package.json')).resolve(source);
  const bytes = readFileSync(module);
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 12);
  const title = `// Made by \`npm run gen\` from ${source}, ${digest}. Do not edit.`;
  const place = path.join(root, images, target);
  // The packed bytes may differ between versions of brotli; what was packed may not.
  if (existsSync(place) && readFileSync(place, 'utf8').startsWith(`${title}\n`)) return 0;
  if (check) {
    console.error(`${images}/${target} is out of date: run \`npm run gen\`.`);
    return 1;
  }
  writeFileSync(
    place,
    [
      title,
      "import { unpacked } from '../unpacked.ts';",
      '',
      `/** ${is} */`,
      `export const ${name} = unpacked(\n  '${brotliCompressSync(bytes).toString('base64')}',\n);`,
      '',
    ].join('\n'),
  );
  return 0;
}
