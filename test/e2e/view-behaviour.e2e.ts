import type { TableModel } from '@bregma/webviews/table/model';
import { Float64, Int32, Int64, Table, tableToIPC, Utf8, vectorFromArray } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ccfFolder, matrixModel, volumeModel } from './view-data.ts';
import {
  chartModel,
  imageModel,
  jsonModel,
  pointsModel,
  rasterModel,
  ratesModel,
  tableModel,
  tuningModel,
  validityModel,
} from './view-models.ts';
import { openViews, type ViewBrowser } from './view-page.ts';

let views: ViewBrowser;
beforeAll(async () => {
  views = await openViews();
});
afterAll(() => views.close());

/** The same table as Arrow IPC: ids as 64-bit integers. */
function asArrow({ rows = [], ...model }: TableModel): TableModel {
  const types = [new Int64(), new Utf8(), new Utf8(), new Int32(), new Float64(), new Utf8()];
  const columns = types.map((type, i) => {
    const values = rows.map((row) => (i === 0 ? BigInt(String(row[i])) : row[i]));
    return [model.columns[i].name, vectorFromArray(values, type)] as const;
  });
  return { ...model, arrow: tableToIPC(new Table(Object.fromEntries(columns))) };
}

describe('a table of 100,000 rows', () => {
  test('from Arrow is sorted, filtered, walked, copied and scrolled, with ids of 64 bits whole', async () => {
    const { page, intents, complaints, close } = await views.openView('table', asArrow(tableModel()));
    const cell = (row: number, column: number) =>
      page.locator(`[data-row="${row}"][data-column="${column}"]`).textContent();
    expect(await page.locator('.rows .row').count()).toBeLessThan(60);
    await page
      .getByRole('columnheader', { name: /root_id/ })
      .getByRole('button')
      .press('Enter');
    // As JavaScript numbers the first two would be one.
    expect([await cell(0, 0), await cell(1, 0)]).toEqual(['720575940620875399', '720575940620875400']);
    await page.getByRole('textbox', { name: /Filter input_synapses/ }).fill('null');
    const none = await page.locator('.table-status').textContent();
    expect(none).toMatch(/^[34],\d{3} of 100,000 rows$/);
    expect(await cell(0, 3)).toBe('not measured');
    await page.getByRole('textbox', { name: /Filter input_synapses/ }).fill('10 .. 20');
    await page.getByRole('textbox', { name: /Filter cell_type/ }).fill('=t1a');
    const grid = page.getByRole('grid');
    await grid.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Control+End');
    expect(await page.locator('.readout').textContent()).toMatch(/^transmitter, row [\d]+: /);
    expect(await grid.getAttribute('aria-activedescendant')).toMatch(/-5$/);
    expect(await page.locator('.active').count()).toBe(1);
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('Shift+ArrowRight');
    expect(await page.locator('.selected').count()).toBe(2);
    await page.getByRole('button', { name: 'Copy the numbers as CSV' }).click();
    const [{ intent, payload }] = await intents();
    expect(intent).toBe('copy');
    const lines = (payload as { data: string }).data.trim().split('\r\n');
    expect(lines[0]).toBe('root_id,cell_type,side,input_synapses,cable_length,transmitter');
    expect(lines.slice(1).every((line) => /^7205759406\d{8},T1a,/.test(line))).toBe(true);
    await page.getByRole('textbox', { name: /Filter input_synapses/ }).fill('many');
    expect(await page.locator('.table-status').textContent()).toContain('“many” is not a number');
    await page.getByRole('textbox', { name: /Filter input_synapses/ }).fill('');
    await page.getByRole('textbox', { name: /Filter cell_type/ }).fill('');
    await page.evaluate(`(async () => {
      const grid = document.querySelector('.grid');
      grid.scrollTop = grid.scrollHeight;
      while (!document.querySelector('[data-row="99999"]')) await new Promise((done) => requestAnimationFrame(done));
    })()`);
    expect(complaints).toEqual([]);
    await close();
  });
});

