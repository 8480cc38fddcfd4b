import { BregmaError } from '@bregma/core/errors';
import { datasetRef, findDataset, listDatasets } from '@bregma/core/ledger/catalogue';
import { defineTool } from '@bregma/core/mcp/tool';
import type { Workspace } from '@bregma/core/workspace';
import { Duck } from '@bregma/readers/duck';
import * as z from 'zod';
import { locate, told } from '../located.ts';
import { askTable, givenNames, type PlaceReader, type PointUnit, placeReader, threeNumbers } from '../points.ts';
import { askRegion } from '../region.ts';
import { type Chain, frameOf, openChain } from '../transforms.ts';
import { type OpenVolume, openVolume } from '../volume.ts';

export const locatePoints = defineTool({
  name: 'locate_points',
  question: 'Which region or value lies at points of a volume; where is a region?',
  input: z.object({
    data: z.string().describe('A volume, id@release'),
    array: z.string().optional(),
    points: z
      .array(z.union([z.array(z.number()), z.record(z.string(), z.number())]))
      .max(200)
      .optional()
      .describe('[[a, b, c]] or {ap, dv, ml}'),
    sql: z.string().optional().describe('Instead: a query of ap, dv, ml'),
    region: z.string().optional().describe('Instead: acronym, id or name'),
    unit: z.enum(['mm', 'um', 'voxel']).default('mm'),
    through: z.string().optional().describe('Transforms: "a, b"'),
    axes: z.string().optional().describe('Where they grow to, as in RAS'),
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
    const chain = input.through !== undefined ? await chainOf(input, volume, workspace) : undefined;
    const names = givenNames(chain ? frameOf(chain.from) : frame, unit, axes);
    const space = {
      name: frame.space,
      coordinates: names,
      growTo:
        unit === 'voxel'
          ? 'the axes of the array'
          : (axes?.toUpperCase() ?? ((chain ? chain.from.axes : frame.axes) || 'not stated')),
      unit,
      origin: unit === 'voxel' ? 'the first voxel, whole numbers in the middle of voxels' : frame.origin,
      answersIn: `${frame.axes || 'x, y, z'}, ${frame.unit}`,
      voxels: shape,
      voxel: volume.sizes.map((size) => Math.round(size * 1e6) / 1e6),
      ...(chain ? { pointsIn: chain.from.space, through: chain.told, errorMm: chain.errorMm ?? 'not stated' } : {}),
      ...(frame.midline === undefined ? { hemispheres: 'not defined by this space' } : { midline: frame.midline }),
    };
    const sources = [release, ...(chain?.releases ?? [])];
    const common = {
      kind: 'derived' as const,
      release: sources.map(datasetRef),
      licence: [...new Set(sources.map(({ card }) => card.licence))],
      cite: [...new Set(sources.flatMap(({ card }) => card.cite))],
      inputs: sources.map(datasetRef),
    };
    const read = () => readThrough(chain, volume, unit, axes);
    if (points !== undefined) {
      const reader = read();
      const found = points.map((point, at) =>
        told(volume, locate(volume, reader(threeNumbers(point, names, at)), true), chain?.errorMm),
      );
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
      const asked = { sql: sql ?? '', read: read(), errorMm: chain?.errorMm, limit };
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

/** Transforms that follow each other; each adds its error. */
const mostTransforms = 4;

/** The transforms that points go through. Throws `bad-input` where there are no points in space that could. */
async function chainOf(
  { through, unit, region }: { through?: string; unit: string; region?: string },
  volume: OpenVolume,
  workspace: Workspace,
): Promise<Chain> {
  if (region !== undefined || unit === 'voxel')
    throw new BregmaError(
      'bad-input',
      'Points in mm or um go through transforms; regions and voxels are those of the volume.',
      {
        next: 'Leave through out, or give points in mm or um.',
      },
    );
  const names = (through ?? '').split(',').map((name) => name.trim());
  if (names.length > mostTransforms || names.includes(''))
    throw new BregmaError('bad-input', `through is '${through?.slice(0, 100)}'.`, {
      next: `Name 1 to ${mostTransforms} transforms, id@release, in the order in which points go through them, with commas.`,
    });
  return openChain(names, volume, workspace);
}

/** How given numbers become a place of the volume; NaN where a transform does not reach. */
function readThrough(
  chain: Chain | undefined,
  volume: OpenVolume,
  unit: PointUnit,
  axes: string | undefined,
): PlaceReader {
  if (!chain) return placeReader(volume, unit, axes);
  const read = placeReader({ frame: frameOf(chain.from), name: chain.from.space }, unit, axes);
  return (given) => chain.through(read(given)) ?? [Number.NaN, Number.NaN, Number.NaN];
}
