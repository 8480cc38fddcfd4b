import { readFileSync } from 'node:fs';
import path from 'node:path';
import { drawInProcess } from '@bregma/notebooks/chart';
import { plotCompletions } from '@bregma/notebooks/complete-plot';
import { pictureHtml } from '@bregma/notebooks/export/picture-html';
import { columnsOf } from '@bregma/notebooks/plot/columns';
import { columnsIn, readSpec, viewSpec } from '@bregma/notebooks/plot/form';
import { forms as viewForms } from '@bregma/webviews/forms.gen';
import type { ImageModel } from '@bregma/webviews/image/model';
import { ImageModel as Image } from '@bregma/webviews/image/model';
import type { Caption } from '@bregma/webviews/kit/caption';
import { unpack } from '@bregma/webviews/kit/numbers';
import { MatrixModel } from '@bregma/webviews/matrix/model';
import { PointsModel } from '@bregma/webviews/points/model';
import { RasterModel } from '@bregma/webviews/raster/model';
import { TuningModel } from '@bregma/webviews/tuning/model';
import { PNG } from 'pngjs';
import { describe, expect, test } from 'vitest';
import { root } from '../../fixtures/client.ts';

const caption: Caption = { title: 'T', kind: 'measured', activity: 'act-0123456789abcdef' };
type Row = Record<string, unknown>;

/** What a plot cell draws over rows. */
function drawn(text: string, rows: Row[]): unknown {
  const { form, spec } = readSpec(viewSpec(text), viewForms);
  const columns = columnsOf(Object.keys(rows[0]), rows, String(spec.data));
  for (const name of columnsIn(form, spec)) columns.values(name);
  return form.draw?.(columns, spec, caption);
}

describe('view: tuning', () => {
  const text = 'view: tuning\ndata: d\nx: orientation_deg\ny: rate_hz\nunit: neuron\nperiod: 180';
  const row = (neuron: unknown, orientation_deg: number | null, rate_hz: number | null) => ({
    neuron,
    orientation_deg,
    rate_hz,
  });

  test('gives the mean over repeats, its interval and how many they were', () => {
    const model = TuningModel.parse(
      drawn(text, [
        row('a', 0, 1),
        row('a', 0, 2),
        row('a', 0, 3),
        row('a', 90, 4),
        row('a', 45, null),
        row('a', null, 7),
      ]),
    );
    // Half width: t(0.975, 2 degrees) · s / √n = 4.302653 · 1 / √3.
    const half = 4.302652729911275 / Math.sqrt(3);
    const [{ points }] = model.curves;
    expect(points.map(({ at, mean, n }) => [at, mean, n])).toEqual([
      [0, 2, 3],
      [45, null, 0],
      [90, 4, 1],
    ]);
    expect([points[0].low, points[0].high]).toEqual([expect.closeTo(2 - half, 9), expect.closeTo(2 + half, 9)]);
    expect([points[2].low, points[2].high]).toEqual([null, null]);
    expect(model).toMatchObject({
      kind: 'derived',
      n: { count: 4, of: 'responses' },
      stimulus: { label: 'orientation', unit: '°', period: 180 },
      response: { label: 'rate', unit: 'Hz' },
      interval: '95 % interval of the mean, Student t over 1 to 3 repeats',
      note: '1 rows without orientation_deg are left out.',
    });
  });

  test('has a curve for each unit, with ids of 64 bits whole, and says which it leaves out', () => {
    const rows = Array.from({ length: 20 }, (_, i) => row(720575940620875399n + BigInt(i), 0, i));
    const model = TuningModel.parse(drawn(text, rows));
    expect(model.curves.map(({ name }) => name).slice(0, 2)).toEqual(['720575940620875399', '720575940620875400']);
    expect(model.note).toBe(
      'The first 12 of 20 values of neuron; choose others in the query. One response a point: there is no interval.',
    );
    expect([model.kind, model.interval]).toEqual(['measured', undefined]);
  });
});

describe('view: raster', () => {
  test('has a row for each neuron in the order in which people count, and times in ms', () => {
    const rows = [
      { time_s: 0.5, cell: 'n10', run: 2, kind: 'B' },
      { time_s: 0.25, cell: 'n9', run: 1, kind: 'A' },
      { time_s: null, cell: 'n9', run: 1, kind: 'A' },
    ];
    const model = RasterModel.parse(
      drawn('view: raster\ndata: d\ntime: time_s\nrow: cell\ntrial: run\ngroup: kind', rows),
    );
    expect(model).toMatchObject({
      neurons: { lines: 'n9\nn10' },
      groups: ['A', 'B'],
      trials: 2,
      startMs: 0,
      durationMs: 500,
    });
    const list = (packed: unknown) => Array.from(unpack(packed as never));
    expect([list(model.timesMs), list(model.neuron), list(model.trial)]).toEqual([
      [500, 250],
      [1, 0],
      [1, 0],
    ]);
    expect(model.note).toContain('1 rows without a time or a row');
  });

  test('asks for the unit of times whose name does not tell it', () => {
    const rows = [{ t: 3, n: 'a' }];
    expect(() => drawn('view: raster\ndata: d\ntime: t\nrow: n', rows)).toThrow("In which unit is 't'?");
    expect(drawn('view: raster\ndata: d\ntime: t\nrow: n\ntime_unit: s', rows)).toMatchObject({ durationMs: 3000 });
  });
});