describe('a picture', () => {
  test('is read point by point, and as a table that tells "not measured" from zero', async () => {
    const { page, close } = await views.openView('tuning', tuningModel());
    await page.locator('.plot').focus();
    await page.keyboard.press('Home');
    expect(await page.locator('.readout').textContent()).toMatch(/^recorded, 0 °: [\d.]+ spikes\/s \[.*\], n = 20/);
    expect(await page.locator('.plot-cursor').isVisible()).toBe(true);
    await page.getByRole('button', { name: 'Table' }).click();
    const row = page.locator('.plain-table tr', { hasText: 'recorded' }).filter({ hasText: '105' });
    expect(await row.locator('td').allTextContents()).toEqual([
      'recorded',
      '105',
      'not measured',
      'not measured',
      'not measured',
      '0',
    ]);
    await close();
  });

  test.each([
    ['rates', ratesModel, /^<svg/],
    ['validity', validityModel, /^<svg/],
    ['points', () => pointsModel(1000), /^<svg.*<image/],
  ])('of %s is copied as PNG and as SVG with its ground', async (name, model, svg) => {
    const { page, intents, close } = await views.openView(name, model());
    await page.getByRole('button', { name: 'Copy as SVG' }).click();
    await page.getByRole('button', { name: 'Copy as PNG' }).click();
    await expect.poll(async () => (await intents()).length).toBe(2);
    const [first, second] = (await intents()).map(({ payload }) => payload as { format: string; data: string });
    expect(first.data).toMatch(svg);
    if (name !== 'points') expect(first.data).toContain('rgb(255, 255, 255)');
    expect(Buffer.from(second.data, 'base64').subarray(1, 4).toString()).toBe('PNG');
    await close();
  });

  test('opens the activity that made it', async () => {
    const { page, intents, close } = await views.openView('validity', validityModel());
    await page.getByRole('button', { name: 'act-0123456789abcdef' }).click();
    expect(await intents()).toEqual([{ intent: 'open-activity', payload: { activity: 'act-0123456789abcdef' } }]);
    await close();
  });

  test('of nothing says so', async () => {
    for (const [name, model, words] of [
      ['rates', { ...ratesModel(), series: [] }, 'There are no lines to draw.'],
      ['validity', { ...validityModel(), units: [{ id: 'a', value: null }] }, 'None of 1 neuron has a score.'],
      ['image', { ...imageModel(), images: [] }, 'There are no images.'],
      ['table', { ...tableModel(1), rows: [] }, 'There are no rows'],
      [
        'raster',
        { ...rasterModel(), neurons: [], groups: [], timesMs: [], neuron: [], trial: [] },
        'There are no neurons.',
      ],
    ] as const) {
      const { page, close } = await views.openView(name, model);
      expect.soft(await page.locator('main').textContent(), name).toContain(words);
      await close();
    }
  });

  test('that is given something else says what is wrong with it', async () => {
    const { page, close } = await views.openView('rates', { ...ratesModel(), kind: 'guessed' });
    expect(await page.getByRole('alert').textContent()).toMatch(/view “rates”.*kind/);
    await close();
  });
});

