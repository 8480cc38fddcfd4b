import { orientationOf, orientationOfXmp } from './exif.ts';
import { decodeThree } from './mozjpeg.ts';
import { type Pixels, paperOver, type Size } from './pixels.ts';
import { splitJpeg } from './split-jpeg.ts';

/** What the segments before the first scan of a JPEG say. */
export interface JpegHeader extends Size {
  components: number;
  /** Bits of a sample. */
  precision: number;
  orientation: number;
  /** Whether it brings a colour profile. */
  profile: boolean;
}

/** True for bytes that begin as a JPEG does: start of image (ITU-T T.81, B.1.1.3). */
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

/**
 * Decodes a JPEG of 8 bits, sequential or progressive: grey, YCbCr, RGB, CMYK or YCCK. Four components are taken as Adobe writes
 * them, complemented, and come out as Pillow turns them into RGB. Throws on any damage.
 */
export async function decodeJpeg(bytes: Uint8Array): Promise<Pixels> {
  const { components, precision } = jpegHeader(bytes);
  if (precision !== 8) throw new Error(`it has samples of ${precision} bits; 8 are read`);
  if (components === 1 || components === 3) return decodeThree(bytes);
  if (components !== 4)
    throw new Error(`it has ${components} components; grey, YCbCr, RGB, CMYK and YCCK are read (save it as RGB)`);
  const { colours, black, ycck } = splitJpeg(bytes);
  const image = await decodeThree(colours);
  const dark = (await decodeThree(black)).rgb;
  const rgb = image.rgb.map((value, i) => {
    const paper = dark[3 * Math.floor(i / 3) + 2];
    return paperOver(ycck ? value : 255 - value, paper);
  });
  return { ...image, rgb };
}
