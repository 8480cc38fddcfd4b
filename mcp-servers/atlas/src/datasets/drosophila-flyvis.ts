import { readFileSync } from 'node:fs';
import { BregmaError } from '@bregma/core/errors';
import { literal } from '@bregma/readers/sql-text';
import * as z from 'zod';
import { gapsInHull, hexagon } from '../domain/hexagonal.ts';
import type { DatasetAdapter } from './adapter.ts';

/** Rings of columns around the central one: 721 columns, as published. */
const extent = 15;
/** Synapses that the published tiling assumes where a column offset was not reconstructed but lies among others that were. */
const synapsesInGap = 1;

const Source = z.object({
  nodes: z.array(z.object({ name: z.string(), pattern: z.tuple([z.literal('stride'), z.tuple([z.int(), z.int()])]) })),
  edges: z.array(
    z.object({
      src: z.string(),
      tar: z.string(),
      alpha: z.literal([1, -1]),
      alpha_fixed: z.boolean(),
      alpha_references: z.array(z.string()),
      lambda_mult: z.number(),
      edge_type: z.literal('chem'),
      offsets: z.array(z.tuple([z.tuple([z.int(), z.int()]), z.number().positive()])),
    }),
  ),
  input_units: z.array(z.string()),
  output_units: z.array(z.string()),
});

const rows = (values: (string | number | boolean | null)[][]) =>
  values
    .map((row) => `(${row.map((item) => (typeof item === 'string' ? literal(item) : String(item))).join(', ')})`)
    .join(', ');

