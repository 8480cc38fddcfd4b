import { orientationOf, orientationOfXmp } from './exif.ts';
import { mozjpegDecoder } from './mozjpeg.gen.ts';
import type { Pixels, Size } from './pixels.ts';

/** What the segments before the first scan of a JPEG say. */
export interface JpegHeader extends Size {
  components: number;
  /** Bits of a sample. */
  precision: number;
  orientation: number;
  /** Whether it brings a colour profile. */
  profile: boolean;
}

/** The decoder of libjpeg's family that Pillow has too, as a module: pixels are equal, and it tells of every damage that it meets. */
interface Decoder {
  decode(bytes: Uint8Array, preserveOrientation: boolean): { width: number; height: number; data: Uint8ClampedArray };
}

export const isJpeg = (bytes: Uint8Array): boolean => bytes[0] === 0xff && bytes[1] === 0xd8;

/** Reads the header (ITU-T T.81, B.2). Throws when the file ends before its frame is described. */
export function jpegHeader(bytes: Uint8Array): JpegHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let orientation = 1;
  let profile = false;
  for (let at = 2; at + 4 <= bytes.length; ) {
    if (bytes[at] !== 0xff) throw new Error('its segments do not follow each other');
    const marker = bytes[at + 1];
    if (marker === 0xff) {
      at++; // any number of fill bytes may stand before a marker
      continue;
    }
    const length = view.getUint16(at + 2);
    const content = bytes.subarray(at + 4, at + 2 + length);
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      if (content.length < 6) break;
      const [precision, components] = [content[0], content[5]];
      return {
        width: view.getUint16(at + 7),
        height: view.getUint16(at + 5),
        components,
        precision,
        orientation,
        profile,
      };
    }
    if (marker === 0xe1) orientation = orientationOfSegment(content, orientation);
    if (marker === 0xe2 && startsWith(content, 'ICC_PROFILE\0')) profile = true;
    if (marker === 0xda || marker === 0xd9) break;
    at += 2 + length;
  }
  throw new Error('it ends before its size is given');
}

function orientationOfSegment(content: Uint8Array, before: number): number {
  if (startsWith(content, 'Exif\0')) return orientationOf(content);
  return before === 1 && startsWith(content, 'http://ns.adobe.com/xap/')
    ? orientationOfXmp(Buffer.from(content).toString('utf8'))
    : before;
}

const startsWith = (bytes: Uint8Array, text: string) =>
  Buffer.from(bytes.subarray(0, text.length)).toString('latin1') === text;

/** Decodes a JPEG of one or three components of 8 bits, sequential or progressive. Throws on any damage. */
export async function decodeJpeg(bytes: Uint8Array): Promise<Pixels> {
  const { components, precision } = jpegHeader(bytes);
  if (precision !== 8) throw new Error(`it has samples of ${precision} bits; 8 are read`);
  if (components !== 1 && components !== 3)
    throw new Error(`it has ${components} components; grey, YCbCr and RGB are read (save it as RGB)`);
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

let loaded: Promise<Decoder> | undefined;
let compiled: WebAssembly.Module | undefined;
let complaints: string[] = [];

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
