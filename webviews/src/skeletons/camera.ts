/** A 3 × 3 matrix, row by row. */
export type Matrix3 = [number, number, number, number, number, number, number, number, number];

/** An orthographic view of a ball: lengths across the picture are true, so that a scale bar holds everywhere. */
export class Camera {
  readonly centre: [number, number, number];
  readonly radius: number;
  /** Rows: what points right, down and into the picture. */
  turn: Matrix3 = [1, 0, 0, 0, 1, 0, 0, 0, 1];
  zoom = 1;
  /** Moved by so many pixels. */
  shift: [number, number] = [0, 0];

  constructor(centre: [number, number, number], radius: number) {
    this.centre = centre;
    this.radius = radius;
  }

  /** Turns about the axes of the picture, radians. */
  orbit(right: number, down: number): void {
    const [c, s, d, t] = [Math.cos(right), Math.sin(right), Math.cos(down), Math.sin(down)];
    this.turn = product([1, 0, 0, 0, d, t, 0, -t, d], product([c, 0, -s, 0, 1, 0, s, 0, c], this.turn));
  }

  reset(): void {
    this.turn = [1, 0, 0, 0, 1, 0, 0, 0, 1];
    this.zoom = 1;
    this.shift = [0, 0];
  }

  /** Pixels a unit of space. */
  scale({ width, height }: { width: number; height: number }): number {
    return ((Math.min(width, height) / 2) * 0.95 * this.zoom) / this.radius;
  }

  /** A point of space in pixels, and how far behind the middle it is, in radii of the ball. */
  project(x: number, y: number, z: number, size: { width: number; height: number }): [number, number, number] {
    const [a, b, c, d, e, f, g, h, i] = this.turn;
    const [u, v, w] = [x - this.centre[0], y - this.centre[1], z - this.centre[2]];
    const scale = this.scale(size);
    return [
      size.width / 2 + this.shift[0] + (a * u + b * v + c * w) * scale,
      size.height / 2 + this.shift[1] + (d * u + e * v + f * w) * scale,
      (g * u + h * v + i * w) / this.radius,
    ];
  }
}

function product(a: Matrix3, b: Matrix3): Matrix3 {
  const out = Array.from({ length: 9 }, (_, at) => {
    const [row, column] = [Math.floor(at / 3), at % 3];
    return a[row * 3] * b[column] + a[row * 3 + 1] * b[3 + column] + a[row * 3 + 2] * b[6 + column];
  });
  // SAFETY: nine numbers, as its length says.
  return out as Matrix3;
}

/** 1, 2 or 5 times a power of ten, at most `most`. */
export function roundLength(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most));
  return [5, 2, 1].map((step) => step * power).find((length) => length <= most) ?? power;
}
