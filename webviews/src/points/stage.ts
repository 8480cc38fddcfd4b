import { axisBelow, axisLeft, type Box } from '../kit/axes.ts';
import { axisLabel } from '../kit/format.ts';
import type { Ink } from '../kit/ink.ts';
import { fit, type Size, sized } from '../kit/surface.ts';
import { Viewport } from '../kit/viewport.ts';
import { type Cloud, equalised } from './cloud.ts';
import { type PointRenderer, pointRenderer } from './renderer.ts';

/** A frame that takes longer makes the next ones draw fewer points while the view moves, ms. */
const patienceMs = 30;

/** Points under axes. While it moves it draws as many as the machine can; when it rests, all. */
export class PointStage {
  readonly viewport: Viewport;
  /** Point with a ring. */
  chosen: number | undefined;
  private readonly element: HTMLElement;
  private readonly cloud: Cloud;
  private readonly axes: { x: { label: string; unit?: string }; y: { label: string; unit?: string } };
  private readonly renderer: PointRenderer;
  private readonly over = document.createElement('canvas');
  private readonly sizing: { redraw(): void; dispose(): void };
  private size: Size = { width: 1, height: 1 };
  private ink: Ink | undefined;
  private budget: number;
  private last = 0;
  private spentMs: number | undefined;
  private waiting = 0;
  private settle: ReturnType<typeof setTimeout> | undefined;

  /** element: where it draws. inked: the palette, `rgba` of each colour of the cloud. */
  constructor(
    element: HTMLElement,
    cloud: Cloud,
    axes: PointStage['axes'],
    equal: boolean,
    inked: (ink: Ink) => Uint8Array,
  ) {
    this.element = element;
    this.cloud = cloud;
    this.axes = axes;
    this.budget = cloud.count;
    const height = (width: number) => Math.max(300, Math.min(640, window.innerHeight * 0.6, width * 0.62));
    const area = boxOf({ width: element.clientWidth || 800, height: height(element.clientWidth || 800) });
    this.viewport = new Viewport(equal ? equalised(cloud.bounds, area.width / area.height) : cloud.bounds);
    this.renderer = pointRenderer(cloud);
    this.renderer.canvas.classList.add('points');
    this.renderer.canvas.setAttribute('aria-hidden', 'true');
    this.over.className = 'over';
    this.over.setAttribute('aria-hidden', 'true');
    element.append(this.renderer.canvas, this.over);
    this.sizing = sized(
      element,
      (place) => {
        this.size = place;
        this.ink = place.ink;
        this.renderer.palette(inked(place.ink));
        element.style.height = `${place.height}px`;
        this.paint(this.cloud.count);
      },
      height,
    );
  }

  area = (): Box => boxOf(this.size);

  /** Colours or visibility have changed. */
  recolour(): void {
    this.sizing.redraw();
  }

  /** The view moves: draws soon, and all points when it has come to rest. */
  moved(): void {
    clearTimeout(this.settle);
    this.settle = setTimeout(() => {
      this.last = 0;
      this.paint(this.cloud.count);
    }, 160);
    this.waiting ||= requestAnimationFrame((now) => {
      this.waiting = 0;
      this.adapt(now);
      this.paint(this.budget);
    });
  }

  /** Chooses a point and shows it, near and in the middle. */
  goTo(point: number): void {
    const { viewport, cloud } = this;
    this.chosen = point;
    viewport.reset();
    viewport.zoom(
      8,
      (cloud.x[point] - viewport.x.low) / (viewport.x.high - viewport.x.low),
      (cloud.y[point] - viewport.y.low) / (viewport.y.high - viewport.y.low),
    );
    this.moved();
  }

  /** Draws more or fewer points next time. A card draws by itself: there the time between frames tells how long it took. */
  private adapt(now: number): void {
    const between = this.last && now - this.last < 500 ? now - this.last : undefined;
    const took = this.renderer.waits ? this.spentMs : between;
    this.last = now;
    if (took === undefined) return;
    if (took > patienceMs) this.budget = Math.max(20_000, Math.round(this.budget * Math.max(0.3, patienceMs / took)));
    else this.budget = Math.min(this.cloud.count, Math.round(this.budget * 1.15));
  }

  /** Points and axes as one picture. */
  picture(): HTMLCanvasElement {
    this.paint(this.cloud.count);
    const ratio = window.devicePixelRatio || 1;
    const { left, top, width, height } = this.area();
    const whole = document.createElement('canvas');
    whole.width = this.over.width;
    whole.height = this.over.height;
    const context = whole.getContext('2d')!;
    context.fillStyle = this.ink?.ground ?? '#ffffff';
    context.fillRect(0, 0, whole.width, whole.height);
    context.drawImage(this.renderer.canvas, left * ratio, top * ratio, width * ratio, height * ratio);
    context.drawImage(this.over, 0, 0);
    return whole;
  }

  dispose = () => {
    clearTimeout(this.settle);
    cancelAnimationFrame(this.waiting);
    this.sizing.dispose();
    this.renderer.dispose();
  };

  private paint(count: number): void {
    const { ink } = this;
    if (!ink) return;
    const box = this.area();
    const { style } = this.renderer.canvas;
    style.left = `${box.left}px`;
    style.top = `${box.top}px`;
    style.width = `${box.width}px`;
    style.height = `${box.height}px`;
    const from = performance.now();
    this.renderer.draw(this.viewport, box, count);
    this.spentMs = performance.now() - from;
    this.element.dataset.drawn = String(count);
    this.paintAxes(box, ink);
  }

  private paintAxes(box: Box, ink: Ink): void {
    const { over, viewport, axes, cloud, chosen } = this;
    const ratio = window.devicePixelRatio || 1;
    fit(over, this.size.width * ratio, this.size.height * ratio);
    const context = over.getContext('2d')!;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, this.size.width, this.size.height);
    context.lineWidth = 1;
    context.strokeStyle = ink.line;
    context.strokeRect(box.left - 0.5, box.top - 0.5, box.width + 1, box.height + 1);
    axisBelow(context, box, viewport.x, axisLabel(axes.x), ink);
    axisLeft(context, box, viewport.y, axisLabel(axes.y), ink);
    if (chosen === undefined) return;
    const part = (value: number, { low, high }: { low: number; high: number }) => (value - low) / (high - low);
    const at = [part(cloud.x[chosen], viewport.x), 1 - part(cloud.y[chosen], viewport.y)];
    if (at.some((value) => !(value >= 0 && value <= 1))) return;
    context.beginPath();
    context.arc(box.left + at[0] * box.width, box.top + at[1] * box.height, 8, 0, 2 * Math.PI);
    context.strokeStyle = ink.ground;
    context.lineWidth = 5;
    context.stroke();
    context.strokeStyle = ink.text;
    context.lineWidth = 2;
    context.stroke();
  }
}

function boxOf({ width, height }: Size): Box {
  return { left: 56, top: 26, width: Math.max(10, width - 56 - 20), height: Math.max(10, height - 26 - 46) };
}
