import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Activity } from '@bregma/core/contracts/activity';
import { TraceGraph } from '@bregma/core/contracts/trace-graph';
import { isLook } from '@bregma/core/ledger/look';
import { openWorkspace } from '@bregma/core/workspace';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root, temporaryWorkspace } from '../fixtures/client.ts';

const folder = path.join(root, 'test/fixtures/workspaces');
const versions = readdirSync(folder)
  .filter((file) => file.endsWith('.zip'))
  .map((file) => file.slice(0, -4));

/** Tools that say what there is now, which grows: the catalogue and its mirror, drafts, budgets and the ledger. */
const growing = ['find_data', 'record_hypothesis', 'plan_experiment', 'find_records', 'trace_claim'];

interface Change {
  because: string;
  /** Only of calls with these arguments; default all. */
  of?(given: Record<string, unknown>): boolean;
}

/** Answers that a later Bregma changed on purpose, with the reason. Everything else is repeated to the byte. */
const changedOnPurpose: Record<string, Change> = {
  add_data: { because: 'names and digests of images lie in a table, and what was decided is said' },
  describe_data: { because: 'columns say what is missing' },
  build_twin: {
    because:
      'what a stimulus is decides its half, the noise of a trial comes from repeats or rows that were left out, and assumed connections are an option',
    of: ({ part, kind }) => part === 'first-half' || kind === 'lif-connectome',
  },
  run_twin: {
    because: 'pictures are drawn by views, and controls say the smallest p',
    of: ({ perturb }) => perturb !== undefined,
  },
  validate_twin: { because: 'ceilings are over the neurons of r, with errors, and n counts what was measured' },
  value_decision: { because: 'better and equal rivals are answered, and in counts' },
  design_experiment: { because: 'the noise of a trial is the mean of what both twins learned' },
};

const isChanged = ({ tool, arguments: given }: Activity): boolean =>
  tool in changedOnPurpose && (changedOnPurpose[tool].of?.(given) ?? true);

const program = process.env.BREGMA_TEST_DIST ? 'dist/bregma.mjs' : 'cli/src/main.ts';

describe.each(versions)('a workspace that Bregma %s wrote', (version) => {
  const space = temporaryWorkspace();
  const files = unzipSync(readFileSync(path.join(folder, `${version}.zip`)));
  const expected = (name: string) => Buffer.from(files[`expected/${name}`]).toString('utf8');
  const bregma = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', path.join(root, program), ...args, '--workspace', space.folder],
      { encoding: 'utf8' },
    );
    return { code: status, out: stdout, err: stderr };
  };
  beforeAll(() => {
    for (const [name, bytes] of Object.entries(files)) {
      if (name.startsWith('expected/')) continue;
      const file = path.join(space.folder, name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, bytes);
    }
  });
  afterAll(() => space.remove());

  test('verifies', () => {
    expect(bregma('verify')).toMatchObject({ code: 0, out: expect.stringContaining('nothing was changed') });
  });

  test('exports the same records, lineage and objects', () => {
    const crate = path.join(space.folder, 'crate');
    expect(bregma('export', expected('root.txt'), '--to', crate).code).toBe(0);
    const read = (name: string) => readFileSync(path.join(crate, name), 'utf8');
    expect(read('records.jsonl')).toBe(expected('records.jsonl'));
    expect(JSON.parse(read('prov.jsonld'))).toEqual(JSON.parse(expected('prov.jsonld')));
    const described = (text: string) =>
      JSON.parse(
        text.replace(/"datePublished":\s*"[^"]+"/, '"datePublished":""').replace(/by Bregma \S+"/, 'by Bregma"'),
      );
    expect(described(read('ro-crate-metadata.json'))).toEqual(described(expected('ro-crate-metadata.json')));
    for (const name of Object.keys(files).filter((file) => file.startsWith('expected/objects/')))
      expect(readFileSync(path.join(crate, name.slice('expected/'.length)))).toEqual(Buffer.from(files[name]));
  });

  test('traces the same', () => {
    const { code, out } = bregma('trace', expected('root.txt'), '--json');
    expect(code).toBe(0);
    // Edges name what they join by its place since then, so that each id is written once: by id they are the same.
    const { roots, nodes, edges } = TraceGraph.parse(JSON.parse(out).value);
    const byId = {
      roots,
      nodes: nodes.map(({ at: _, ...node }) => node),
      edges: edges.map(([from, to, as]) => [nodes[from].id, nodes[to].id, as]),
    };
    expect(byId).toEqual(JSON.parse(expected('trace.json')));
  });

  test('is repeated bit by bit, but for what changed on purpose', () => {
    const store = openWorkspace(space.folder);
    const activities = store.ledger.list('activity').map(({ id, body }) => ({ id, body: Activity.parse(body) }));
    store.close();
    const written = activities.filter(({ body }) => !body.replayOf && body.status === 'ok' && body.effect !== 'act');
    // The export above left a record of its look, which is no call that could be repeated.
    const calls = written.filter(({ body }) => !isLook(body.tool));
    const repeated = calls.filter(({ body }) => !growing.includes(body.tool) && !isChanged(body));
    // A query, a walk along connections, and what two twins predict.
    expect(repeated.length).toBeGreaterThanOrEqual(4);
    for (const { id, body } of repeated) {
      const { code, out, err } = bregma('replay', id);
      expect([body.tool, code, `${out}${err}`]).toEqual([body.tool, 0, expect.stringContaining('is bit-equal to')]);
    }
  }, 300_000);
});
