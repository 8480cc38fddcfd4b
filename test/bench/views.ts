// How fast a million points move and a table of 100,000 rows answers, in a headless Chromium. It has no graphics card: shaders run
// on the processor (SwiftShader) and views fall back to their drawing without them.
import { pointsModel, tableModel } from '../e2e/view-models.ts';
import { openViews } from '../e2e/view-page.ts';
import { line, middle } from './report.ts';

const frames = 120;
const views = await openViews();

const points = await views.openView('points', pointsModel(1_000_000), { width: 1200, height: 900 });
const moved = (await points.page.evaluate(`(async () => {
  const stage = document.querySelector('.stage');
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const times = [];
  const drawn = [];
  let last = await frame();
  for (let i = 0; i < ${frames}; i++) {
    const key = ['+', 'ArrowLeft', '+', 'ArrowUp', '-', 'ArrowRight', '-', 'ArrowDown'][i % 8];
    stage.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
    const now = await frame();
    times.push(now - last);
    last = now;
    drawn.push(Number(stage.dataset.drawn));
  }
  const from = performance.now();
  while (Number(stage.dataset.drawn) < 1_000_000) await frame();
  return { times, drawn, settled: performance.now() - from };
})()`)) as { times: number[]; drawn: number[]; settled: number };
line('1,000,000 points, a frame while moving', moved.times.slice(10), 'ms');
console.log(`points drawn in such a frame (median): ${middle(moved.drawn.slice(10)).toLocaleString('en-US')}`);
console.log(`all points again after the movement ends: ${moved.settled.toFixed(0)} ms`);
await points.close();

const table = await views.openView('table', tableModel(100_000));
const timed = async (script: string) =>
  (await table.page.evaluate(`(async () => {
    const from = performance.now();
    ${script}
    return performance.now() - from;
  })()`)) as number;
const sorts: number[] = [];
const filters: number[] = [];
const scrolls: number[] = [];
for (let i = 0; i < 6; i++) {
  sorts.push(await timed(`document.querySelector('[role=columnheader] .sort').click();`));
  filters.push(
    await timed(
      `const input = document.querySelectorAll('.head input')[1]; input.value = 't${(i % 5) + 1}'; input.dispatchEvent(new Event('input'));`,
    ),
  );
  scrolls.push(
    await timed(
      `const grid = document.querySelector('.grid'); grid.scrollTop = grid.scrollHeight * ${i / 6}; await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));`,
    ),
  );
}
line('100,000 rows: sort by ids of 64 bits', sorts, 'ms');
line('100,000 rows: filter by text (and keep order)', filters, 'ms');
line('100,000 rows: jump and draw', scrolls, 'ms');
await views.close();
