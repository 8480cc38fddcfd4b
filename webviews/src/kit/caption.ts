import type { ValueKind } from '@bregma/core/contracts/value-kind';
import * as z from 'zod/mini';

const kinds = [
  'measured',
  'derived',
  'not stated',
  'predicted',
  'simulated',
  'imputed',
  'synthetic',
] as const satisfies ValueKind[];

/**
 * What stands under every picture, taken from the answer that it shows: how its values came to be, on how many things they rest,
 * how sure they are, and where they come from. Models of views are read in a browser: their schemas use zod's small build.
 */
export const Caption = z.object({
  title: z.string(),
  kind: z.enum(kinds),
  n: z.optional(z.object({ count: z.number(), of: z.string() })),
  uncertainty: z.optional(
    z.object({
      method: z.string(),
      level: z.optional(z.number()),
      low: z.optional(z.nullable(z.number())),
      high: z.optional(z.nullable(z.number())),
      of: z.optional(z.string()),
    }),
  ),
  /** available null: how many there are is not known. */
  completeness: z.optional(z.object({ returned: z.number(), available: z.nullable(z.number()), of: z.string() })),
  release: z.optional(z.array(z.string())),
  licence: z.optional(z.array(z.string())),
  cite: z.optional(z.array(z.string())),
  /** Id of the activity that made the values; the view offers to open it. */
  activity: z.optional(z.string()),
  /** One sentence on what is shown, or on what is missing from it. */
  note: z.optional(z.string()),
});
export type Caption = z.infer<typeof Caption>;
