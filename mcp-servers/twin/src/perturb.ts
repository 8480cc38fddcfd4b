import { nearest } from '@bregma/core/nearest';
import * as z from 'zod';

const names = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).optional();
const target = {
  neurons: names,
  cell_type: names,
  from_ms: z.number().min(0).optional(),
  until_ms: z.number().positive().optional(),
};

/** The form of `perturb` in the words that tools/list shows: its schema would cost every conversation several hundred tokens. */
export const perturbForm =
  '{activate: [{neurons | cell_type, rate_hz: 150, from_ms?, until_ms?}], silence: [{…, scope: outgoing|both}], scale: [{…, factor}]}';

const known = ['activate', 'silence', 'scale', ...Object.keys(target), 'rate_hz', 'scope', 'factor'];

/** Explains a field that is not known by the nearest one and the whole form. */
const explain: z.core.$ZodErrorMap = (issue) => {
  if (issue.code !== 'unrecognized_keys') return `${issue.message ?? 'not of this form'}. Its form: ${perturbForm}`;
  const hints = issue.keys.map((key) => {
    const [near] = nearest(key, known, 1);
    return near ? `'${key}' (did you mean ${near}?)` : `'${key}'`;
  });
  return `no field ${hints.join(', ')}. Its form: ${perturbForm}`;
};

const namesSomebody = (one: { neurons?: unknown; cell_type?: unknown }) =>
  one.neurons !== undefined || one.cell_type !== undefined;
const nobody = { error: 'names nobody: pass neurons: ["ID or name"] or cell_type: "NAME"' };
const scopes = { error: `is outgoing or both. Its form: ${perturbForm}` };

const Activate = z.strictObject({ ...target, rate_hz: z.number().optional() }, { error: explain });
const Silence = z.strictObject(
  { ...target, scope: z.enum(['outgoing', 'both'], scopes).optional() },
  { error: explain },
);
const Scale = z.strictObject({ ...target, factor: z.number() }, { error: explain });

/** What is done to neurons while a twin runs. Output equals input: a recorded argument is read again by a replay. */
export const Perturb = z.strictObject(
  {
    activate: z.array(Activate.refine(namesSomebody, nobody)).optional(),
    silence: z.array(Silence.refine(namesSomebody, nobody)).optional(),
    scale: z.array(Scale.refine(namesSomebody, nobody)).optional(),
  },
  { error: explain },
);
export type Perturb = z.infer<typeof Perturb>;
