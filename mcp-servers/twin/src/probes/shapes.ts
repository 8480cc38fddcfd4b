import { type Canvas, drawStack, type Probe, type ProbeAxis, peakOf } from './probe.ts';

/** Width of a drawn line and of its soft edge, shares of the shorter side. */
const [line, edge] = [0.04, 0.02];
/** Half the length of an arc. */
const reach = 0.3;

const soft = (distance: number) => 1 / (1 + Math.exp((distance - line / 2) / (edge / 4)));

/** Bright arcs through the middle, by the direction of their bulge and their curvature (as Pasupathy & Connor 1999, J Neurophysiol 82:2490). */
export function curvature(canvas: Canvas): Probe {
  const directions: ProbeAxis = {
    name: 'direction',
    unit: 'degrees, 0 = right, counter-clockwise',
    values: [0, 45, 90, 135, 180, 225, 270, 315],
  };
  const bends: ProbeAxis = { name: 'curvature', unit: '1 / shorter side', values: [0, 1, 2, 3, 4, 6] };
  const columns = bends.values.length;
  return {
    axes: [directions, bends],
    averaged: 'one image',
    repeats: 1,
    images: drawStack(canvas, directions.values.length * columns, (image, x, y) => {
      const angle = (directions.values[Math.floor(image / columns)] * Math.PI) / 180;
      const bend = bends.values[image % columns];
      // Along the bulge and across it; rows grow downwards.
      const along = x * Math.cos(angle) - y * Math.sin(angle);
      const across = x * Math.sin(angle) + y * Math.cos(angle);
      if (bend === 0) return Math.abs(across) > reach ? 0 : soft(Math.abs(along));
      const radius = 1 / bend;
      const turn = Math.atan2(across, along + radius);
      if (Math.abs(turn) * radius > reach) return 0;
      return soft(Math.abs(Math.hypot(along + radius, across) - radius));
    }),
    describe(tuning) {
      const peak = peakOf(tuning);
      if (peak < 0) return { preferredDirection: null, preferredCurvature: null };
      return {
        preferredDirection: directions.values[Math.floor(peak / columns)],
        preferredCurvature: bends.values[peak % columns],
      };
    },
  };
}

/** Cells along each side of the grid on which spots are shown. */
const cells = 9;

/** Spots, bright and dark, at each place of a grid: where a neuron looks. */
export function position(canvas: Canvas): Probe {
  const values = Array.from({ length: cells }, (_, i) => (i + 0.5) / cells);
  const side = Math.min(canvas.height, canvas.width);
  const [height, width] = [canvas.height / side, canvas.width / side];
  return {
    axes: [
      { name: 'y', unit: 'share of the height, from above', values },
      { name: 'x', unit: 'share of the width, from the left', values },
    ],
    averaged: 'a bright and a dark spot: how much each moves the response',
    repeats: 2,
    images: drawStack(canvas, cells * cells * 2, (image, x, y) => {
      const place = Math.floor(image / 2);
      const far = Math.hypot(
        x - (values[place % cells] - 0.5) * width,
        y - (values[Math.floor(place / cells)] - 0.5) * height,
      );
      return far <= 0.75 / cells ? 1 - 2 * (image % 2) : 0;
    }),
    describe(tuning) {
      const peak = peakOf(tuning);
      const none = { x: null, y: null, diameter: null };
      if (peak < 0) return none;
      const half = tuning[peak] / 2;
      let [weight, x, y, count] = [0, 0, 0, 0];
      for (let at = 0; at < cells * cells; at++) {
        if (tuning[at] < half) continue;
        count++;
        weight += tuning[at];
        x += tuning[at] * values[at % cells];
        y += tuning[at] * values[Math.floor(at / cells)];
      }
      if (!(weight > 0)) return none;
      // The circle of the area in which a spot moves the response by more than half of the most.
      return { x: x / weight, y: y / weight, diameter: Math.sqrt((4 * count) / (Math.PI * cells * cells)) };
    },
  };
}
