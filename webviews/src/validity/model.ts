import * as z from 'zod/mini';
import { Caption } from '../kit/caption.ts';

/** How well a twin predicts, unit by unit, beside its ceiling and its control: an answer of `validate_twin` with its `perUnit` object. */
export const ValidityModel = z.extend(Caption, {
  /** What is on the axis: "pearson". */
  metric: z.string(),
  /** One a neuron (or stimulated neuron). null: it has no score. */
  units: z.array(
    z.object({
      id: z.string(),
      value: z.nullable(z.number()),
      ceiling: z.optional(z.nullable(z.number())),
      control: z.optional(z.nullable(z.number())),
    }),
  ),
  /** The one number that the interval is of: the median over units, or r over all pairs of a causal measurement. */
  centre: z.object({ is: z.enum(['median', 'all pairs']), value: z.nullable(z.number()) }),
  ci: z.optional(z.object({ low: z.nullable(z.number()), high: z.nullable(z.number()), level: z.number() })),
  /** null: not measured; `ceilingIs` says why. */
  ceiling: z.nullable(z.number()),
  ceilingIs: z.optional(z.string()),
  control: z.nullable(z.number()),
  controlIs: z.optional(z.string()),
  controlRange: z.optional(z.object({ low: z.number(), high: z.number() })),
  twin: z.optional(z.string()),
  protocol: z.optional(z.string()),
  /** in-domain, other recording, other animal, chosen images, synthetic images, under perturbation. */
  domain: z.optional(z.string()),
  /** Medians of the same predictions in another measure, or for images of another domain, each over its own neurons. */
  beside: z.optional(
    z.array(
      z.object({
        is: z.string(),
        value: z.nullable(z.number()),
        low: z.nullable(z.number()),
        high: z.nullable(z.number()),
        neurons: z.number(),
      }),
    ),
  ),
});
export type ValidityModel = z.infer<typeof ValidityModel>;
