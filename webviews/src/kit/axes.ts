import { scaleLinear } from 'd3-scale';
import type { Ink } from './ink.ts';
import type { Span } from './viewport.ts';

/** A rectangle of the canvas, CSS px. */
export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** A horizontal axis below a box, with its name at the right end. */
export function axisBelow(context: CanvasRenderingContext2D, box: Box, span: Span, name: string, ink: Ink): void {
  const scale = scaleLinear([span.low, span.high], [box.left, box.left + box.width]);
  const count = Math.max(2, Math.floor(box.width / 90));
  const format = scale.tickFormat(count);
  const base = box.top + box.height;
  context.font = `12px ${ink.font}`;
  context.fillStyle = ink.text;
  context.strokeStyle = ink.quiet;
  context.textAlign = 'center';
  context.textBaseline = 'top';
  for (const tick of scale.ticks(count)) {
    const x = Math.round(scale(tick)) + 0.5;
    line(context, x, base, x, base + 5);
    context.fillText(format(tick), x, base + 8);
  }
  context.textAlign = 'right';
  context.fillText(`${name} →`, box.left + box.width, base + 26);
}

/** A vertical axis left of a box, with its name above it. */
export function axisLeft(context: CanvasRenderingContext2D, box: Box, span: Span, name: string, ink: Ink): void {
  const scale = scaleLinear([span.low, span.high], [box.top + box.height, box.top]);
  const count = Math.max(2, Math.floor(box.height / 40));
  const format = scale.tickFormat(count);
  context.font = `12px ${ink.font}`;
  context.fillStyle = ink.text;
  context.strokeStyle = ink.quiet;
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (const tick of scale.ticks(count)) {
    const y = Math.round(scale(tick)) + 0.5;
    line(context, box.left - 5, y, box.left, y);
    context.fillText(format(tick), box.left - 8, y);
  }
  context.textAlign = 'left';
  context.textBaseline = 'bottom';
  context.fillText(`↑ ${name}`, Math.max(0, box.left - 46), box.top - 6);
}

/** Strokes a line, CSS px. */
export function line(context: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.stroke();
}

/** Text that ends in "…" where it would be wider than `width`. */
export function fitted(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  let kept = Math.min(text.length, 80);
  while (kept > 1 && context.measureText(`${text.slice(0, kept)}…`).width > width) kept--;
  return `${text.slice(0, kept)}…`;
}
