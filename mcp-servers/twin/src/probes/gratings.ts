import { type Canvas, drawStack, marginal, type Probe, type ProbeAxis, peakOf } from './probe.ts';

const phases = [0, 0.25, 0.5, 0.75];
const orientation = (count: number): ProbeAxis => ({
  name: 'orientation',
  unit: 'degrees, 0 = vertical bars, counter-clockwise',
  values: Array.from({ length: count }, (_, i) => (180 * i) / count),
});

/** A cosine over the image: bars at `degrees`, cycles an image, phase in cycles. */
function cosine(x: number, y: number, degrees: number, cycles: number, phase: number): number {
  const angle = (degrees * Math.PI) / 180;
  return Math.cos(2 * Math.PI * (cycles * (x * Math.cos(angle) - y * Math.sin(angle)) + phase));
}

/** Octaves from one cycle an image to a quarter of its pixels. */
const octaves = ({ height, width }: Canvas): number[] => {
  const highest = Math.max(2, Math.min(height, width) / 4);
  return Array.from({ length: Math.floor(Math.log2(highest)) + 1 }, (_, i) => 2 ** i);
};

/** A frequency in the middle of the octaves, at which size and contrast are tried. */
const middle = (canvas: Canvas): number => octaves(canvas)[Math.floor(octaves(canvas).length / 2)];

/**
 * Preferred orientation and selectivity from the resultant of doubled angles (1 − circular variance; Ringach, Shapley & Hawken 2002,
 * J Neurosci 22:5639), of what a response rises above the smallest.
 */
function orientationOf(curve: number[], degrees: number[]): { preferred: number | null; selectivity: number | null } {
  const lowest = Math.min(...curve);
  const total = curve.reduce((sum, value) => sum + value - lowest, 0);
  if (!(total > 0)) return { preferred: null, selectivity: null };
  let [x, y] = [0, 0];
  curve.forEach((value, i) => {
    const angle = (2 * degrees[i] * Math.PI) / 180;
    x += (value - lowest) * Math.cos(angle);
    y += (value - lowest) * Math.sin(angle);
  });
  return {
    preferred: ((Math.atan2(y, x) * 90) / Math.PI + 180) % 180,
    selectivity: Math.hypot(x, y) / total,
  };
}

/** Gratings over the whole image, by orientation and spatial frequency. */
export function gratings(canvas: Canvas): Probe {
  const angles = orientation(12);
  const cycles: ProbeAxis = { name: 'spatial frequency', unit: 'cycles an image', values: octaves(canvas) };
  const columns = cycles.values.length;
  const count = angles.values.length * columns * phases.length;
  return {
    axes: [angles, cycles],
    averaged: 'four phases',
    repeats: phases.length,
    images: drawStack(canvas, count, (image, x, y) => {
      const place = Math.floor(image / phases.length);
      return cosine(
        x,
        y,
        angles.values[Math.floor(place / columns)],
        cycles.values[place % columns],
        phases[image % phases.length],
      );
    }),
    describe(tuning) {
      const peak = peakOf(tuning);
      if (peak < 0) return { preferredOrientation: null, orientationSelectivity: null, preferredFrequency: null };
      const best = peak % columns;
      const { preferred, selectivity } = orientationOf(
        angles.values.map((_, i) => tuning[i * columns + best]),
        angles.values,
      );
      return {
        preferredOrientation: preferred,
        orientationSelectivity: selectivity,
        preferredFrequency: cycles.values[best],
      };
    },
  };
}

/** Gratings at four orientations that differ in one number. */
function graded(canvas: Canvas, axis: ProbeAxis, light: (value: number, bars: number, x: number, y: number) => number) {
  const angles = orientation(4);
  const columns = axis.values.length;
  return {
    axes: [angles, axis] satisfies [ProbeAxis, ProbeAxis],
    averaged: 'four phases',
    repeats: phases.length,
    images: drawStack(canvas, angles.values.length * columns * phases.length, (image, x, y) => {
      const place = Math.floor(image / phases.length);
      const bars = cosine(
        x,
        y,
        angles.values[Math.floor(place / columns)],
        middle(canvas),
        phases[image % phases.length],
      );
      return light(axis.values[place % columns], bars, x, y);
    }),
    curveOf: (tuning: ArrayLike<number>) => marginal(tuning, [angles.values.length, columns], 'first'),
  };
}

/** Discs of a grating in the middle of the image. */
export function size(canvas: Canvas): Probe {
  const axis = { name: 'diameter', unit: 'share of the shorter side', values: [0.1, 0.2, 0.3, 0.4, 0.5, 0.65, 0.8, 1] };
  const { curveOf, ...probe } = graded(canvas, axis, (diameter, bars, x, y) =>
    Math.hypot(x, y) <= diameter / 2 ? bars : 0,
  );
  return {
    ...probe,
    describe(tuning) {
      const curve = curveOf(tuning);
      const peak = peakOf(curve);
      if (peak < 0) return { preferredDiameter: null, suppressionByLarger: null };
      const rise = curve[peak] - Math.min(...curve);
      return {
        preferredDiameter: axis.values[peak],
        suppressionByLarger: (curve[peak] - curve[curve.length - 1]) / rise,
      };
    },
  };
}

/** Gratings over the whole image, by contrast. */
export function contrast(canvas: Canvas): Probe {
  const axis = { name: 'contrast', unit: 'share of the largest', values: [0.03, 0.06, 0.12, 0.25, 0.5, 0.75, 1] };
  const { curveOf, ...probe } = graded(canvas, axis, (share, bars) => share * bars);
  return {
    ...probe,
    describe(tuning) {
      const curve = curveOf(tuning);
      const peak = peakOf(curve);
      if (peak < 0) return { halfContrast: null };
      const half = (curve[peak] + curve[0]) / 2;
      const above = curve.findIndex((value) => value >= half);
      if (above <= 0) return { halfContrast: null };
      const share = (half - curve[above - 1]) / (curve[above] - curve[above - 1]);
      return { halfContrast: axis.values[above - 1] + share * (axis.values[above] - axis.values[above - 1]) };
    },
  };
}