describe('view: points', () => {
  test('colours by number or by word, and counts what has a place', () => {
    const rows = [
      { x_um: 1, y_um: 2n, type: 'B', depth: 1.5 },
      { x_um: null, y_um: 2n, type: null, depth: 2 },
    ];
    const text = 'view: points\ndata: d\nx: x_um\ny: y_um';
    const words = PointsModel.parse(drawn(`${text}\ncolour: type`, rows));
    expect(words).toMatchObject({
      n: { count: 1 },
      equal: true,
      category: { name: 'type', names: ['B', 'not given'] },
    });
    expect(PointsModel.parse(drawn(`${text}\ncolour: depth`, rows)).value?.label).toBe('depth');
    expect(words.note).toBe('1 rows without a place are left out.');
  });
});

describe('view: matrix', () => {
  const text = 'view: matrix\ndata: d\nrow: pre\ncolumn: post\nvalue: weight\nabsent: zero';
  test('has the cells that are there, and says what the others mean', () => {
    const model = MatrixModel.parse(
      drawn(text, [
        { pre: 'b', post: 'a', weight: 3 },
        { pre: 'a', post: 'a', weight: '1.50' },
      ]),
    );
    expect(model).toMatchObject({
      rows: { of: 'pre', names: ['a', 'b'] },
      columns: { names: ['a'] },
      sparse: { absent: 'zero' },
    });
    expect(Array.from(unpack(model.sparse!.values as never))).toEqual([3, 1.5]);
  });
  test('refuses two values for one cell', () => {
    const twice = [
      { pre: 'a', post: 'a', weight: 1 },
      { pre: 'a', post: 'a', weight: 2 },
    ];
    expect(() => drawn(text, twice)).toThrow('pre a and post a have more than one row');
  });
});

describe('view: image', () => {
  const text = 'view: image\ndata: d\nrow: y\ncolumn: x\nvalue: v';
  test('puts pixels where their rows say, and leaves the others as not measured', () => {
    const model = Image.parse(
      drawn(text, [
        { y: 5, x: 1, v: 1 },
        { y: 6, x: 2, v: -2 },
      ]),
    );
    expect(model.scale).toBe('diverging');
    expect(model.images[0].values?.shape).toEqual([2, 2]);
    expect(Array.from(unpack(model.images[0].values!))).toEqual([1, Number.NaN, Number.NaN, -2]);
  });
  test('shows files of a column, and refuses what is none', () => {
    const png = new Uint8Array(PNG.sync.write(new PNG({ width: 1, height: 1 })));
    const model = drawn('view: image\ndata: d\nimage: f\nlabel: l', [{ f: png, l: 'one' }]) as ImageModel;
    expect(model.images).toEqual([{ label: 'one', file: { mediaType: 'image/png', bytes: png } }]);
    expect(() => drawn('view: image\ndata: d\nimage: f', [{ f: 'no file' }])).toThrow("'f' in row 1 is no PNG");
    expect(() => drawn('view: image\ndata: d\nrow: f', [{ f: 1 }])).toThrow(
      'needs image (files), or row, column and value',
    );
  });
});

