import { readFileSync } from 'node:fs';
import { describeChart } from '@bregma/figures/describe-chart';
import { drawChart } from '@bregma/figures/draw-chart';
import { readFigure } from '@bregma/figures/figure-model';
import { inks } from '@bregma/figures/inks';
import { categoryColours } from '@bregma/webviews/kit/category-colours';
import { contrast } from '@bregma/webviews/kit/contrast';
import { describe, expect, test } from 'vitest';
import { root } from '../../fixtures/client.ts';

type Row = Record<string, unknown>;

function drawn(chart: unknown, rows: Row[], theme: 'light' | 'dark' = 'light') {
  const spec = readFigure(chart);
  const model = { title: 'A chart', kind: 'measured' as const, n: { count: rows.length, of: 'rows' }, spec, rows };
  return { ...drawChart(model, describeChart(model), { theme }), shows: describeChart(model) };
}

/** Texts of an SVG in their order. */
const texts = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, words]) => words);
/** Numbers of an attribute of all elements of a tag. */
const numbers = (svg: string, tag: string, attribute: string) =>
  [...svg.matchAll(new RegExp(`<${tag}[^>]* ${attribute}="([-\\d.]+)"`, 'g'))].map(([, value]) => Number(value));

const animals = ['zebra', 'ape', 'mouse', 'bat'].map((name, i) => ({ name, count: 10 * (i + 1) }));

