import { drawInProcess } from '@bregma/notebooks/chart';
import { drawingsOf } from '@bregma/notebooks/export/drawings';
import { type DrawSvg, pictureHtml } from '@bregma/notebooks/export/picture-html';
import type { ChartMark, ChartModel } from '@bregma/webviews/chart/model';
import type { Still } from '@bregma/webviews/kit/still';
import { stills } from '@bregma/webviews/stills.gen';
import { describe, expect, test } from 'vitest';

const program = new URL('../../../notebooks/src/chart-worker.ts', import.meta.url);
const caption = { title: 'T', kind: 'measured' as const };
const rows = Array.from({ length: 40 }, (_, i) => ({
  x: i,
  y: Math.sin(i),
  low: i - 1,
  high: i + 1,
  'a.b': `g${i % 3}`,
}));
/** Marks that one chart can hold together. */
const charts: ChartMark[][] = [
  [
    { mark: 'band', x: 'x', y1: 'low', y2: 'high' },
    { mark: 'interval', x: 'x', y1: 'low', y2: 'high' },
    { mark: 'area', x: 'x', y: 'y' },
    { mark: 'line', x: 'x', y: 'y' },
    { mark: 'dot', x: 'x', y: 'y', colour: 'a.b', symbol: 'a.b' },
    { mark: 'text', x: 'x', y: 'y', text: 'a.b' },
    { mark: 'rule', at: 0.5, axis: 'y' },
  ],
  [
    { mark: 'bar', x: 'a.b', y: 'y' },
    { mark: 'box', x: 'a.b', y: 'y' },
  ],
  [{ mark: 'histogram', x: 'y', bins: 5 }],
  [{ mark: 'cell', x: 'a.b', y: 'x', colour: 'y' }],
  [{ mark: 'dot', x: 'x', y: 'y', panelX: 'a.b' }],
];

/** The chart that stands for a picture on paper. */
function chartOf({ view, model }: { view: string; model: unknown }) {
  // SAFETY: the tests give each view its own model.
  const still = (stills as Record<string, unknown>)[view] as (model: unknown) => Still;
  const chart = still(model).parts.find((part) => part.is === 'chart' || part.is === 'plot');
  // SAFETY: a plot is made of the model of the view of charts alone.
  if (chart?.is === 'plot') return { plot: chart.model as ChartModel };
  if (chart?.is !== 'chart') throw new Error(`${view} has no chart on paper.`);
  return { spec: chart.spec, data: chart.data };
}

describe('a picture on paper', () => {
  test('has the categories of a chart in the order of its rows, says in words what it shows, or why there is no chart', async () => {
    const kinds = ['pyramidal', 'basket', 'chandelier'].map((kind, n) => ({ kind, n: n + 1 }));
    const model = { ...caption, spec: { marks: [{ mark: 'bar', x: 'kind', y: 'n' }] }, rows: kinds };
    const draw: DrawSvg = (request) => drawInProcess(request, program);
    const html = await pictureHtml({ view: 'chart', model }, draw);
    const svg = Buffer.from(
      /<img src="data:image\/svg\+xml;base64,([^"]+)"/.exec(html)?.[1] ?? '',
      'base64',
    ).toString();
    const places = kinds.map(({ kind }) => svg.lastIndexOf(`>${kind}<`));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(Math.min(...places)).toBeGreaterThan(0);
    expect(html).toMatch(/alt="Bars of n by kind: pyramidal 1/);
    const none = { ...model, rows: [] };
    expect(await pictureHtml({ view: 'chart', model: none }, draw)).toContain('There are no rows to draw.');
    expect((await drawingsOf({ view: 'chart', model: none }, draw)).join()).toContain('There are no rows to draw.');
  });

  test('is drawn for every mark of a chart, for validity and for spikes', async () => {
    const validity = {
      ...caption,
      metric: 'pearson',
      units: rows.map(({ x, y }) => ({ id: `u${x}`, value: x === 3 ? null : y })),
      centre: { is: 'median', value: 0.1 },
      ceiling: null,
      control: 0,
    };
    const raster = {
      ...caption,
      durationMs: 40,
      neurons: ['a', 'b'],
      timesMs: rows.map(({ x }) => x),
      neuron: rows.map(({ x }) => x % 2),
    };
    const pictures = [
      ...charts.map((marks) => ({ view: 'chart', model: { ...caption, spec: { marks, x: { label: 'X' } }, rows } })),
      { view: 'validity', model: validity },
      { view: 'raster', model: raster },
    ];
    const drawn = await Promise.all(pictures.map((picture) => drawInProcess(chartOf(picture), program)));
    expect(drawn.map(({ warnings }) => warnings)).toEqual(pictures.map(() => []));
    const html = await pictureHtml({ view: 'validity', model: validity }, async () => drawn[5]);
    expect(html).toContain('<dt>Ceiling</dt><dd>not measured</dd>');
    expect(html).toContain('<dt>Median</dt><dd>0.1</dd>');
    for (const { light, dark } of drawn) expect(Math.min(light.length, dark.length)).toBeGreaterThan(2000);
  });

  test('says its kind, its n and its activity, and holds no markup of its data', async () => {
    const table = {
      ...caption,
      n: { count: 2, of: 'rows' },
      activity: 'act-0123456789abcdef',
      columns: [{ name: '<b>', type: 'VARCHAR' }],
      rows: [['<script>alert(1)</script>'], [null]],
    };
    const html = await pictureHtml({ view: 'table', model: table }, (request) => drawInProcess(request, program));
    expect(html).toContain('● measured');
    expect(html).toContain('2 rows');
    expect(html).toContain('act-0123456789abcdef');
    expect(html).toContain('title="not measured"');
    expect(html).not.toMatch(/<script|<b>/);
  });
});