describe('a plot cell with view:', () => {
  const rows = [{ rate_hz: 1, says: 'x' }];
  test.each([
    ['view: tunning\ndata: d', "No view 'tunning'. Did you mean tuning"],
    ['view: tuning\ndata: d\ny: rate_hz', 'view: tuning needs x: parameter of the stimulus.'],
    ['view: tuning\ndata: d\nx: rate_hz\ny: rate_hz\ncolor: says', "No member of view: tuning 'color'."],
    ['view: tuning\ndata: d\nx: rate_h\ny: rate_hz', "No column in 'd' 'rate_h'. Did you mean rate_hz"],
    ['view: tuning\ndata: d\nx: says\ny: rate_hz', `Column 'says' of 'd' holds no numbers: row 1 is "x".`],
    [
      'view: tuning\ndata: d\nx: rate_hz\ny: rate_hz\nscale: logg',
      "No scale of view: tuning 'logg'. Did you mean linear, log?",
    ],
    ['view: tuning\ndata: d\nx: rate_hz\ny: rate_hz\nperiod: often', 'period must be a number.'],
    ['view: volume\ndata: d', 'view: volume draws data sets alone.'],
  ])('that is wrong says what is wrong: %j', (text, message) => {
    expect(() => drawn(text, rows)).toThrow(message);
  });

  test('is written as its examples say, in errors and in the skill', () => {
    const skill = readFileSync(path.join(root, 'skills/atlas/write-a-notebook/SKILL.md'), 'utf8');
    const [, inSkill] = /```yaml\n( *view: [^`]*)```/.exec(skill) ?? [];
    const examples = [...Object.values(viewForms).map(({ example }) => example), inSkill.replace(/^ {5}/gm, '')];
    expect(examples.map((text) => readSpec(viewSpec(text), viewForms).spec.view)).toEqual([
      ...Object.keys(viewForms),
      'tuning',
    ]);
    const [, ...named] = /\| view \|[\s\S]*?\n\n/.exec(skill)?.[0].match(/^ *\| `\w+/gm) ?? [];
    // The skill tells of those that need telling; a view tells of itself in errors and completion.
    expect(named.length).toBeGreaterThan(3);
    expect(Object.keys(viewForms)).toEqual(expect.arrayContaining(named.map((line) => line.replace(/[| `]/g, ''))));
  });

  test('is completed with views, members, columns and what they may be', () => {
    const names = {
      cells: ['responses'],
      datasets: [{ reference: 'ccf@50um', pictures: [{ what: 'volume', view: 'volume' }] }],
      columns: ['rate_hz'],
    };
    const at = (before: string, after = '') => plotCompletions(before, before + after, names).map(({ label }) => label);
    expect(at('')).toEqual(['data', 'view', 'marks', 'title']);
    expect(at('view: ')).toEqual(Object.keys(viewForms).sort());
    expect(at('view: tuning\n')).toEqual(['data', 'title', 'x', 'y', 'unit', 'period', 'scale']);
    expect(at('view: tuning\ndata: ')).toEqual(['responses']);
    expect(at('view: volume\ndata: ')).toEqual(['ccf@50um']);
    expect(at('view: volume\ndata: ccf@50um\npicture: ')).toEqual(['volume']);
    expect(at('view: tuning\ndata: responses\nx: ')).toEqual(['rate_hz']);
    expect(at('view: tuning\nscale: ')).toEqual(['linear', 'log']);
    expect(at('data: responses\nmarks:\n  - {mark: bar, x: ')).toEqual(['rate_hz']);
    expect(at('data: responses\nmarks:\n  - {mark: b')).toContain('bar');
  });
});

describe('on paper', () => {
  const program = new URL('../../../notebooks/src/chart-worker.ts', import.meta.url);
  const html = (view: string, model: unknown) =>
    pictureHtml({ view, model }, (request) => drawInProcess(request, program));

  test.each([
    ['tuning', 'view: tuning\ndata: d\nx: a\ny: b'],
    ['raster', 'view: raster\ndata: d\ntime: a\nrow: b\ntime_unit: ms'],
    ['points', 'view: points\ndata: d\nx: a\ny: b\ncolour: b'],
    ['matrix', 'view: matrix\ndata: d\nrow: a\ncolumn: b\nvalue: b'],
    ['image', 'view: image\ndata: d\nrow: a\ncolumn: b\nvalue: b'],
  ])('view: %s is a picture', async (view, text) => {
    const rows = [0, 1, 2].map((i) => ({ a: i, b: i + 1 }));
    const text_ = await html(view, drawn(text, rows));
    expect(text_).toMatch(/<img src="data:image\/(png|svg\+xml);base64,/);
    expect(text_).toContain('act-0123456789abcdef');
  });

  test('a volume is its middle slices, in the colours of its regions', async () => {
    const labels = { dtype: 'u1', shape: [1, 2, 3], bytes: new Uint8Array([0, 1, 2, 1, 1, 0]) };
    const regions = [
      { id: '1', acronym: 'A', name: 'A', colour: 'ff0000' },
      { id: '2', acronym: 'B', name: 'B', colour: '0000ff' },
    ];
    const text = await html('volume', { ...caption, space: 'toy', voxelUm: [1, 1, 1], labels, regions });
    const [coronal] = [...text.matchAll(/base64,([^"]+)/g)].map(([, data]) =>
      PNG.sync.read(Buffer.from(data, 'base64')),
    );
    expect([coronal.width, coronal.height]).toEqual([3, 2]);
    const pixel = (at: number) => [...coronal.data.subarray(4 * at, 4 * at + 3)];
    expect([0, 1, 2].map(pixel)).toEqual([
      [0, 0, 0],
      [255, 0, 0],
      [0, 0, 255],
    ]);
  });
});
