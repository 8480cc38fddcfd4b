import { listExposures } from '@bregma/core/experiment/seen-evidence';
import { findDataset } from '@bregma/core/ledger/catalogue';
import { parseNpy, writeNpy } from '@bregma/core/npy';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect } from '../../fixtures/client.ts';
import { type Laboratory, laboratory } from '../lab/laboratory.ts';

/** The store's arrays and objects, asked in SQL. */
describe('query_data reads', () => {
  let lab: Laboratory;
  let atlas: Connection;
  beforeAll(async () => {
    lab = laboratory({ neurons: 3, stimuli: 40, slots: 2 });
    atlas = await connect('atlas', lab.folder);
  });
  afterAll(async () => {
    await atlas.close();
    lab.close();
  });

  const responses = () => {
    const array = findDataset(lab.workspace.ledger, lab.subject).arrays.find(({ name }) => name === 'responses');
    if (!array) throw new Error('The laboratory has no responses.');
    return { ...array, data: parseNpy(lab.workspace.objects.get(array.object)).data };
  };
  const ask = (sql: string) => atlas.call('query_data', { sql, limit: 200, digits: 17 });

  test('an array as one row a value, with its axes by name, its unit, and NULL for what was not measured', async () => {
    const { data, shape, axes, unit } = responses();
    const { value, release } = await ask(`SELECT * FROM "${lab.subject}".responses`);
    expect(value.columns).toEqual([...axes, 'value', ...(unit === undefined ? [] : ['unit'])]);
    const [, stimuli, slots] = shape;
    const expected = Array.from({ length: 200 }, (_, i) => [
      Math.floor(i / (stimuli * slots)),
      Math.floor(i / slots) % stimuli,
      i % slots,
      Number.isNaN(data[i]) ? null : data[i],
    ]);
    // The preview may be cut by size; it says so then.
    const rows = value.rows.map((row: unknown[]) => row.slice(0, 4));
    expect(rows.length).toBeGreaterThan(50);
    expect(rows).toEqual(expected.slice(0, rows.length));
    expect(release).toEqual([lab.subject]);
  });

  test('the whole of it, as NumPy would sum it', async () => {
    const { data } = responses();
    const measured = [...data].map(Number).filter((one) => !Number.isNaN(one));
    const { value } = await ask(`SELECT count(*), count(value), fsum(value) FROM "${lab.subject}".responses`);
    const [all, some, sum] = value.rows[0];
    expect([all, some]).toEqual([data.length, measured.length]);
    expect(sum).toBeCloseTo(
      measured.reduce((a, b) => a + b, 0),
      9,
    );
  });

  test('and what reads responses so is on record as having seen them', async () => {
    const seen = () => listExposures(lab.workspace).filter(({ tool }) => tool === 'query_data');
    const before = seen().length;
    await ask(`SELECT max(value) FROM "${lab.subject}".responses`);
    await ask(`SELECT max(value) FROM object."${responses().object}"`);
    expect(
      seen()
        .slice(before)
        .map(({ recording, shows }) => [recording, shows]),
    ).toEqual([
      [lab.subject, 'trials'],
      [lab.subject, 'trials'],
    ]);
  });

  test('objects by their digest: arrays, kept tables and JSON, each with what it rests on', async () => {
    const { objects } = lab.workspace;
    const array = await ask(`SELECT count(*) FROM object."${responses().object}" WHERE neuron = 0`);
    expect([array.value.rows[0][0], array.release]).toEqual([80, [lab.subject]]);
    const kept = await atlas.call('query_data', {
      sql: `SELECT neuron, count(*) AS n FROM "${lab.subject}".responses GROUP BY ALL ORDER BY 1`,
      limit: 0,
    });
    const table = await ask(`SELECT sum(n) FROM object."${kept.value.result.object}"`);
    expect([table.value.rows[0][0], table.release, table.kind]).toEqual([240, [lab.subject], 'derived']);
    const records = objects.put('[{"id": 720575940620875399, "x": 1.5}, {"id": 2, "x": null}]', 'application/json');
    const json = await ask(`SELECT id, x FROM object."${records.object}" ORDER BY id DESC`);
    expect([json.value.rows, json.kind]).toEqual([
      [
        ['720575940620875399', 1.5],
        ['2', null],
      ],
      'not stated',
    ]);
    const cube = objects.put(
      Buffer.from(writeNpy({ data: new Uint8Array([1, 2, 3, 4]), shape: [2, 2] })),
      'application/x-npy',
    );
    expect((await ask(`SELECT * FROM object."${cube.object}"`)).value.rows).toEqual([
      [0, 0, 1],
      [0, 1, 2],
      [1, 0, 3],
      [1, 1, 4],
    ]);
    const none = await atlas.fail('query_data', { sql: `SELECT * FROM object."${'0'.repeat(64)}"` });
    expect(none).toMatchObject({ code: 'missing', next: expect.stringContaining('describe_data') });
  });

  test('no responses of an experiment before its test has spent', async () => {
    const other = laboratory();
    const [its, sql] = await Promise.all([connect('lab', other.folder), connect('atlas', other.folder)]);
    try {
      const own = (await its.call('record_hypothesis', other.claim)).value.hypothesis;
      await its.call('freeze_hypothesis', { hypothesis: own });
      const { plan } = (
        await its.call('plan_experiment', { hypothesis: own, subject: other.subject, stimuli: other.unseen })
      ).value;
      other.approve(plan);
      const { experiment, trials } = (await its.call('run_experiment', { plan })).value;
      const look = { sql: `SELECT * FROM object."${trials.responses.object}"` };
      const doors: [string, Record<string, unknown>][] = [
        ['query_data', look],
        ['draw_chart', { ...look, chart: { marks: ['dot'], x: 'axis_0', y: 'value' } }],
        ['analyse_data', { ...look, question: { metric: 'pearson', columns: { x: 'axis_0', y: 'value' } } }],
      ];
      for (const [tool, args] of doors)
        expect([tool, (await sql.fail(tool, args)).message]).toEqual([tool, expect.stringContaining('stays closed')]);
      await its.call('test_hypothesis', {
        hypothesis: own,
        experiment,
        twins: other.twins.map((twin, i) => ({ twin, predictions: other.predictions[i] })),
      });
      expect((await sql.call('query_data', look)).value.rows.length).toBeGreaterThan(0);
    } finally {
      await Promise.all([its.close(), sql.close()]);
      other.close();
    }
  });
});
