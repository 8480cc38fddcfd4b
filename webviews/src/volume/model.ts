import * as z from 'zod/mini';
import { Caption } from '../kit/caption.ts';
import { Packed, Quantity } from '../kit/packed.ts';

export const Region = z.object({
  id: z.string(),
  acronym: z.string(),
  name: z.string(),
  /** Six hexadecimal digits. */
  colour: z.optional(z.string()),
  parent: z.optional(z.nullable(z.string())),
});
export type Region = z.infer<typeof Region>;

/** Slices through a volume [a × b × c] whose axes run anterior→posterior, superior→inferior, left→right. */
export const VolumeModel = z.extend(Caption, {
  space: z.string(),
  voxelUm: z.array(z.number()),
  /** Where stereotaxic zero lies, in voxels; without it positions are given from the corner. */
  bregmaVoxel: z.optional(z.array(z.number())),
  /** Region of each voxel: an index into `regions` plus one; 0 is outside. u1, u2 or u4. */
  labels: z.optional(Packed),
  regions: z.optional(z.array(Region)),
  /** Value of each voxel, drawn over the regions. NaN is not measured. */
  values: z.optional(Packed),
  value: z.optional(Quantity),
  /** First slice that is shown of each axis. */
  at: z.optional(z.array(z.number())),
});
export type VolumeModel = z.infer<typeof VolumeModel>;