describe('the atlas explorer', () => {
  test('draws points with shaders where there is a graphics card', async () => {
    // SwiftShader under another name: what a machine with a card runs.
    const before = `
      const real = WebGL2RenderingContext.prototype.getParameter;
      WebGL2RenderingContext.prototype.getParameter = function (name) { return name === 0x9246 ? 'a card' : real.call(this, name); };`;
    const { page, complaints, shot, close } = await views.openView('points', pointsModel(20_000), { before });
    const drawn = (await page.evaluate(`(() => {
      const gl = document.querySelector('canvas.points').getContext('webgl2');
      const { drawingBufferWidth: w, drawingBufferHeight: h } = gl;
      const pixels = new Uint8Array(w * h * 4);
      gl.readPixels(0, 0, w, h, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
      return pixels.filter((value, i) => i % 4 === 3 && value > 0).length;
    })()`)) as number;
    expect(drawn).toBeGreaterThan(5000);
    await shot('points-shaders');
    expect(complaints).toEqual([]);
    await close();
  });

  test('names a point that is sought, and the one in the middle', async () => {
    const { page, close } = await views.openView('points', pointsModel(20_000));
    await page.getByLabel('Find').fill('cell 777');
    await page.keyboard.press('Enter');
    expect(await page.locator('.readout').textContent()).toMatch(/^cell 777 · subclass: /);
    await page.locator('.stage').focus();
    await page.keyboard.press('+');
    await page.keyboard.press('Enter');
    expect(await page.locator('.readout').textContent()).toMatch(/^cell \d+ · subclass: .* · UMAP 1 /);
    await close();
  });

  test('reads cells of a connectome, single ones and cell types', async () => {
    const { page, shot, close } = await views.openView('matrix', matrixModel());
    await page.locator('.navigable').focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('.readout').textContent()).toMatch(/mean .* over \d+ pairs, total /);
    await page.getByLabel('Lines').selectOption('types');
    await expect.poll(() => page.locator('.hint').textContent()).toContain('types');
    await page.getByRole('button', { name: 'Table' }).click();
    expect(await page.locator('.plain-table tbody tr').first().locator('td').allTextContents()).toEqual(
      expect.arrayContaining(['KCs', 'MBONs']),
    );
    await page.getByRole('button', { name: 'Table' }).click();
    await shot('matrix-types');
    await close();
  });

  test.runIf(ccfFolder)('finds a region of the mouse brain and names it under the crosshair', async () => {
    const { page, shot, close } = await views.openView('volume', volumeModel());
    await page.getByLabel('Region').fill('VISp5');
    await page.keyboard.press('Enter');
    expect(await page.locator('.readout').textContent()).toMatch(
      /^VISp5 · .*Isocortex › Visual areas › Primary visual area.* mm³$/,
    );
    await page.locator('canvas').first().focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('.readout').textContent()).toMatch(/AP [\d.]+ mm, DV [\d.]+ mm, ML [\d.]+ mm$/);
    await shot('volume-VISp5');
    await close();
  });
});

describe('text from a hostile data set', () => {
  const evil =
    '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>\u202egnp.exe\u001b[31m';
  const long = 'x'.repeat(1_000_000);
  const models: Record<string, object> = {
    table: {
      ...tableModel(2),
      title: evil,
      columns: [
        { name: evil, type: evil, unit: evil, description: evil },
        { name: 'b', type: 'VARCHAR' },
      ],
      rows: [
        [evil, long],
        [long, evil],
      ],
    },
    json: { ...jsonModel(), title: evil, value: { [evil]: evil, long, deep: { [evil]: [evil] } } },
    chart: {
      ...chartModel(),
      title: evil,
      spec: { marks: [{ mark: 'dot', x: 'a', y: 'b', colour: 'c' }], x: { label: evil } },
      rows: [
        { a: 1, b: 2, c: evil },
        { a: 2, b: 3, c: long },
      ],
    },
    rates: {
      ...ratesModel(),
      title: long,
      interval: evil,
      cite: [evil, long],
      epochs: [{ label: evil, startMs: 0, endMs: 9 }],
    },
    raster: {
      ...rasterModel(),
      neurons: [evil, long],
      groups: [long, evil],
      neuron: [0, 1],
      timesMs: [1, 2],
      trial: [0, 1],
      trials: 2,
    },
    image: { ...imageModel(), images: imageModel().images.map((one) => ({ ...one, label: evil + long })) },
    points: {
      ...pointsModel(3),
      category: { name: evil, names: [evil, long], values: [0, 1, 0] },
      names: [evil, long, 'c'],
      ids: undefined,
    },
    matrix: {
      ...matrixModel(),
      rows: { of: evil, names: [evil, long], types: [evil, long] },
      columns: { of: long, names: [evil, long], types: [evil, long] },
      sparse: { row: [0, 1], column: [0, 1], values: [1, 2], absent: 'zero' },
    },
    validity: {
      ...validityModel(),
      twin: evil,
      ceilingIs: long,
      note: evil,
      units: [
        { id: evil, value: 0.5 },
        { id: long, value: 0.6 },
      ],
    },
    tuning: { ...tuningModel(), stimulus: { label: evil, unit: long } },
  };
  test.each(Object.keys(models))('is inert in %s', async (name) => {
    const { page, complaints, close } = await views.openView(name, models[name]);
    expect(await page.title()).toBe('A view of Bregma');
    expect(await page.locator('main img[src="x"], main script').count()).toBe(0);
    const text = (await page.locator('main').textContent()) ?? '';
    expect(['\u202e', '\u001b'].filter((sign) => text.includes(sign))).toEqual([]);
    expect(await page.locator('main :not(.error)').count()).toBeGreaterThan(3);
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    expect(complaints).toEqual([]);
    await close();
  });
});
