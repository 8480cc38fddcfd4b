import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';
import { BregmaError } from '@bregma/core/errors';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { coverageOf } from './font-coverage.ts';

/** What a build lays beside the programs (`scripts/build.ts`), and where it comes from when run from source. */
const assets = {
  'resvg.wasm': '@resvg/resvg-wasm/index_bg.wasm',
  'inter.ttf': '@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf',
};

let ready: Promise<Uint8Array> | undefined;

/**
 * An SVG as PNG, by resvg (MPL-2.0, unchanged) compiled to WebAssembly, with one embedded font (Inter, OFL-1.1): no font of the
 * machine is used, so the same SVG gives the same bytes everywhere. Characters that Inter lacks are
 * boxes: `boxesInWords` says which. scale: pixels
 * of the PNG for one of the SVG. background: a colour below it; without one it is transparent where nothing is drawn.
 */
export async function rasterise(svg: string, scale = 2, background?: string): Promise<Uint8Array> {
  ready ??= initWasm(readAsset('resvg.wasm')).then(() => readAsset('inter.ttf'));
  const font = await ready;
  const image = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: scale },
    background,
    font: { fontBuffers: [font], defaultFontFamily: 'Inter', sansSerifFamily: 'Inter' },
  });
  try {
    const rendered = image.render();
    const png = rendered.asPng();
    rendered.free();
    return png;
  } finally {
    image.free();
  }
}

let covers: ((codePoint: number) => boolean) | undefined;

/** Characters of an SVG's texts that are boxes in its PNG, each once, in their order. */
export function boxesIn(svg: string): string[] {
  covers ??= coverageOf(readAsset('inter.ttf'));
  const has = covers;
  const words = svg
    .replace(/<(desc|title|style)[^>]*>[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]*>/g, '')
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
  return [...new Set(words)].filter(
    (character) => !/[\s\p{Cc}\p{Cf}\p{M}]/u.test(character) && !has(character.codePointAt(0)!),
  );
}

/** What is to be said of a PNG with boxes, in a sentence; undefined where there are none. */
export function boxesInWords(svg: string): string | undefined {
  const boxes = boxesIn(svg);
  if (boxes.length === 0) return undefined;
  return `The PNG shows boxes for ${boxes.slice(0, 12).join(' ')}${boxes.length > 12 ? ' …' : ''}, which its font lacks; the SVG has them.`;
}

/** The bytes of an asset: packed or as they are beside the programs, else from its package. */
function readAsset(name: keyof typeof assets): Uint8Array<ArrayBuffer> {
  const places = ['./assets/', './servers/assets/'].flatMap((folder) =>
    [`${name}.br`, name].map((file) => fileURLToPath(new URL(folder + file, import.meta.url))),
  );
  const beside = places.find((file) => existsSync(file));
  try {
    const bytes = readFileSync(beside ?? createRequire(import.meta.url).resolve(assets[name]));
    return new Uint8Array(beside?.endsWith('.br') ? brotliDecompressSync(bytes) : bytes);
  } catch (error) {
    throw new BregmaError(
      'missing',
      `${name} is not at ${places[0]}: ${error instanceof Error ? error.message : error}`,
      {
        next: 'Run `npm run build`, or draw SVG alone.',
      },
    );
  }
}
