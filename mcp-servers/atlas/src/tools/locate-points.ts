import { BregmaError } from '@bregma/core/errors';
import { datasetRef, findDataset, listDatasets } from '@bregma/core/ledger/catalogue';
import { defineTool } from '@bregma/core/mcp/tool';
import { Duck } from '@bregma/readers/duck';
import * as z from 'zod';
import { locate, told } from '../located.ts';
import { askTable, givenNames, placeReader, threeNumbers } from '../points.ts';
import { askRegion } from '../region.ts';
import { openVolume } from '../volume.ts';

export const locatePoints = defineTool({
  name: 'locate_points',
  question: 'Which region (or value) lies at a point of a volume; where and how large is a region?',
  input: z.object({
    data: z.string().describe('A volume, id@release'),
    array: z.string().optional(),
    points: z
      .array(z.union([z.array(z.number()), z.record(z.string(), z.number())]))
      .max(200)
      .optional()
      .describe('[[a, b, c]] or {ap, dv, ml}'),
    sql: z.string().optional().describe('Instead: a query with columns ap, dv, ml'),
    region: z.string().optional().describe('Instead: acronym, id or name'),
    unit: z.enum(['mm', 'um', 'voxel']).default('mm'),
    axes: z.string().optional().describe('Where coordinates grow to, as in RAS'),
    limit: z.number().int().min(1).max(200).default(20),
  }),
  output: z.looseObject({ space: z.looseObject({ name: z.string() }) }),
  effect: 'read',
  async run(input, context) {
    const { points, sql, region, unit, axes, limit } = input;
    if ([points, sql, region].filter((one) => one !== undefined).length !== 1)
      throw new BregmaError('bad-input', 'One of points, sql and region is asked at a time.', {
        next: 'Give points, or sql that makes them, or a region.',
      });
    const { workspace, signal } = context;
    const release = findDataset(workspace.ledger, input.data);
    const volume = await openVolume(release, input.array, workspace);
    const { frame, shape } = volume;
    const names = givenNames(volume, unit, axes);
    const space = {
      name: frame.space,
      coordinates: names,
      growTo: unit === 'voxel' ? 'the axes of the array' : (axes?.toUpperCase() ?? (frame.axes || 'not stated')),
      unit,
      origin: unit === 'voxel' ? 'the first voxel, whole numbers in the middle of voxels' : frame.origin,
      answersIn: `${frame.axes || 'x, y, z'}, ${frame.unit}`,
      voxels: shape,
      voxel: volume.sizes.map((size) => Math.round(size * 1e6) / 1e6),
      ...(frame.midline === undefined ? { hemispheres: 'not defined by this space' } : { midline: frame.midline }),
    };
    const common = {
      kind: 'derived' as const,
      release: [datasetRef(release)],
      licence: [release.card.licence],
      cite: release.card.cite,
      inputs: [datasetRef(release)],
    };
    if (points !== undefined) {
      const read = placeReader(volume, unit, axes);
      const found = points.map((point, at) => told(volume, locate(volume, read(threeNumbers(point, names, at)), true)));
      return {
        ...common,
        value: { space, points: found },
        n: { count: points.length, of: 'points' },
      };
    }
    const duck = await Duck.open({ objects: workspace.objects, signal });
    try {
      if (region !== undefined) {
        const { value, voxels, touching } = await askRegion(volume, region, limit, duck, signal);
        return {
          ...common,
          value: { space, ...value, result: voxels },
          n: { count: Number(value.voxels), of: 'voxels' },
          completeness: { returned: Math.min(limit, touching), available: touching, of: 'neighbours' },
          outputs: [voxels.object],
        };
      }
      const asked = { sql: sql ?? '', unit, axes, limit };
      const { value, result, rows, used, regions } = await askTable(
        volume,
        asked,
        names,
        listDatasets(workspace.ledger),
        context,
        duck,
      );
      return {
        ...common,
        value: { space, ...value },
        n: { count: rows, of: 'points' },
        completeness: { returned: Math.min(limit, regions), available: regions, of: 'regions with points' },
        release: [...new Set([...common.release, ...used.map(datasetRef)])],
        licence: [...new Set([...common.licence, ...used.map(({ card }) => card.licence)])],
        cite: [...new Set([...common.cite, ...used.flatMap(({ card }) => card.cite)])],
        inputs: [...new Set([...common.inputs, ...used.map(datasetRef)])],
        outputs: [result.object],
      };
    } finally {
      duck.close();
    }
  },
});
