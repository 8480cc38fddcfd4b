import type { Column, DatasetRelease } from '@bregma/core/contracts/dataset';
import { quotedName } from '@bregma/core/contracts/sql-name';
import { BregmaError } from '@bregma/core/errors';
import { datasetRef } from '@bregma/core/ledger/catalogue';
import { defineTool } from '@bregma/core/mcp/tool';
import * as z from 'zod';
import { reservedWords } from '../query/complaint.ts';
import { weakest } from '../query/kind.ts';
import { asSentence } from '../read/load-table.ts';
import { type Added, addDataset } from '../sources/add.ts';
import { countsOf } from '../sources/withheld-counts.ts';

export const addData = defineTool({
  name: 'add_data',
  question: 'Add a registered data set, or a file of your own, to this workspace.',
  input: z.object({
    source: z
      .union([z.string(), z.array(z.string()).min(1).max(50)])
      .describe(
        'One or a list: registry id, https://, s3://, dandi:// address or path: CSV, TSV, Parquet, Arrow, XLSX, NPY, NPZ, MAT, NWB, HDF5, h5ad, 10x MTX, Zarr, NIfTI, NRRD, MGZ, GIFTI, CIFTI, SWC, TRK, TCK, ONNX; folders: BIDS, ALF, Phy, SpikeInterface, suite2p',
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
        'Tables: types, missing, header, separator, decimal, encoding, dates, sheet, range, nan. Images: order, background, rotation, levels, axes. More: ask-an-atlas',
      ),
    withhold: z
      .object({ by: z.string(), share: z.number().min(0).max(0.9), seed: z.int().default(0) })
      .optional()
      .describe('Keep a share of the levels of a column or axis (subject, stimulus; or row) for test_hypothesis alone'),
    agree: z.boolean().default(false).describe('The person agrees to the terms'),
  }),
  output: z.union([
    z.looseObject({ dataset: z.string() }),
    z.object({ datasets: z.array(z.looseObject({ dataset: z.string() })) }),
  ]),
  effect: 'compute',
  async run({ source, ...request }, context) {
    const list = [source].flat();
    refuseForAll(list, request);
    const added: Added[] = [];
    for (const one of list) added.push(await addDataset({ ...request, source: one }, context));
    const releases = added.map(({ release }) => release);
    refuseSameId(list, releases);
    const values = added.map(asRead);
    return {
      value: typeof source === 'string' ? values[0] : { datasets: values },
      kind: weakest(releases.map(({ card }) => card.kind)),
      release: releases.map(datasetRef),
      licence: [...new Set(releases.map(({ card }) => card.licence))],
      cite: [...new Set(releases.flatMap(({ card }) => card.cite))],
      inputs: releases.flatMap(({ files }) => files.map(({ sha256 }) => sha256)),
      outputs: releases.flatMap(({ tables, arrays }) => [...tables, ...arrays].map(({ object }) => object)),
      records: releases.map((release) => ({ kind: 'dataset' as const, subject: datasetRef(release), body: release })),
    };
  },
});

/** What is said of one file cannot be said of several. */
function refuseForAll(list: string[], { id, withhold }: { id?: string; withhold?: unknown }): void {
  const member =
    list.length < 2 ? undefined : id !== undefined ? 'id' : withhold === undefined ? undefined : 'withhold';
  if (member === undefined) return;
  throw new BregmaError('bad-input', `${member} is said of one source; there are ${list.length}.`, {
    next: 'Add that source by itself.',
  });
}

/** Two files of one name would be one data set in two releases, of which SQL knows the newer alone by its short name. */
function refuseSameId(list: string[], releases: DatasetRelease[]): void {
  const again = releases.findIndex(({ id }, i) => releases.findIndex((one) => one.id === id) < i);
  if (again < 0) return;
  const { id } = releases[again];
  const first = releases.findIndex((one) => one.id === id);
  throw new BregmaError('bad-input', `${list[first]} and ${list[again]} would both be the data set ${id}.`, {
    next: 'Nothing was added. Add one of them by itself, with another id.',
  });
}

/** What was added, as an agent reads it. */
function asRead({ release, warnings, remote }: Added) {
  return {
    dataset: datasetRef(release),
    title: release.card.title,
    shape: release.shape,
    tables: release.tables.map(({ name, rows, columns, decisions }) => ({
      name,
      rows,
      columns: columns.map(columnText),
      decided: decisions?.filter(({ doubtful }) => !doubtful).map(asSentence),
    })),
    arrays: release.arrays.map(({ name, dtype, shape, axes, unit }) => ({ name, dtype, shape, axes, unit })),
    withheld: release.withheld && countsOf(release.withheld),
    remote,
    warnings,
  };
}

/** `rate_hz DOUBLE, Hz, 3 missing (NA)`: the name as SQL writes it; describe_data has its parts. */
function columnText({ name, type, unit, missing }: Column): string {
  const words = Object.keys(missing?.tokens ?? {}).map((word) => word || 'empty');
  const left =
    missing && missing.count > 0 ? `${missing.count} missing${words.length > 0 ? ` (${words.join(', ')})` : ''}` : '';
  const plain = /^[A-Za-z_]\w*$/.test(name) && !reservedWords.has(name.toLowerCase());
  return [`${plain ? name : quotedName(name)} ${type}`, unit, left].filter(Boolean).join(', ');
}
