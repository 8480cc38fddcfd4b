import { readFileSync } from 'node:fs';
import { describeChart } from '@bregma/figures/describe-chart';
import { drawChart } from '@bregma/figures/draw-chart';
import { readFigure } from '@bregma/figures/figure-model';
import { inks } from '@bregma/figures/inks';
import { describe, expect, test } from 'vitest';
import { root } from '../../fixtures/client.ts';

type Row = Record<string, unknown>;

function drawn(chart: unknown, rows: Row[], theme: 'light' | 'dark' = 'light') {
  const spec = readFigure(chart);
  const model = { title: 'A chart', kind: 'measured' as const, n: { count: rows.length, of: 'rows' }, spec, rows };
  return { ...drawChart(model, describeChart(model), theme), shows: describeChart(model) };
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