/** The motion pathway of the fly's optic lobe: average connections between types, repeated over all columns of the eye. */
export const drosophilaFlyvis: DatasetAdapter = {
  id: 'drosophila-flyvis',
  release: '2.2',
  shape: 'connectome',
  card: {
    title: 'Drosophila optic lobe, motion pathway, tiled over 721 columns (Lappalainen 2024)',
    description:
      'Signed connections between 65 cell types of the fly optic lobe by column offset, averaged over the columns that were reconstructed (FIB-25 and FIB-19), and repeated over a hexagon of 721 columns: 45,669 neurons, 1,513,231 connections.',
    species: 'Drosophila melanogaster',
    modality: 'electron microscopy connectome, averaged and tiled',
    kind: 'derived',
    doi: '10.1038/s41586-024-07939-3',
    cite: ['Lappalainen et al. 2024, Nature 634:1132'],
    licence: 'MIT (repository)',
    coordinateSpace: { name: 'hexagonal columns of the eye', axes: 'u, v (oblique)', unit: 'columns' },
    exposure: 'public',
    notes: [
      'No single neuron was traced: weights are mean synapse counts of a pair of types at a column offset, and are not whole numbers.',
      'value_kind is imputed where the published tiling assumes 1 synapse at an offset that was not reconstructed but lies inside the hull of those that were.',
      'sign_known says whether the source holds the sign of that pair of types for known; 333 of 605 are not. R8, Am, C2 and C3 send both signs.',
    ],
  },
  keywords: ['optic lobe', 'visual system', 'motion detection', 'T4 T5', 'lamina medulla lobula'],
  published: [
    {
      what: 'cell types',
      says: [
        { value: 65, source: 'this file of the model (fib25-fib19, version 2.2)' },
        { value: 64, source: 'Lappalainen et al. 2024, Nature 634:1132' },
      ],
      sql: 'SELECT count(DISTINCT cell_type) FROM this.neurons',
      because: 'The paper simulates 64 of the types.',
    },
  ],
  files: [
    {
      path: 'drosophila-flyvis/fib25-fib19_v2.2.json',
      bytes: 618148,
      sha256: 'bfbb0766251ff09e22723d0ebbf7b14793e70b3ae8ad0eea64eac9d28223351a',
      origin:
        'https://raw.githubusercontent.com/TuragaLab/flyvis/b0b3365d722fcea0b88669ebc0ebd2914023efd6/flyvis/connectome/fib25-fib19_v2.2.json',
    },
  ],
  async ingest(file, kit) {
    const parsed = Source.safeParse(JSON.parse(readFileSync(file('fib25-fib19_v2.2.json'), 'utf8')));
    if (!parsed.success)
      throw new BregmaError('corrupt', `fib25-fib19_v2.2.json: ${z.prettifyError(parsed.error).slice(0, 300)}`);
    const { nodes, edges, input_units, output_units } = parsed.data;
    const role = (name: string) =>
      input_units.includes(name) ? 'input' : output_units.includes(name) ? 'output' : 'intermediate';
    const offsets = edges.flatMap((edge, record) => [
      ...edge.offsets.map(([[du, dv], synapses]) => [record, du, dv, synapses, 'derived']),
      ...gapsInHull(edge.offsets.map(([place]) => place)).map(([du, dv]) => [record, du, dv, synapsesInGap, 'imputed']),
    ]);
    const run = (sql: string) => kit.duck.run(sql);
    await run(
      `CREATE OR REPLACE TABLE types AS SELECT * FROM (VALUES ${rows(nodes.map(({ name, pattern: [, [u, v]] }, i) => [i, name, role(name), u, v]))}) t(position, cell_type, role, stride_u, stride_v)`,
    );
    await run(
      `CREATE OR REPLACE TABLE records AS SELECT * FROM (VALUES ${rows(edges.map(({ src, tar, alpha, alpha_fixed, alpha_references, lambda_mult }, i) => [i, src, tar, alpha, alpha_fixed, alpha_references.join('; ') || null, lambda_mult]))}) t(record, pre_type, post_type, sign, sign_known, sign_reference, certainty)`,
    );
    await run(
      `CREATE OR REPLACE TABLE offsets AS SELECT row_number() OVER () AS position, * FROM (VALUES ${rows(offsets)}) t(record, du, dv, weight, value_kind)`,
    );
    await run(
      `CREATE OR REPLACE TABLE columns AS SELECT row_number() OVER () AS place, * FROM (VALUES ${rows(hexagon(extent))}) t(u, v)`,
    );
    await run(
      `CREATE OR REPLACE TABLE cells AS SELECT row_number() OVER (ORDER BY position, place) AS position, cell_type || '(' || u || ',' || v || ')' AS id, cell_type, role, u, v
         FROM types, columns WHERE u % stride_u = 0 AND v % stride_v = 0`,
    );
    // In two steps: a join on a place that is a sum of two tables' columns would try every pair.
    await run(
      `CREATE OR REPLACE TABLE sent AS SELECT a.position AS source, a.id AS pre, r.post_type AS cell_type, a.u + o.du AS u, a.v + o.dv AS v, o.weight::DOUBLE AS weight, r.sign::TINYINT AS sign, r.sign_known, o.value_kind
         FROM records r JOIN offsets o USING (record) JOIN cells a ON a.cell_type = r.pre_type`,
    );
    await run(
      `CREATE OR REPLACE TABLE wires AS SELECT pre, b.id AS post, weight, 'chemical' AS kind, sign, sign_known, value_kind FROM sent JOIN cells b USING (cell_type, u, v) ORDER BY source, b.position`,
    );
    const neurons = await kit.duck.table('SELECT id, id AS name, cell_type, role, u, v FROM cells ORDER BY position', {
      name: 'neurons',
      description: 'One neuron a column and type; Lawf1 and Lawf2 have one every third and second column',
      columns: {
        u: { unit: 'columns' },
        v: { unit: 'columns' },
        role: { description: 'input, intermediate or output of the published network' },
      },
    });
    const wires = await kit.duck.table('SELECT * FROM wires', {
      name: 'edges',
      description: 'Connections of the tiled network',
      columns: {
        weight: { unit: 'synapses, mean over reconstructed columns' },
        sign: { description: '1 excites, -1 inhibits' },
        value_kind: { description: 'derived: a mean of counts; imputed: assumed in a gap' },
      },
    });
    const types = await kit.duck.table(
      'SELECT cell_type, role, stride_u, stride_v, count(c.id) AS neurons FROM types t JOIN cells c USING (cell_type, role) GROUP BY ALL ORDER BY min(t.position)',
      { name: 'types', description: 'The 65 cell types' },
    );
    const records = await kit.duck.table(
      `SELECT pre_type, post_type, r.sign::TINYINT AS sign, sign_known, sign_reference, certainty, count(*) FILTER (value_kind = 'derived') AS offsets, count(*) FILTER (value_kind = 'imputed') AS gaps, sum(weight) FILTER (value_kind = 'derived') AS synapses
         FROM records r JOIN offsets USING (record) GROUP BY ALL ORDER BY min(record)`,
      {
        name: 'type_pairs',
        description:
          'The 605 connections between types: sign, how it is known, and synapses summed over column offsets',
        columns: {
          certainty: { description: 'lambda_mult of the source: certainty of the synapse counts' },
          synapses: { unit: 'synapses' },
        },
      },
    );
    return { tables: [neurons, wires, types, records], arrays: [] };
  },
};
