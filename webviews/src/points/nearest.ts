import type { Bounds } from '../kit/viewport.ts';

const side = 256;

/** Points by the square of a grid in which they lie, so that the nearest of a million is found at once. */
export class NearestPoint {
  private readonly x: ArrayLike<number>;
  private readonly y: ArrayLike<number>;
  private readonly bounds: Bounds;
  private readonly starts = new Uint32Array(side * side + 1);
  private readonly members: Uint32Array;

  constructor(x: ArrayLike<number>, y: ArrayLike<number>, bounds: Bounds) {
    this.x = x;
    this.y = y;
    this.bounds = bounds;
    const square = new Int32Array(x.length);
    let placed = 0;
    for (let i = 0; i < x.length; i++) {
      const known = Number.isFinite(x[i]) && Number.isFinite(y[i]);
      square[i] = known ? this.row(y[i]) * side + this.column(x[i]) : -1;
      if (!known) continue;
      this.starts[square[i] + 1]++;
      placed++;
    }
    for (let s = 0; s < side * side; s++) this.starts[s + 1] += this.starts[s];
    this.members = new Uint32Array(placed);
    const next = this.starts.slice();
    for (let i = 0; i < x.length; i++) if (square[i] >= 0) this.members[next[square[i]]++] = i;
  }

  /** The point nearest to (x, y) within an ellipse of radii rx, ry that `shown` lets through, or undefined. */
  find(x: number, y: number, rx: number, ry: number, shown: (point: number) => boolean): number | undefined {
    let best: number | undefined;
    let least = 1;
    for (let row = this.row(y - ry); row <= this.row(y + ry); row++) {
      for (let column = this.column(x - rx); column <= this.column(x + rx); column++) {
        const s = row * side + column;
        for (let m = this.starts[s]; m < this.starts[s + 1]; m++) {
          const i = this.members[m];
          const distance = ((this.x[i] - x) / rx) ** 2 + ((this.y[i] - y) / ry) ** 2;
          if (distance > least || !shown(i)) continue;
          least = distance;
          best = i;
        }
      }
    }
    return best;
  }

  private column = (x: number) => place(x, this.bounds.x.low, this.bounds.x.high);
  private row = (y: number) => place(y, this.bounds.y.low, this.bounds.y.high);
}

const place = (value: number, low: number, high: number) =>
  Math.max(0, Math.min(side - 1, Math.floor(((value - low) / (high - low)) * side)));
