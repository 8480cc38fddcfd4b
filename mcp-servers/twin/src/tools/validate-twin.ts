import { BregmaError } from '@bregma/core/errors';
import { findTwin } from '@bregma/core/ledger/catalogue';
import { defineTool } from '@bregma/core/mcp/tool';
import * as z from 'zod';
import { findKind, kindsByNeed, parseOptions } from '../find-kind.ts';
import { kinds } from '../kinds/index.gen.ts';
import { halves } from '../kinds/kind.ts';
import { refuseUseless } from '../takes.ts';
import { validityRecord } from '../validity-record.ts';

const input = z.object({
  twin: z.string().optional(),
  kind: z.string().optional().describe('Instead of twin: fit anew'),
  data: z.string(),
  protocol: z.enum(['cv5', 'half', 'heldout']).describe('heldout: an existing twin on what it was not fitted on'),
  by: z.enum(halves).optional().describe('Of half: index fits the first images, tests the rest'),
  options: z.record(z.string(), z.unknown()).optional(),
  controls: z
    .number()
    .int()
    .min(1)
    .max(100)
    .optional()
    .describe('Shuffled wirings; default 20, or 5 where each is fitted anew'),
  seed: z.number().int().min(0).default(0),
});

export const validateTwin = defineTool({
  name: 'validate_twin',
  question: 'How well does a twin, or a kind of twin, predict the real organism, beside ceiling and control?',
  input,
  output: z.looseObject({
    median: z.object({ pearson: z.number().nullable(), spearman: z.number().nullable() }),
    ci: z.object({
      low: z.number().nullable(),
      high: z.number().nullable(),
      level: z.number(),
      units: z.number().optional(),
    }),
    ceiling: z.number().nullable(),
    control: z.number().nullable(),
    perUnit: z.looseObject({ object: z.string() }),
  }),
  effect: 'compute',
  view: 'validity',
  async run({ twin: twinId, kind: kindName, data, protocol, by, options: given, controls, seed }, context) {
    if ((twinId === undefined) === (kindName === undefined))
      throw new BregmaError('bad-input', 'Give either twin or kind.', { next: 'find_twins lists both.' });
    const twin = twinId === undefined ? undefined : findTwin(context.workspace.ledger, twinId);
    if (protocol === 'heldout' && !twin)
      throw new BregmaError('bad-input', 'heldout judges a twin that exists.', {
        next: 'Pass twin; or use cv5 or half with kind.',
      });
    if (twin && given)
      throw new BregmaError('bad-input', `${twin.id} has its options already.`, {
        next: 'Leave options out, or pass kind instead of twin.',
      });
    if (by && protocol !== 'half')
      throw new BregmaError('bad-input', `by says how half divides the stimuli; ${protocol} does not.`, {
        next: 'Leave by out, or use protocol half.',
      });
    const kind = findKind(twin?.kind ?? kindName ?? '');
    const options = twin?.options ?? parseOptions(kind, given);
    if (!kind.validate)
      throw new BregmaError('bad-input', `${kind.name} is not validated here: nothing measures what it predicts.`, {
        next: `Kinds that can be validated: ${kindsByNeed(kinds.filter(({ validate }) => validate))}.`,
      });
    refuseUseless(kind, 'validate', { controls, by }, input.shape);
    const request = { twin, options, data, protocol, by, controls, seed };
    const outcome = await kind.validate(request, context);
    return { ...outcome, records: [validityRecord(kind.name, request, outcome, context.workspace)] };
  },
});
