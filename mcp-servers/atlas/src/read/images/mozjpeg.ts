import { mozjpegDecoder } from './mozjpeg.gen.ts';
import type { Size } from './pixels.ts';

/** The decoder of libjpeg's family that Pillow has too, as a module: pixels are equal, and it tells of every damage that it meets. */
interface Decoder {
  decode(bytes: Uint8Array, preserveOrientation: boolean): Size & { data: Uint8ClampedArray };
}

let loaded: Promise<Decoder> | undefined;
let compiled: WebAssembly.Module | undefined;
let complaints: string[] = [];

/** Decodes a JPEG of one or three components of 8 bits. rgb: [y × x × 3]. Throws on any damage. */
export async function decodeThree(bytes: Uint8Array): Promise<Size & { rgb: Uint8Array }> {
  complaints = [];
  loaded ??= load();
  const decoder = await loaded;
  let image: ReturnType<Decoder['decode']>;
  try {
    image = decoder.decode(bytes, false);
  } catch (error) {
    loaded = undefined; // a module that has left by exit() decodes nothing more
    throw new Error(complaints[0] ?? String(error), { cause: error });
  }
  const damage = complaints.find((line) => /^(Corrupt|Premature)/.test(line));
  if (damage) throw new Error(damage);
  const { width, height, data } = image;
  const rgb = new Uint8Array(width * height * 3);
  for (let p = 0, at = 0; p < data.length; p += 4) {
    rgb[at++] = data[p];
    rgb[at++] = data[p + 1];
    rgb[at++] = data[p + 2];
  }
  return { width, height, rgb };
}

async function load(): Promise<Decoder> {
  const { default: start } = await import('@jsquash/jpeg/codec/dec/mozjpeg_dec.js');
  compiled ??= new WebAssembly.Module(mozjpegDecoder());
  const module = compiled;
  // SAFETY: Node has no ImageData, so the types have none; any member may be asked for, and set.
  const scope = globalThis as { ImageData?: unknown };
  scope.ImageData ??= Picture;
  // SAFETY: the package types its modules for browsers; these are the members that its emscripten loader takes and gives.
  return (await (start as unknown as (options: object) => Promise<unknown>)({
    instantiateWasm(
      imports: ConstructorParameters<typeof WebAssembly.Instance>[1],
      done: (instance: WebAssembly.Instance) => void,
    ) {
      const instance = new WebAssembly.Instance(module, imports);
      done(instance);
      return instance.exports;
    },
    print: (line: string) => complaints.push(line),
    printErr: (line: string) => complaints.push(line),
    // SAFETY: as above.
  })) as Decoder;
}

/** What the module hands its pixels to; browsers bring it. */
class Picture {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;

  constructor(data: Uint8ClampedArray, width: number, height: number) {
    this.data = data;
    this.width = width;
    this.height = height;
  }
}
