import { Viewport } from '@bregma/webviews/kit/viewport';
import { describe, expect, test } from 'vitest';

const bounds = { x: { low: 0, high: 100 }, y: { low: -1, high: 1 } };

describe('a viewport', () => {
  test('keeps the point under the pointer where it is', () => {
    const view = new Viewport(bounds);
    view.zoom(4, 0.25, 0.5);
    expect(view.x.low + 0.25 * (view.x.high - view.x.low)).toBeCloseTo(25);
    expect(view.x.high - view.x.low).toBeCloseTo(25);
  });
  test('never leaves its bounds', () => {
    const view = new Viewport(bounds);
    view.zoom(2);
    view.pan(5, -5);
    expect(view.x).toEqual({ low: 50, high: 100 });
    expect(view.y).toEqual({ low: -1, high: 0 });
    view.zoom(0.001);
    expect(view.whole).toBe(true);
  });
  test('never comes nearer than its deepest zoom', () => {
    const view = new Viewport(bounds, 10);
    for (let i = 0; i < 50; i++) view.zoom(2);
    expect(view.x.high - view.x.low).toBeCloseTo(10);
  });
});
