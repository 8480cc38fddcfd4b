/** One decoded image. */
export interface Pixels {
  width: number;
  height: number;
  /** [y × x × 3], 0–255, as the file stores them: no profile and no gamma is applied. */
  rgb: Uint8Array;
  /** [y × x], 0–255; absent: every pixel is opaque. */
  alpha?: Uint8Array;
}

/** Size of an image as its header gives it, in pixels. */
export interface Size {
  width: number;
  height: number;
}

/** Turns an image as its EXIF orientation (1–8) asks; orientations 5–8 trade width and height. */
export function oriented(pixels: Pixels, orientation: number): Pixels {
  if (orientation < 2 || orientation > 8) return pixels;
  const { width, height } = pixels;
  const turned = orientation >= 5;
  const size = { width: turned ? height : width, height: turned ? width : height };
  const source = (x: number, y: number): number => {
    const [u, v] = turned ? [y, x] : [x, y];
    const flipX = orientation === 2 || orientation === 3 || orientation === 7 || orientation === 8;
    const flipY = orientation === 3 || orientation === 4 || orientation === 6 || orientation === 7;
    return (flipY ? height - 1 - v : v) * width + (flipX ? width - 1 - u : u);
  };
  const moved = (channel: Uint8Array, step: number) => {
    const out = new Uint8Array(channel.length);
    for (let y = 0, at = 0; y < size.height; y++)
      for (let x = 0; x < size.width; x++) {
        const from = source(x, y) * step;
        for (let c = 0; c < step; c++) out[at++] = channel[from + c];
      }
    return out;
  };
  return { ...size, rgb: moved(pixels.rgb, 3), alpha: pixels.alpha && moved(pixels.alpha, 1) };
}

/** The image over an even background. background: red, green, blue, 0–255. */
export function over(pixels: Pixels, background: readonly [number, number, number]): Uint8Array {
  const { rgb, alpha } = pixels;
  if (!alpha) return rgb;
  return rgb.map((value, i) => {
    const a = alpha[Math.floor(i / 3)];
    return Math.round((value * a + background[i % 3] * (255 - a)) / 255);
  });
}

/** How much of each pixel is opaque, where any is not. */
export const seenThrough = (alpha: Uint8Array | undefined): Uint8Array | undefined =>
  alpha?.every((value) => value === 255) ? undefined : alpha;

/** Red, green and blue of each pixel [y × x × 3], of what has alpha too [y × x × 4]. */
export function rgbOf(rgba: ArrayLike<number>): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let p = 0, at = 0; p < rgba.length; p += 4) {
    rgb[at++] = rgba[p];
    rgb[at++] = rgba[p + 1];
    rgb[at++] = rgba[p + 2];
  }
  return rgb;
}

/** Which samples are black and white; what lies between is spread evenly. */
export type Levels = readonly [number, number];

/** Samples between the levels as 0 to 255, rounded; beyond them black or white. Throws where one is no number. */
export function spread(samples: ArrayLike<number>, [black, white]: Levels): Uint8Array {
  return Uint8Array.from(samples, (value) => {
    if (Number.isNaN(value)) throw new Error('one of its samples is no number');
    return Math.min(255, Math.max(0, Math.round((255 * (value - black)) / (white - black))));
  });
}

/** What is seen of an ink on paper that is darkened by black, as Pillow turns CMYK into RGB. paper: 255 − black. */
export const paperOver = (ink: number, paper: number): number => Math.max(0, paper - scaled(ink, paper));

/** a·b / 255, rounded: both 0–255 (J. Blinn, Three Wrongs Make a Right, IEEE CG&A 15(6), 1995). */
function scaled(a: number, b: number): number {
  const product = a * b + 128;
  return ((product >> 8) + product) >> 8;
}
