import { BregmaError } from '@bregma/core/errors';
import { nearest } from '@bregma/core/nearest';
import * as z from 'zod';
import type { Perturbations } from './perturbation.ts';
import type { Group } from './select-neurons.ts';

const names = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).optional();
const target = {
  neurons: names,
  cell_type: names,
  from_ms: z.number().min(0).optional(),
  until_ms: z.number().positive().optional(),
};

const Perturb = z.strictObject({
  activate: z.array(z.strictObject({ ...target, rate_hz: z.number().default(150) })).default([]),
  silence: z.array(z.strictObject({ ...target, scope: z.enum(['outgoing', 'both']).default('outgoing') })).default([]),
  scale: z.array(z.strictObject({ ...target, factor: z.number() })).default([]),
});

/** The form of the option, in the words that tools/list shows: its schema would cost every conversation several hundred tokens. */
export const perturbForm =
  'lif-connectome: {activate: [{neurons | cell_type, rate_hz: 150, from_ms?, until_ms?}], silence: [{…, scope: outgoing|both}], scale: [{…, factor}]}';

/** Reads the option. Throws `bad-input` that names the entry and the field. */
export function parsePerturb(given: unknown): Perturbations {
  const parsed = Perturb.safeParse(given ?? {});
  if (!parsed.success) {
    const strange = parsed.error.issues.find(({ code }) => code === 'unrecognized_keys') as
      | { keys?: string[] }
      | undefined;
    const known = [
      'activate',
      'silence',
      'scale',
      'neurons',
      'cell_type',
      'rate_hz',
      'scope',
      'factor',
      'from_ms',
      'until_ms',
    ];
    const near = strange?.keys?.flatMap((key) => nearest(key, known, 1)) ?? [];
    throw new BregmaError(
      'bad-input',
      `perturb: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}${near.length > 0 ? ` (did you mean ${near.join(', ')}?)` : ''}`,
      { next: `Its form: ${perturbForm}.` },
    );
  }
  const { activate, silence, scale } = parsed.data;
  const entry = <Given extends Named, Rest>(
    what: string,
    { neurons, cell_type, from_ms, until_ms }: Given,
    rest: Rest,
  ) => {
    if (neurons === undefined && cell_type === undefined)
      throw new BregmaError('bad-input', `perturb.${what} names nobody.`, {
        next: 'Pass neurons: ["ID or name"] or cell_type: "NAME".',
      });
    return { ...groupOf({ neurons, cell_type }), fromMs: from_ms, untilMs: until_ms, ...rest };
  };
  return {
    activate: activate.map((one, k) => entry(`activate[${k}]`, one, { rateHz: one.rate_hz })),
    silence: silence.map((one, k) => entry(`silence[${k}]`, one, { scope: one.scope })),
    scale: scale.map((one, k) => entry(`scale[${k}]`, one, { factor: one.factor })),
  };
}

interface Named {
  neurons?: string | string[];
  cell_type?: string | string[];
  from_ms?: number;
  until_ms?: number;
}

const groupOf = ({ neurons, cell_type }: Named): Group => ({
  neurons: neurons === undefined ? undefined : [neurons].flat(),
  cellTypes: cell_type === undefined ? undefined : [cell_type].flat(),
});

/** Reads who is meant by `readout`: ids, names, or type:NAME. */
export const readoutOf = (given: string[] | undefined): Group | undefined => given && { neurons: given };
