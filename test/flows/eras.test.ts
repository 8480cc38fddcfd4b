import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { createKey, trustKey } from '@bregma/core/approval/keys';
import { approvePlan } from '@bregma/core/approval/sign';
import { openWorkspace } from '@bregma/core/workspace';
import { afterAll, describe, expect, test } from 'vitest';
import { type Connection, connect, type ServerName, temporaryWorkspace } from '../fixtures/client.ts';
import { niftiFile } from '../fixtures/nifti.ts';

type Call = (server: ServerName, tool: string, args?: Record<string, unknown>) => Promise<unknown>;

/** The tools of own tables and volumes. */
async function askTables(call: Call, folder: string): Promise<void> {
  const rows = Array.from({ length: 24 }, (_, i) => `${'ab'[i % 2]},${((i * 37) % 23) + 3 * (i % 2)}`);
  writeFileSync(path.join(folder, 'rates.csv'), `area,rate_hz\n${rows.join('\n')}\n`);
  writeFileSync(path.join(folder, 'layers.csv'), 'area,layer\na,4\nb,5\n');
  const voxels = Uint8Array.from({ length: 24 }, (_, i) => i % 3);
  const place = [0, 1, 2].map((axis) => [0, 1, 2, 3].map((i) => (i === axis ? 1 : 0)));
  const volume = niftiFile({ sizes: [4, 3, 2], voxels, sform: { code: 4, rows: place } });
  writeFileSync(path.join(folder, 'atlas.nii'), volume);
  writeFileSync(path.join(folder, 'names.csv'), 'id,acronym,name\n1,F,front\n2,R,rear\n');
  for (const source of ['rates.csv', 'layers.csv']) await call('atlas', 'add_data', { source });
  await call('atlas', 'add_data', { source: 'atlas.nii', options: { labels: 'names.csv' } });
  const question = { metric: 'mean_difference', columns: { value: 'rate_hz', group: 'area' } };
  await call('atlas', 'analyse_data', { data: 'rates.rates', question });
  await call('atlas', 'draw_chart', { data: 'rates.rates', chart: { marks: ['box'], x: 'area', y: 'rate_hz' } });
  await call('atlas', 'join_data', { left: 'rates.rates.area', right: 'layers.layers.area', id: 'joined' });
  await call('atlas', 'locate_points', { data: 'atlas', region: 'F' });
}

/** Every tool of every server, answered to a real client of each protocol era. */
describe.each(['auto', 'legacy'] as const)('a client that negotiates %s', (era) => {
  const space = temporaryWorkspace();
  afterAll(() => space.remove());

  test('walks the whole loop and calls every tool', async () => {
    const servers = {} as Record<ServerName, Connection>;
    for (const name of ['atlas', 'twin', 'lab'] as const) servers[name] = await connect(name, space.folder, { era });
    const used = new Set<string>();
    const call = async (server: ServerName, tool: string, args: Record<string, unknown> = {}) => {
      used.add(tool);
      const answer = await servers[server].call(tool, args);
      expect(answer.activity).toMatch(/^act-[0-9a-f]{16}$/);
      return answer;
    };
    await call('atlas', 'find_data', { query: 'macaque' });
    for (const source of ['macaque-v4-210325', 'celegans-cook2019']) await call('atlas', 'add_data', { source });
    const data = 'macaque-v4-210325@2023-11.2';
    await call('atlas', 'describe_data', { data });
    await call('atlas', 'query_data', { sql: 'SELECT count(*) FROM celegans_cook2019.edges' });
    await call('atlas', 'trace_connections', { data: 'celegans-cook2019', from: 'AVAL' });
    await askTables(call, space.folder);

    const build = async (kind: string, options: object) =>
      (await call('twin', 'build_twin', { kind, data, part: 'first-half', options })).value.twin as string;
    const twins = [await build('encoding-ridge', { levels: 2, compress: 'root' }), await build('encoding-pixel', {})];
    await call('twin', 'find_twins');
    await call('twin', 'value_decision', { validity: 0.4 });
    const design = await call('twin', 'design_experiment', { twins, count: 40 });

    const draft = await call('lab', 'record_hypothesis', {
      claim: 'Oriented energy predicts V4 better than blurred pixels do.',
      rivals: ['Blurred pixels predict as well.'],
      predictions: [{ metric: 'r_difference', direction: 'greater', size: 0.01, between: twins }],
    });
    const { hypothesis } = draft.value;
    await call('lab', 'freeze_hypothesis', { hypothesis });
    const plan = await call('lab', 'plan_experiment', {
      hypothesis,
      subject: data,
      stimuli: design.value.stimuli.object,
    });
    const store = openWorkspace(space.folder);
    const key = createKey(path.join(space.folder, 'key.pem'), 'correct horse battery');
    trustKey(store, key, 'Ada Tester');
    approvePlan(store, plan.value.plan, key, { by: 'Ada Tester' });
    store.close();
    const { value: ran } = await call('lab', 'run_experiment', { plan: plan.value.plan });
    await call('lab', 'control_run', { experiment: ran.experiment, action: 'status' });
    const predictions = [];
    for (const twin of twins)
      predictions.push({ twin, predictions: (await call('twin', 'run_twin', { twin })).value.predictions.object });
    const tested = await call('lab', 'test_hypothesis', { hypothesis, experiment: ran.experiment, twins: predictions });
    expect(tested.value.verdict).toBe('supported');
    expect(tested.value.demo).toBeUndefined();
    await call('twin', 'validate_twin', { twin: twins[0], data, protocol: 'heldout' });
    await call('lab', 'find_records', { kind: 'hypothesis' });
    await call('lab', 'trace_claim', { id: hypothesis });

    const offered: string[] = [];
    for (const connection of Object.values(servers))
      offered.push(...(await connection.client.listTools()).tools.map(({ name }) => name));
    expect([...new Set(offered)].filter((name) => !used.has(name)).sort()).toEqual(['get_run', 'score_twin']);
    expect((await servers.twin.fail('score_twin')).next).toContain('bregma benchmark join');
    expect((await servers.atlas.fail('get_run', { run_id: 'run-none' })).code).toBe('unknown-name');

    const read = await servers.lab.client.readResource({ uri: `bregma://activity/${tested.activity}` });
    expect(JSON.stringify(read)).toContain('test_hypothesis');
    for (const connection of Object.values(servers)) await connection.close();
  });
});