describe('a chart as a figure', () => {
  test('keeps bars in the order of the data, with heights in proportion', () => {
    const { svg, shows } = drawn({ marks: ['bar'], x: 'name', y: 'count' }, animals);
    expect(texts(svg).filter((word) => animals.some(({ name }) => name === word))).toEqual([
      'zebra',
      'ape',
      'mouse',
      'bat',
    ]);
    const heights = numbers(svg, 'rect', 'height')
      .filter((height) => height > 12)
      .slice(1);
    expect(heights.map((height) => height / heights[0])).toEqual([1, 2, 3, 4].map((n) => expect.closeTo(n, 3)));
    expect(shows).toBe('Bars of count by name: zebra 10; ape 20; mouse 30; bat 40.');
  });

  test('breaks names that do not fit side by side between words, and turns those that do not fit so either', () => {
    const named = (...names: string[]) =>
      drawn(
        { marks: ['bar'], x: 'name', y: 'count' },
        names.map((name) => ({ name, count: 1 })),
      ).svg;
    const long = 'Parkinson disease with dementia and a further name of many words';
    const broken = named('control', long, 'other');
    const lines = [...broken.matchAll(/<tspan[^>]*>([^<]*)<\/tspan>/g)].map(([, words]) => words);
    expect(lines.join(' ')).toContain(long);
    expect(broken).not.toContain('rotate(-40');
    expect(named('x'.repeat(60), 'y'.repeat(60), 'z'.repeat(60))).toContain('rotate(-40');
  });

  test('draws mean ± standard deviation where they are', () => {
    const rows = [2, 4, 4, 4, 5, 5, 7, 9].map((value) => ({ group: 'a', value }));
    const { svg, shows } = drawn(
      { marks: ['violin', 'mean'], x: 'group', y: { column: 'value', domain: [0, 10] } },
      rows,
    );
    const ends = [...svg.matchAll(/<line[^>]*>/g)].map(([line]) => ({
      y1: Number(/ y1="([-\d.]+)"/.exec(line)?.[1]),
      y2: Number(/ y2="([-\d.]+)"/.exec(line)?.[1]),
    }));
    const whisker = ends.find(({ y1, y2 }) => y1 !== y2);
    // Of the axis 28 to 336 px (380 − 44): mean 5, sd √(32/7).
    const place = (value: number) => 336 - ((336 - 28) * value) / 10;
    const sd = Math.sqrt(32 / 7);
    expect(whisker?.y1).toBeCloseTo(place(5 - sd), 1);
    expect(whisker?.y2).toBeCloseTo(place(5 + sd), 1);
    expect(shows).toContain('a: n 8, mean 5 ± 2.138 SD, median 4.5 (quartiles 4 to 5.5)');
  });

  test('says the least squares line that it draws', () => {
    const rows = [0, 1, 2, 3, 4].map((x) => ({ x, y: 3 + 2 * x + (x === 2 ? 0.5 : 0) }));
    expect(drawn({ marks: ['dot', 'fit'], x: 'x', y: 'y' }, rows).shows).toContain('least squares y = 3.1 + 2 × x');
  });

  test('puts dates and moments on an axis of time, and names of bars beside one another', () => {
    const days = ['2020-01-01', '2020-03-01', '2021-01-01'].map((day, i) => ({ day, value: i }));
    const { svg, shows } = drawn({ marks: ['line', 'dot'], x: 'day', y: 'value' }, days.toReversed());
    expect(shows).toContain('value along day: 3 points, day 2020-01-01 to 2021-01-01');
    expect(texts(svg)).toEqual(expect.arrayContaining(['Apr', 'Jul', 'Oct']));
    const path = /<path[^>]* d="([^"]+)"/.exec(svg.slice(svg.indexOf('aria-label="line"')))?.[1] ?? '';
    const across = [...path.matchAll(/([\d.]+),[\d.]+/g)].map(([, x]) => Number(x));
    expect(across).toEqual([...across].sort((a, b) => a - b));
    expect((across[1] - across[0]) / (across[2] - across[0])).toBeCloseTo(60 / 366, 2);
    expect(texts(drawn({ marks: ['bar'], x: 'day', y: 'value' }, days).svg)).toContain('2020-03-01');
  });

  test('counts rows in bars and cells that have no number of their own', () => {
    const rows = ['a', 'b', 'a', null, 'a'].map((kind, i) => ({ kind, half: i < 2 ? 'first' : 'second' }));
    expect(drawn({ marks: ['bar'], x: 'kind' }, rows).shows).toBe('Bars of count by kind: a 3; b 1.');
    expect(drawn({ marks: ['heatmap'], x: 'kind', y: 'half' }, rows).shows).toBe(
      'count over 2 of kind × 2 of half: largest 2 at a, second; smallest 1 at a, first.',
    );
  });

  test('says what a logarithm leaves out, and what bars and cells put together', () => {
    const rows = [0, -1, 1, 10, 100].map((value, x) => ({ x, value, name: 'one', row: 'r' }));
    const log = drawn({ marks: ['dot'], x: 'x', y: { column: 'value', type: 'log' } }, rows);
    expect([log.left, texts(log.svg).at(-1)]).toEqual([
      2,
      '2 of 5 rows not drawn: a value is not measured, or not above zero.',
    ]);
    const bar = drawn({ marks: ['bar'], x: 'name', y: 'value' }, rows);
    expect([bar.shows, bar.notes]).toEqual([
      'Bars of value by name: one 110 (sum of 5 rows).',
      ['Bars are sums of up to 5 rows.'],
    ]);
    const cell = drawn({ marks: ['heatmap'], x: 'name', y: 'row', colour: 'value' }, rows);
    expect(cell.notes).toEqual(['Up to 5 rows lie in one cell, which shows the last.']);
  });

  test('puts panels that would be narrow into rows, with the quarters of a circle below', () => {
    const rows = Array.from({ length: 96 }, (_, i) => ({
      neuron: `n${i % 12}`,
      angle: 45 * Math.floor(i / 12),
      rate: i,
    }));
    const { svg, heightPx } = drawn({ marks: ['tuning'], x: 'angle', y: 'rate', panelX: 'neuron' }, rows);
    expect(heightPx).toBeGreaterThan(550);
    expect(texts(svg)).toEqual(expect.arrayContaining(['n0', 'n11', '90', '180', '270']));
    const places = [...svg.matchAll(/transform="translate\(([\d.]+),([\d.]+)\)"[^>]*>n?\d*/g)].map(([, , y]) => y);
    expect(new Set(places).size).toBeGreaterThan(2);
  });

  test('cuts long names so that they can be told apart', () => {
    const long = 'A very long name of a region of the brain, number';
    const rows = [1, 2, 3, 4, 5, 6].map((i) => ({ name: `${long} ${i}`, count: i }));
    for (const axes of [
      { x: 'name', y: 'count' },
      { x: 'count', y: 'name' },
    ]) {
      const named = texts(drawn({ marks: ['bar'], ...axes }, rows).svg).filter((words) => words.startsWith('…'));
      expect([new Set(named).size, Math.max(...named.map(({ length }) => length)) < 45]).toEqual([6, true]);
    }
  });

  test('draws one line for each subject, and a matrix with one diagonal', () => {
    const pairs = Array.from({ length: 40 }, (_, i) => ({
      who: `s${i % 20}`,
      side: i < 20 ? 'before' : 'after',
      value: i,
    }));
    const { svg, shows } = drawn({ marks: [{ mark: 'line', each: 'who' }], x: 'side', y: 'value' }, pairs);
    const lines = /aria-label="line"[^>]*>(.*?)<\/g>/s.exec(svg)?.[1] ?? '';
    expect([lines.match(/<path[^>]* d="M[^"]+L/g)?.length, shows]).toEqual([
      20,
      'value along side: 20 lines, one for each who.',
    ]);
    const square = ['c', 'a', 'b'].flatMap((y, i) => ['a', 'b', 'c'].map((x) => ({ x, y, r: i })));
    const names = texts(drawn({ marks: ['heatmap'], x: 'x', y: 'y', colour: 'r' }, square).svg);
    expect(names.filter((name) => /^[abc]$/.test(name)).join('')).toMatch(/^(abc){2}$/);
  });

  test('a mark goes by the name of its chart too, and one that is misspelt is told', () => {
    expect(
      readFigure({ marks: ['scatter', 'raster', 'boxplot'], x: 'a', y: 'b' }).marks.map(({ mark }) => mark),
    ).toEqual(['dot', 'tick', 'box']);
    expect(() => readFigure({ marks: ['violn'], x: 'a' })).toThrow(/There is no mark 'violn'\. Marks: dot, .*violin/);
  });

  test.each([
    'violin',
    'box',
    'points',
    'mean',
    'tuning',
    'bar',
    'line',
    'area',
    'dot',
    'fit',
    'cell',
    'tick',
    'histogram',
  ])('draws %s in both themes without the colours of the other', (mark) => {
    const rows = Array.from({ length: 40 }, (_, i) => ({ x: i % 4, y: (i * 7) % 13, kind: ['a', 'b'][i % 2] }));
    for (const theme of ['light', 'dark'] as const) {
      const { svg } = drawn({ marks: [mark], x: 'x', y: 'y', colour: 'kind' }, rows, theme);
      const other = inks[theme === 'light' ? 'dark' : 'light'];
      for (const colour of other.series) expect(svg).not.toContain(colour);
      expect(svg).not.toMatch(/NaN|undefined|Infinity/);
      expect(texts(svg)).toEqual(
        expect.arrayContaining(['● measured · n = 40 rows', 'Source: values of the call itself']),
      );
    }
  });

  test('nothing that data say becomes markup, and it is well-formed', () => {
    const nasty = `<script>alert("1")</script> & 'x'`;
    const { svg } = drawn({ marks: ['bar'], x: 'name', y: 'count', colour: 'sort' }, [
      { name: nasty, count: 1, sort: nasty },
      { name: 'b', count: 2, sort: 'b' },
    ]);
    expect(svg).not.toContain('<script');
    expect(svg).toContain('&lt;script&gt;');
    expect(svg.replace(/&(amp|lt|gt|quot|#\d+);/g, '')).not.toContain('&');
  });

  test('has the colours of the views', () => {
    const css = readFileSync(`${root}/webviews/src/kit/theme.css`, 'utf8');
    for (const [i, pair] of inks.light.series.map((light, k) => [light, inks.dark.series[k]]).entries())
      expect(css).toContain(`--series-${i + 1}: light-dark(${pair.join(', ')})`);
    for (const kind of ['measured', 'derived', 'not stated', 'predicted', 'simulated', 'imputed', 'synthetic'] as const)
      expect(css).toContain(
        `--${kind.replace(' ', '-')}: light-dark(${inks.light.kinds[kind]}, ${inks.dark.kinds[kind]})`,
      );
    for (const name of ['ground', 'quiet', 'text', 'line', 'raised', 'bad'] as const)
      expect(css).toMatch(new RegExp(`--${name}: .*light-dark\\(${inks.light[name]}, ${inks.dark[name]}\\)`));
  });
});

describe.each(['light', 'dark'] as const)('on %s ground', (theme) => {
  const ink = inks[theme];

  test('texts have a contrast of 4.5, and every colour of thirty categories and of kinds one of 3', () => {
    // As published of black, and of a grey that just passes, on white.
    expect([contrast('#000000', '#ffffff'), contrast('#767676', '#ffffff')]).toEqual([21, expect.closeTo(4.54, 2)]);
    for (const colour of [ink.text, ink.quiet, ...Object.values(ink.kinds)])
      expect([colour, contrast(colour, ink.ground) >= 4.5]).toEqual([colour, true]);
    for (const colour of categoryColours(30, ink))
      expect([colour, contrast(colour, ink.ground) >= 3]).toEqual([colour, true]);
  });

  test('dots and cells of a scale have an outline of a contrast of 3, whatever their value', () => {
    const rows = Array.from({ length: 9 }, (_, i) => ({ x: i % 3, y: Math.floor(i / 3), depth: i }));
    expect(contrast(ink.quiet, ink.ground)).toBeGreaterThan(3);
    const dots = drawn({ marks: ['dot'], x: 'x', y: 'y', colour: 'depth' }, rows, theme).svg;
    const cells = drawn({ marks: ['cell'], x: 'x', y: 'y', colour: 'depth' }, rows, theme).svg;
    const group = (svg: string, label: string) => svg.match(new RegExp(`<g[^>]*aria-label="${label}"[^>]*>`))?.[0];
    expect(group(dots, 'dot')).toContain(`stroke="${ink.quiet}"`);
    expect(group(cells, 'cell')).toContain(`stroke="${ink.quiet}"`);
  });
});

describe('what an axis and a stack say', () => {
  test('colours lie on one another in one order in every bar', () => {
    const rows = [
      { stage: 'I', sex: 'f', n: 2 },
      { stage: 'I', sex: 'm', n: 3 },
      { stage: 'II', sex: 'm', n: 4 },
      { stage: 'II', sex: 'f', n: 1 },
    ];
    const { svg } = drawn({ marks: ['bar'], x: 'stage', y: 'n', colour: 'sex' }, rows);
    const attribute = (rect: string, name: string) => rect.match(new RegExp(` ${name}="([^"]*)"`))?.[1] ?? '';
    const bars = [...svg.slice(svg.indexOf('aria-label="bar"')).matchAll(/<rect[^>]*>/g)]
      .map(([rect]) => rect)
      .slice(0, 4);
    const places = [...new Set(bars.map((rect) => attribute(rect, 'x')))];
    const lower = places.map(
      (x) =>
        bars
          .filter((rect) => attribute(rect, 'x') === x)
          .toSorted((a, b) => Number(attribute(b, 'y')) - Number(attribute(a, 'y')))[0],
    );
    expect(lower.map((rect) => attribute(rect, 'fill'))).toEqual([inks.light.series[0], inks.light.series[0]]);
  });

  test('a logarithmic axis has numbers and no prefixes, and what is said of it is of logarithms and of what is drawn', () => {
    const rows = [-5, 0, 0.02, 0.2, 2, 20].map((x, i) => ({ x, y: i }));
    const { svg, shows } = drawn({ marks: ['dot', 'fit'], x: { column: 'x', type: 'log' }, y: 'y' }, rows);
    expect(texts(svg)).toContain('0.1');
    expect(texts(svg).some((word) => /\d[mµk]$/.test(word))).toBe(false);
    expect(shows).toBe(
      'y against x: n 4, x 0.02 to 20, y 2 to 5, Pearson r of log10 x 1, least squares y = 3.699 + 1 × log10 x.',
    );
  });

  test('panels and colours are spoken of one by one', () => {
    const rows = Array.from({ length: 12 }, (_, i) => ({ x: i, y: i % 2 ? -i : i, sex: i % 2 ? 'm' : 'f' }));
    const { shows } = drawn({ marks: ['dot', 'fit'], x: 'x', y: 'y', panelX: 'sex' }, rows);
    expect(shows).toMatch(/f: n 6, .*Pearson r 1, .*; m: n 6, .*Pearson r −1/);
    const { shows: ages } = drawn({ marks: ['histogram'], x: 'x', colour: 'sex' }, rows);
    expect(ages).toMatch(/f: n 6, mean 5 .*; m: n 6, mean 6 /);
  });

  test('an axis of counts has whole numbers alone', () => {
    const rows = [1, 2, 2, 3, 3, 3].map((x) => ({ x }));
    const { svg } = drawn({ marks: ['histogram'], x: 'x' }, rows);
    const after = svg.slice(svg.indexOf('y-axis tick label'));
    const labels = texts(after.slice(0, after.indexOf('</g>')));
    expect(labels).toEqual(['0', '1', '2', '3']);
  });
});
