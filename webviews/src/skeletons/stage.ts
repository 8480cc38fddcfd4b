import { line } from '../kit/axes.ts';
import { shown } from '../kit/format.ts';
import type { Ink } from '../kit/ink.ts';
import { fit, type Size, sized } from '../kit/surface.ts';
import { Camera, roundLength } from './camera.ts';
import { ballAround, type Tree } from './forest.ts';
import { type SkeletonRenderer, skeletonRenderer } from './renderer.ts';

/** What stands on the stage and who hears of the pointer. */
export interface StageOptions {
  trees: Tree[];
  unit: string;
  /** Names of the ends of x, y and z: anatomical letters, or the axes themselves. */
  ends: [string, string, string];
  /** Colour of each tree, undefined where it is hidden. */
  colours(ink: Ink): (string | undefined)[];
  /** The nearest node under the pointer. */
  hover(node: { tree: number; node: number } | undefined): void;
}

/** Trees in space: drag or arrows turn, Shift moves, + − and the wheel zoom, 0 shows all. */
export class SkeletonStage {
  private readonly element: HTMLElement;
  private readonly options: StageOptions;
  private readonly camera: Camera;
  private readonly renderer: SkeletonRenderer;
  private readonly over = document.createElement('canvas');
  private readonly sizing: { redraw(): void; dispose(): void };
  private size: Size = { width: 1, height: 1 };
  private ink: Ink | undefined;
  private waiting = 0;

  /** element: where it draws. */
  constructor(element: HTMLElement, options: StageOptions) {
    this.element = element;
    this.options = options;
    const { centre, radius } = ballAround(options.trees);
    this.camera = new Camera(centre, radius);
    this.renderer = skeletonRenderer(options.trees);
    this.renderer.canvas.classList.add('lines');
    this.renderer.canvas.setAttribute('aria-hidden', 'true');
    this.over.className = 'over';
    this.over.setAttribute('aria-hidden', 'true');
    element.append(this.renderer.canvas, this.over);
    this.listen();
    this.sizing = sized(
      element,
      (place) => {
        this.size = place;
        this.ink = place.ink;
        element.style.height = `${place.height}px`;
        this.paint();
      },
      (width) => Math.max(280, Math.min(620, window.innerHeight * 0.6, width * 0.7)),
    );
  }

  redraw = () => this.sizing.redraw();

  picture(): HTMLCanvasElement {
    this.paint();
    const whole = document.createElement('canvas');
    whole.width = this.over.width;
    whole.height = this.over.height;
    const context = whole.getContext('2d')!;
    context.fillStyle = this.ink?.ground ?? '#ffffff';
    context.fillRect(0, 0, whole.width, whole.height);
    context.drawImage(this.renderer.canvas, 0, 0, whole.width, whole.height);
    context.drawImage(this.over, 0, 0);
    return whole;
  }

  dispose = () => {
    cancelAnimationFrame(this.waiting);
    this.sizing.dispose();
    this.renderer.dispose();
  };

  private soon(): void {
    this.waiting ||= requestAnimationFrame(() => {
      this.waiting = 0;
      this.paint();
    });
  }

  private listen(): void {
    const { element, camera } = this;
    let last: { x: number; y: number } | undefined;
    const move = (x: number, y: number, shift: boolean) => {
      if (shift) camera.shift = [camera.shift[0] + x, camera.shift[1] + y];
      else camera.orbit(x * 0.008, y * 0.008);
      this.soon();
    };
    const zoom = (factor: number) => {
      camera.zoom = Math.max(0.3, Math.min(400, camera.zoom * factor));
      camera.shift = [camera.shift[0] * factor, camera.shift[1] * factor];
      this.soon();
    };
    element.addEventListener('pointerdown', (event) => {
      element.setPointerCapture(event.pointerId);
      last = { x: event.clientX, y: event.clientY };
    });
    element.addEventListener('pointermove', (event) => {
      if (last && event.buttons > 0) {
        move(event.clientX - last.x, event.clientY - last.y, event.shiftKey || event.buttons === 2);
        last = { x: event.clientX, y: event.clientY };
      } else this.options.hover(this.nearest(event));
    });
    element.addEventListener('pointerleave', () => this.options.hover(undefined));
    element.addEventListener(
      'wheel',
      (event) => {
        if (!event.ctrlKey && document.activeElement !== element) return;
        event.preventDefault();
        zoom(Math.exp(-event.deltaY * 0.0015));
      },
      { passive: false },
    );
    const steps: Record<string, [number, number]> = {
      ArrowLeft: [-16, 0],
      ArrowRight: [16, 0],
      ArrowUp: [0, -16],
      ArrowDown: [0, 16],
    };
    element.addEventListener('keydown', (event) => {
      if (steps[event.key]) move(...steps[event.key], event.shiftKey);
      else if (event.key === '+' || event.key === '=') zoom(1.3);
      else if (event.key === '-') zoom(1 / 1.3);
      else if (event.key === '0') {
        camera.reset();
        this.soon();
      } else return;
      event.preventDefault();
    });
  }

  private nearest(event: PointerEvent): { tree: number; node: number } | undefined {
    if (!this.ink) return undefined;
    const box = this.element.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    const visible = this.options.colours(this.ink);
    let best: { tree: number; node: number } | undefined;
    let least = 10;
    this.options.trees.forEach(({ nodes, parent }, tree) => {
      if (!visible[tree]) return;
      for (let node = 0; node < parent.length; node++) {
        const [u, v] = this.camera.project(nodes[3 * node], nodes[3 * node + 1], nodes[3 * node + 2], this.size);
        const distance = Math.hypot(u - x, v - y);
        if (distance >= least) continue;
        least = distance;
        best = { tree, node };
      }
    });
    return best;
  }

  private paint(): void {
    const { ink, size, camera } = this;
    if (!ink) return;
    this.renderer.draw(camera, size, this.options.colours(ink), ink);
    const ratio = window.devicePixelRatio || 1;
    fit(this.over, size.width * ratio, size.height * ratio);
    const context = this.over.getContext('2d')!;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, size.width, size.height);
    context.font = `12px ${ink.font}`;
    this.paintBar(context, ink);
    this.paintAxes(context, ink);
  }

  private paintBar(context: CanvasRenderingContext2D, ink: Ink): void {
    const { size, camera, options } = this;
    const scale = camera.scale(size);
    const length = roundLength(Math.min(180, size.width / 3) / scale);
    const [right, base] = [size.width - 14, size.height - 14];
    context.strokeStyle = ink.text;
    context.fillStyle = ink.text;
    context.lineWidth = 3;
    line(context, right - length * scale, base, right, base);
    context.lineWidth = 1;
    context.textAlign = 'right';
    context.textBaseline = 'bottom';
    context.fillText(`${shown(length)} ${options.unit}`, right, base - 6);
  }

  /** Where x, y and z point, in the corner. */
  private paintAxes(context: CanvasRenderingContext2D, ink: Ink): void {
    const { size, camera, options } = this;
    const [x, y] = [40, size.height - 40];
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    options.ends.forEach((name, axis) => {
      const [u, v] = [camera.turn[axis] * 24, camera.turn[3 + axis] * 24];
      context.strokeStyle = ink.quiet;
      line(context, x, y, x + u, y + v);
      context.fillStyle = ink.text;
      if (Math.hypot(u, v) > 6) context.fillText(name, x + u * 1.4, y + v * 1.4);
    });
  }
}
