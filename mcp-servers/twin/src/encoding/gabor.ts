/** A quadrature pair at each orientation, as convolution weights [2 · orientations × 1 × size × size]: even, odd, even, odd … */
export interface FilterBank {
  weights: Float32Array;
  orientations: number;
  size: number;
}

/** Cycles per pixel of the filters; each level of the pyramid halves the image, and with it the frequency. */
export const frequencyPerPixel = 1 / 4;

/** Standard deviation of the envelope in periods: about one and a half octaves of bandwidth, as V1 cells have (De Valois 1982). */
const envelopePeriods = 0.4;

/**
 * Gabor filters (Daugman 1985, J Opt Soc Am A 2:1160) of one spatial frequency, without response to uniform light, each of
 * unit norm. orientations: evenly spaced over 180°, the first vertical.
 */
export function gaborBank(orientations: number): FilterBank {
  const sigma = envelopePeriods / frequencyPerPixel;
  const half = Math.ceil(3 * sigma);
  const size = 2 * half + 1;
  const weights = new Float32Array(2 * orientations * size * size);
  for (let orientation = 0; orientation < orientations; orientation++) {
    const angle = (Math.PI * orientation) / orientations;
    for (let phase = 0; phase < 2; phase++) {
      const filter = gabor(half, sigma, angle, phase * (Math.PI / 2));
      weights.set(filter, (2 * orientation + phase) * size * size);
    }
  }
  return { weights, orientations, size };
}

function gabor(half: number, sigma: number, angle: number, phase: number): Float32Array {
  const size = 2 * half + 1;
  const envelope = new Float64Array(size * size);
  const carrier = new Float64Array(size * size);
  for (let y = -half; y <= half; y++) {
    for (let x = -half; x <= half; x++) {
      const at = (y + half) * size + x + half;
      const along = x * Math.cos(angle) + y * Math.sin(angle);
      envelope[at] = Math.exp(-(x * x + y * y) / (2 * sigma * sigma));
      carrier[at] = Math.cos(2 * Math.PI * frequencyPerPixel * along - phase);
    }
  }
  const total = envelope.reduce((sum, value) => sum + value, 0);
  const mean = envelope.reduce((sum, value, i) => sum + value * carrier[i], 0) / total;
  const filter = envelope.map((value, i) => value * (carrier[i] - mean));
  const norm = Math.sqrt(filter.reduce((sum, value) => sum + value * value, 0));
  return Float32Array.from(filter, (value) => value / norm);
}
