import * as z from 'zod/mini';
import { Caption } from '../kit/caption.ts';
import { Numbers, Packed, Quantity, Words } from '../kit/packed.ts';

const Side = z.object({
  /** What a row or column is: "presynaptic neuron". */
  of: z.string(),
  names: Words,
  ids: z.optional(Words),
  /** Cell type or region; the view sorts and separates by it. */
  types: z.optional(Words),
});

/** Who is connected to whom, how strongly; or any other matrix. Large ones are shown in blocks that say so. */
export const MatrixModel = z.extend(Caption, {
  rows: Side,
  columns: Side,
  value: Quantity,
  /** [rows × columns]; NaN is not measured. */
  dense: z.optional(Packed),
  /** Instead of dense: the cells that are there. */
  sparse: z.optional(
    z.object({ row: Numbers, column: Numbers, values: Numbers, absent: z.enum(['zero', 'not measured']) }),
  ),
  scale: z.optional(z.enum(['linear', 'log', 'diverging'])),
});
export type MatrixModel = z.infer<typeof MatrixModel>;
