import { datasetRef } from '@bregma/core/ledger/catalogue';
import { defineTool } from '@bregma/core/mcp/tool';
import * as z from 'zod';
import { asSentence } from '../read/load-table.ts';
import { addDataset } from '../sources/add.ts';
import { countsOf } from '../sources/withheld-counts.ts';

export const addData = defineTool({
  name: 'add_data',
  question: 'Add a registered data set, or a file of your own, to this workspace.',
  input: z.object({
    source: z
      .string()
      .describe(
        'Registry id, https://, s3:// or dandi:// address, or path: CSV, TSV, Parquet, Arrow, XLSX, NPY, NPZ, MAT, NWB, HDF5, h5ad, 10x MTX, Zarr, NIfTI, NRRD, MGZ, GIFTI, CIFTI, SWC, TRK, TCK; folders of BIDS, Phy, SpikeInterface, suite2p',
      ),
    id: z.string().optional(),
    format: z
      .string()
      .optional()
      .describe(
        "'stimulus-response': options {stimuli: zip|folder|npy, responses: npy [neuron×stimulus(×repeat)], NaN = missing}; 'causal-responses': {responses: npy [responding×stimulated], neurons: csv}; 'connectome': {edges: file(pre, post, weight), neurons: file(id, cell_type, transmitter)}; 'flywire': source is a folder of Codex or model files; 'synthetic-connectome': {neurons, edges, seed}",
      ),
    options: z
      .record(z.string(), z.unknown())
      .default({})
      .describe(
        'Tables: types, missing, header, separator, decimal, encoding, dates, sheet, range, merged, nan. Images: order (file, name, list, CSV), background, rotation, axes',
      ),
    withhold: z
      .object({ by: z.string(), share: z.number().min(0).max(0.9), seed: z.int().default(0) })
      .optional()
      .describe('Keep a share of the levels of a column or axis (subject, stimulus; or row) for test_hypothesis alone'),
    agree: z.boolean().default(false).describe('The person agrees to the terms'),
  }),
  output: z.looseObject({ dataset: z.string() }),
  effect: 'compute',
  async run(input, context) {
    const { release, warnings, remote } = await addDataset(input, context);
    const reference = datasetRef(release);
    return {
      value: {
        dataset: reference,
        title: release.card.title,
        shape: release.shape,
        tables: release.tables.map(({ name, rows, columns, decisions }) => ({
          name,
          rows,
          columns: columns.map(({ name: column, type, unit, missing }) => ({
            name: column,
            type,
            unit,
            missing: missing && missing.count > 0 ? missing : undefined,
          })),
          decided: decisions?.filter(({ doubtful }) => !doubtful).map(asSentence),
        })),
        arrays: release.arrays.map(({ name, dtype, shape, axes, unit }) => ({ name, dtype, shape, axes, unit })),
        withheld: release.withheld && countsOf(release.withheld),
        remote,
        warnings,
      },
      kind: release.card.kind,
      release: [reference],
      licence: [release.card.licence],
      cite: release.card.cite,
      inputs: release.files.map(({ sha256 }) => sha256),
      outputs: [...release.tables, ...release.arrays].map(({ object }) => object),
      records: [{ kind: 'dataset', subject: reference, body: release }],
    };
  },
});
