/** A stretch of an axis, in its own unit. */
export interface Span {
  low: number;
  high: number;
}

/** A rectangle of data, in the units of its axes. */
export interface Bounds {
  x: Span;
  y: Span;
}

/** The part of a plane that is seen. It never leaves `bounds` and never shrinks below 1/`deepest` of them. */
export class Viewport {
  x: Span;
  y: Span;
  private readonly bounds: Bounds;
  private readonly deepest: number;

  constructor(bounds: Bounds, deepest = 1e5) {
    this.bounds = bounds;
    this.deepest = deepest;
    this.x = { ...bounds.x };
    this.y = { ...bounds.y };
  }

  /** factor > 1 comes nearer. atX, atY: the point that stays where it is, as parts of the view (0 low, 1 high). */
  zoom(factor: number, atX = 0.5, atY = 0.5): void {
    this.x = zoomed(this.x, this.bounds.x, factor, atX, this.deepest);
    this.y = zoomed(this.y, this.bounds.y, factor, atY, this.deepest);
  }

  /** In parts of the view; positive moves towards higher values. */
  pan(x: number, y: number): void {
    this.x = within(moved(this.x, x * (this.x.high - this.x.low)), this.bounds.x);
    this.y = within(moved(this.y, y * (this.y.high - this.y.low)), this.bounds.y);
  }

  reset(): void {
    this.x = { ...this.bounds.x };
    this.y = { ...this.bounds.y };
  }

  get whole(): boolean {
    const { x, y } = this.bounds;
    return this.x.low === x.low && this.x.high === x.high && this.y.low === y.low && this.y.high === y.high;
  }
}

const moved = ({ low, high }: Span, by: number): Span => ({ low: low + by, high: high + by });

function zoomed(span: Span, bounds: Span, factor: number, at: number, deepest: number): Span {
  const all = bounds.high - bounds.low;
  const size = Math.min(all, Math.max(all / deepest, (span.high - span.low) / factor));
  const centre = span.low + at * (span.high - span.low);
  const low = centre - at * size;
  return within({ low, high: low + size }, bounds);
}

function within(span: Span, bounds: Span): Span {
  const size = span.high - span.low;
  if (size >= bounds.high - bounds.low) return { ...bounds };
  const low = Math.min(Math.max(span.low, bounds.low), bounds.high - size);
  return { low, high: low + size };
}
