import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { openWorkspace } from '@bregma/core/workspace';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect, temporaryWorkspace } from '../../fixtures/client.ts';

const space = temporaryWorkspace();
let atlas: Connection;
beforeAll(async () => {
  atlas = await connect('atlas', space.folder);
  const rows = Array.from({ length: 60 }, (_, i) => `${['V1', 'LM', 'AL'][i % 3]},${(i * 37) % 23},${i}`);
  writeFileSync(path.join(space.folder, 'cells.csv'), `area,rate_hz,depth\n${rows.join('\n')}\n`);
  await atlas.call('add_data', { source: 'cells.csv', id: 'cells' });
});
afterAll(async () => {
  await atlas.close();
  space.remove();
});

const violins = { marks: ['violin', 'points', 'mean'], x: 'area', y: { column: 'rate_hz', label: 'Rate', unit: 'Hz' } };

function objectsOf(value: { png: string; svg: string }) {
  const store = openWorkspace(space.folder);
  const [png, svg] = [value.png, value.svg].map((name) => store.objects.get(store.objects.beginningWith(name)));
  store.close();
  return { png: PNG.sync.read(png), bytes: png, svg: svg.toString('utf8') };
}

/** Colours in a picture, as #rrggbb, with the pixels that have each. */
function coloursIn({ data }: PNG): Map<string, number> {
  const found = new Map<string, number>();
  for (let i = 0; i < data.length; i += 4) {
    const colour = `#${data.subarray(i, i + 3).toString('hex')}`;
    found.set(colour, (found.get(colour) ?? 0) + 1);
  }
  return found;
}

describe('draw_chart', () => {
  test('answers with the picture itself, keeps PNG and SVG, and says what it shows', async () => {
    const result = await atlas.client.callTool(
      { name: 'draw_chart', arguments: { data: 'cells.cells', chart: violins, title: 'Rates by area', width: 400 } },
      { timeout: 290_000 },
    );
    // SAFETY: what a tool answers, and what a picture in it is.
    const answer = result.structuredContent as { value: Parameters<typeof objectsOf>[0] & { shows: string } };
    const [, image] = result.content as { type: string; mimeType?: string; data?: string }[];
    const { bytes, png, svg } = objectsOf(answer.value);
    expect(image).toMatchObject({ type: 'image', mimeType: 'image/png', data: bytes.toString('base64') });
    expect(png.width).toBe(800);
    expect(svg).toContain('Rates by area');
    expect(svg).toContain('n = 60 rows');
    expect(svg).toContain('? not stated');
    expect(svg).toMatch(/Source: cells@[0-9a-f]+/);
    expect(answer.value.shows).toMatch(/^rate_hz by area: V1: n 20, mean [\d.]+ ± [\d.]+ SD, median/);
  });

  test('is the same bytes in every run, and other ones in the dark', async () => {
    const draw = (theme: string) =>
      atlas.call('draw_chart', { data: 'cells.cells', chart: violins, theme, width: 300 });
    const [one, two, dark] = [await draw('light'), await draw('light'), await draw('dark')];
    expect(two.value).toEqual(one.value);
    expect(dark.value.png).not.toBe(one.value.png);
    const most = (answer: typeof one) => [...coloursIn(objectsOf(answer.value).png)].sort((a, b) => b[1] - a[1])[0][0];
    expect(most(one)).toBe('#ffffff');
    expect(most(dark)).toBe('#1f1f1f');
  });

  test('draws a query, and counts the rows that cannot be drawn', async () => {
    const { value, n } = await atlas.call('draw_chart', {
      sql: 'SELECT depth, CASE WHEN depth % 2 = 0 THEN rate_hz END AS rate FROM cells.cells',
      chart: { marks: ['dot', 'fit'], x: 'depth', y: 'rate' },
      width: 600,
    });
    expect(n).toEqual({ count: 60, of: 'rows' });
    expect(value.left).toBe(30);
    expect(objectsOf(value).svg).toContain('30 of 60 rows not drawn: a value is not measured.');
    expect(value.shows).toContain('least squares rate =');
  });

  test('refuses or stops what takes more than there is, and draws the next one', async () => {
    const failed = (chart: unknown, sql = 'SELECT range::INTEGER AS x, range % 7 AS y FROM range(4000)') =>
      atlas.fail('draw_chart', { sql, chart });
    const dots = { x: 'x', y: 'y' };
    expect((await failed({ marks: [{ mark: 'histogram', x: 'x', bins: 1e9 }] })).message).toContain('bins');
    expect((await failed({ marks: ['dot'], ...dots, heightPx: 1e8 })).message).toContain('heightPx');
    expect((await failed({ marks: Array(3000).fill('dot'), ...dots })).message).toContain('marks');
    const stopped = await failed({ marks: Array(50).fill('dot'), ...dots, panelX: 'x' });
    expect(stopped).toMatchObject({ code: 'too-large', next: expect.stringContaining('fewer marks and panels') });
    expect((await atlas.call('draw_chart', { data: 'cells.cells', chart: violins })).value.shows).toContain('LM');
  });

  test('names what it does not know, with what there is', async () => {
    const draw = (chart: unknown) => atlas.fail('draw_chart', { data: 'cells.cells', chart });
    expect((await draw({ marks: ['bar'], x: 'areas', y: 'depth' })).message).toContain(
      'There is no column “areas” for x of bar. The columns are area, rate_hz, depth.',
    );
    expect((await draw({ marks: ['pie'], x: 'area' })).code).toBe('bad-input');
    expect((await draw({ marks: ['bar'], xx: 'area' })).message).toContain("no 'xx'");
    expect((await draw({ x: 'area' })).message).toContain('marks');
    expect((await atlas.fail('draw_chart', { chart: violins })).message).toBe('There is nothing to read.');
    expect(
      (await atlas.fail('draw_chart', { sql: 'SELECT 1 AS a LIMIT 0', chart: { marks: ['bar'], x: 'a', y: 'a' } }))
        .message,
    ).toBe('There are no rows to draw.');
  });
});
