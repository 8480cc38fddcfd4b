import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { OpenObjects } from '@bregma/core/experiment/unspent';
import { Ledger } from '@bregma/core/ledger/ledger';
import { atlasModel } from '@bregma/notebooks/queries/atlas-model';
import { ImageModel } from '@bregma/webviews/image/model';
import { parsed } from '@bregma/webviews/kit/parsed';
import { blocksOf } from '@bregma/webviews/matrix/blocks';
import { cellsOf, typeLines } from '@bregma/webviews/matrix/cells';
import { MatrixModel } from '@bregma/webviews/matrix/model';
import { TableModel } from '@bregma/webviews/table/model';
import { atlasOf, pathOf } from '@bregma/webviews/volume/atlas';
import { VolumeModel } from '@bregma/webviews/volume/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { atlasOffers } from '../../../extension/src/store/queries/atlas-offers.ts';
import type { ReadStore } from '../../../extension/src/store/queries/query.ts';
import { type Connection, connect } from '../../fixtures/client.ts';

describe('the atlas explorer, over data sets that a server has added', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'bregma-atlas-'));
  const mirror = process.env.BREGMA_MIRROR;
  let atlas: Connection;
  let store: ReadStore;

  beforeAll(async () => {
    atlas = await connect('atlas', folder);
    for (const source of ['drosophila-larva-winding2023', 'macaque-v4-210325'])
      await atlas.call('add_data', { source });
    if (mirror) await atlas.call('add_data', { source: 'mouse-ccfv3-50um', agree: true });
    const bregma = path.join(folder, '.bregma');
    store = {
      bregma,
      ledger: new Ledger(bregma, { readOnly: true }),
      objects: new OpenObjects(path.join(bregma, 'objects'), () => store.ledger),
      task: { signal: new AbortController().signal, report() {} },
    };
  });
  afterAll(async () => {
    store?.ledger.close();
    await atlas?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const model = async (reference: string, what: string) => {
    const answer = await atlasModel(store, reference, what);
    if (!('model' in answer)) throw new Error(answer.sql);
    return answer.model;
  };

  test('offers the pictures that fit each', () => {
    const offers = new Map(
      atlasOffers(store).map((entry) => [entry.reference.split('@')[0], entry.offers.map(({ what }) => what)]),
    );
    expect(offers.get('drosophila-larva-winding2023')).toEqual(['matrix', 'table neurons', 'table edges']);
    expect(offers.get('macaque-v4-210325')).toEqual(expect.arrayContaining(['responses', 'stimuli']));
  });

  test('shows as many synapses as SQL counts, between types too', async () => {
    const shown = parsed(MatrixModel, await model('drosophila-larva-winding2023', 'matrix'), 'matrix');
    const cells = cellsOf(shown);
    const lines = [typeLines(cells.rows), typeLines(cells.columns)];
    const all = (n: number) => ({ from: 0, to: n });
    const size = lines[0].names.length;
    const { sums } = blocksOf(cells, lines[0], lines[1], all(size), all(size), size, size);
    const { value } = await atlas.call('query_data', {
      sql: `SELECT sum(weight) AS w, sum(weight) FILTER (a.cell_type = 'KCs' AND b.cell_type = 'MBONs') AS kc_mbon FROM drosophila_larva_winding2023.edges e JOIN drosophila_larva_winding2023.neurons a ON a.id = e.pre JOIN drosophila_larva_winding2023.neurons b ON b.id = e.post`,
    });
    expect(sums.reduce((sum, weight) => sum + weight)).toBe(value.rows[0][0]);
    expect(sums[lines[0].names.indexOf('KCs') * size + lines[1].names.indexOf('MBONs')]).toBe(value.rows[0][1]);
    expect(value.rows[0][1]).toBeGreaterThan(0);
  });

  test('sums a large connectome by type in SQL, and says which activity did', async () => {
    const asked = await atlasModel(store, 'drosophila-larva-winding2023', 'type-matrix');
    const answer = await atlas.call('query_data', { sql: (asked as { sql: string }).sql, limit: 0 });
    const shown = await atlasModel(store, 'drosophila-larva-winding2023', 'type-matrix', {
      object: answer.value.result.object,
      activity: answer.activity,
    });
    const model = parsed(MatrixModel, (shown as { model: unknown }).model, 'matrix');
    expect([model.activity, model.kind]).toEqual([answer.activity, 'derived']);
    const { sparse, rows, columns } = cellsOf(model);
    const at = (pre: string, post: string) =>
      sparse!.values.findIndex(
        (_: number, i: number) => rows.names[sparse!.row[i]] === pre && columns.names[sparse!.column[i]] === post,
      );
    const { value } = await atlas.call('query_data', {
      sql: `SELECT sum(weight) AS w FROM drosophila_larva_winding2023.edges e JOIN drosophila_larva_winding2023.neurons a ON a.id = e.pre JOIN drosophila_larva_winding2023.neurons b ON b.id = e.post WHERE a.cell_type = 'KCs' AND b.cell_type = 'MBONs'`,
    });
    expect(sparse!.values[at('KCs', 'MBONs')]).toBe(value.rows[0][0]);
  });

  test('shows tables with their units, and stimuli with their number', async () => {
    const table = parsed(TableModel, await model('drosophila-larva-winding2023', 'table edges'), 'table');
    expect(table.columns.find(({ name }) => name === 'weight')?.unit).toBe('synapses');
    const images = parsed(ImageModel, await model('macaque-v4-210325', 'stimuli'), 'image');
    expect(images.images.length).toBe(images.completeness?.returned);
    const responses = cellsOf(parsed(MatrixModel, await model('macaque-v4-210325', 'responses'), 'matrix'));
    expect(responses.rows.names.length * responses.columns.names.length).toBe(responses.dense?.length);
  });

  test('says what a data set cannot show', async () => {
    await expect(model('macaque-v4-210325', 'matrix')).rejects.toThrow(/has no table 'neurons'|no table/);
    await expect(model('macaque-v4-210325', 'hologram')).rejects.toThrow("There is no picture 'hologram'");
  });

  test.runIf(mirror)('shows the Allen atlas with 670 regions of 506 mm³', async () => {
    const shown = atlasOf(parsed(VolumeModel, await model('mouse-ccfv3-50um', 'volume'), 'volume'));
    expect(shown.counts.filter((count) => count > 0).length).toBe(670);
    expect((shown.counts.reduce((sum, count) => sum + count) * 50 ** 3) / 1e9).toBeCloseTo(506, 0);
    expect(
      pathOf(
        shown.regions,
        shown.regions.findIndex(({ acronym }) => acronym === 'VISp5'),
      ),
    ).toContain('Isocortex');
  });
});
