import { render } from 'preact';
import { around } from '../kit/where.ts';
import { bringInto, type Camera, fitCamera, zoomAt } from './camera.ts';
import type { Box, Picture } from './graph.ts';
import { boxHeight, boxWidth, type Flow, layOut, type Placed } from './layout.ts';
import { Scene } from './scene.tsx';
import { type Direction, stepFrom } from './steps.ts';

const directions: Record<string, Direction> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

/** Smallest scale at which the words in a box can be read. */
const readable = 0.5;
/** A picture of as many boxes is seen whole at first, however small: its form says more than its first words. */
const wholeAtFirst = 24;

interface StageEvents {
  /** A box was opened: Enter, or a double click. */
  open(box: Box): void;
  /** A box was closed: Backspace or Escape on a member of an open group. */
  close(box: Box): void;
  chosen(box: Box): void;
}

/** The drawn picture: pan with the mouse, zoom with wheel or keys, walk with the arrow keys. One box is in the tab order. */
export class Stage {
  private readonly el: HTMLElement;
  private readonly events: StageEvents;
  private picture: Picture = { boxes: [], arrows: [], found: [] };
  private placed: Placed = { flow: 'right', at: new Map(), width: 1, height: 1 };
  private camera: Camera = { scale: 1, dx: 0, dy: 0 };
  private current: string | undefined;
  private readonly resized: ResizeObserver;
  private fitted = false;
  private touched = false;

  /** el: where it draws, as large as the picture may be. */
  constructor(el: HTMLElement, events: StageEvents) {
    this.el = el;
    this.events = events;
    this.resized = new ResizeObserver(() => {
      // Until somebody moves in it, a picture follows its window: what is said below it takes room of its own.
      if (this.touched) return;
      this.fitted = false;
      this.fit();
    });
    this.resized.observe(el);
  }

  /** Draws another picture. The chosen box keeps its place on the screen; `choose` names the next one, when the old is gone. */
  show(picture: Picture, choose?: string): void {
    const before = this.current && this.placed.at.get(this.current);
    const hadFocus = this.el.contains(document.activeElement);
    this.picture = picture;
    this.arrange(this.placed.flow);
    const root = picture.boxes.find(({ id }) => !picture.arrows.some(({ source }) => source === id));
    const next = [choose, this.current, root?.id, picture.boxes[0]?.id].find(
      (id) => id !== undefined && this.placed.at.has(id),
    );
    const now = next && this.placed.at.get(next);
    if (this.fitted && before && now) {
      this.camera.dx += (before.x - now.x) * this.camera.scale;
      this.camera.dy += (before.y - now.y) * this.camera.scale;
    }
    if (!this.fitted) {
      this.current = next;
      this.fit();
      if (next) this.mark(next);
    } else {
      this.draw();
      if (next) this.choose(next, hadFocus);
    }
  }

  /** Chooses a box, brings it into the window and, when asked, gives it the focus. */
  choose(id: string, focus: boolean): void {
    this.touched = true;
    this.mark(id);
    const at = this.placed.at.get(id);
    if (at && this.fitted && this.el.clientWidth > 0) {
      this.camera = bringInto(this.camera, { ...at, width: boxWidth, height: boxHeight }, this.window());
      this.draw();
    }
    if (focus) this.el.querySelector<SVGGElement>(`[data-id="${CSS.escape(id)}"]`)?.focus({ preventScroll: true });
  }

  private mark(id: string): void {
    this.current = id;
    this.draw();
    const box = this.picture.boxes.find((candidate) => candidate.id === id);
    if (box) this.events.chosen(box);
  }

