import { startDecoder } from './jsquash.ts';
import { mozjpegDecoder } from './mozjpeg.gen.ts';
import { rgbOf, type Size } from './pixels.ts';

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
  return { width, height, rgb: rgbOf(data) };
}

async function load(): Promise<Decoder> {
  const { default: start } = await import('@jsquash/jpeg/codec/dec/mozjpeg_dec.js');
  compiled ??= new WebAssembly.Module(mozjpegDecoder());
  return startDecoder(start, compiled, (line) => complaints.push(line));
}