  /** Shows the whole picture, in the flow in which it can be largest. A large one is at first never too small to read. */
  fit(): void {
    if (this.el.clientWidth === 0) return;
    const flows: Flow[] = ['right', 'down'];
    const [best] = flows
      .map((flow) => ({ flow, scale: fitCamera(layOut(this.picture, flow), this.window()).scale }))
      .sort((a, b) => b.scale - a.scale);
    if (best.flow !== this.placed.flow) this.arrange(best.flow);
    this.camera = fitCamera(this.placed, this.window());
    const small = this.picture.boxes.length <= wholeAtFirst;
    const first = this.placed.at.get(this.current ?? this.picture.boxes[0]?.id ?? '');
    if (!this.fitted && first && !small && this.camera.scale < readable) {
      const scale = 0.8;
      const { width, height } = this.window();
      const right = this.placed.flow === 'right';
      this.camera = {
        scale,
        dx: right ? 20 - first.x * scale : width / 2 - (first.x + boxWidth / 2) * scale,
        dy: right ? height / 2 - (first.y + boxHeight / 2) * scale : 20 - first.y * scale,
      };
    }
    const wasFitted = this.fitted;
    this.fitted = true;
    this.draw();
    if (!wasFitted && this.current) this.mark(this.current);
  }

  private arrange(flow: Flow): void {
    this.placed = layOut(this.picture, flow);
  }

  zoom(factor: number): void {
    this.touched = true;
    const { width, height } = this.window();
    this.camera = zoomAt(this.camera, factor, width / 2, height / 2);
    this.draw();
  }

  dispose(): void {
    this.resized.disconnect();
    render(null, this.el);
  }

  private window(): { width: number; height: number } {
    return { width: this.el.clientWidth, height: this.el.clientHeight };
  }

  private draw(): void {
    const { picture, placed, camera, current: chosen } = this;
    render(<Scene {...{ picture, placed, camera, chosen }} on={this.on} />, this.el);
  }

  private readonly on = {
    onKeyDown: (event: KeyboardEvent) => this.onKey(event),
    onWheel: (event: WheelEvent) => this.onWheel(event),
    onPointerDown: (event: PointerEvent) => this.onPointer(event),
    onClick: (event: Event) => {
      const id = idAt(event);
      if (id) this.choose(id, true);
    },
    onDblClick: (event: Event) => this.act(idAt(event)),
    onFocusIn: (event: Event) => {
      const id = idAt(event);
      if (id && id !== this.current) this.choose(id, false);
    },
  };

  private act(id: string | undefined): void {
    const box = this.picture.boxes.find((candidate) => candidate.id === id);
    if (box) this.events.open(box);
  }

  private onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const direction = directions[event.key];
    const id = this.current;
    const box = this.picture.boxes.find((candidate) => candidate.id === id);
    if (direction && id) {
      const next = stepFrom(id, direction, this.picture, this.placed);
      if (next) this.choose(next, true);
    } else if (event.key === 'Home' && this.picture.boxes[0]) this.choose(this.picture.boxes[0].id, true);
    else if (event.key === 'Enter' || event.key === ' ') this.act(id);
    else if ((event.key === 'Backspace' || event.key === 'Escape') && box) this.events.close(box);
    else if (event.key === '+' || event.key === '=') this.zoom(1.25);
    else if (event.key === '-') this.zoom(0.8);
    else if (event.key === '0') this.fit();
    else return;
    event.preventDefault();
  }

  private onWheel(event: WheelEvent): void {
    this.touched = true;
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) {
      const { left, top } = this.el.getBoundingClientRect();
      this.camera = zoomAt(this.camera, Math.exp(-event.deltaY / 300), event.clientX - left, event.clientY - top);
    } else {
      this.camera.dx -= event.shiftKey ? event.deltaY : event.deltaX;
      this.camera.dy -= event.shiftKey ? 0 : event.deltaY;
    }
    this.draw();
  }

  private onPointer(event: PointerEvent): void {
    if (event.button !== 0 || idAt(event)) return;
    this.touched = true;
    const from = { x: event.clientX - this.camera.dx, y: event.clientY - this.camera.dy };
    const move = ({ clientX, clientY }: PointerEvent) => {
      this.camera.dx = clientX - from.x;
      this.camera.dy = clientY - from.y;
      this.draw();
    };
    this.el.setPointerCapture(event.pointerId);
    this.el.addEventListener('pointermove', move);
    this.el.addEventListener('pointerup', () => this.el.removeEventListener('pointermove', move), { once: true });
  }
}

const idAt = (event: Event): string | undefined => around(event, '.box')?.getAttribute('data-id') ?? undefined;
