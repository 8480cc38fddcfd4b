import { BregmaError, unknownName } from '@bregma/core/errors';
import { nearest } from '@bregma/core/nearest';
import * as z from 'zod';
import { kinds } from './kinds/index.gen.ts';
import type { TwinKind } from './kinds/kind.ts';

export const kindNames = kinds.map(({ name }) => name);

/** "encoding-pixel, encoding-ridge (stimulus-response); …": kinds and the shape of the data that they need. */
export function kindsByNeed(some: readonly TwinKind[] = kinds): string {
  return [...new Set(some.map(({ needs }) => needs))]
    .map((needs) => `${some.flatMap((kind) => (kind.needs === needs ? kind.name : [])).join(', ')} (${needs})`)
    .join('; ');
}

/** The kind of this name. Throws `unknown-name` with the nearest. */
export function findKind(name: string): TwinKind {
  const found = kinds.find((kind) => kind.name === name);
  if (found) return found;
  throw unknownName('twin kind', name, nearest(name, kindNames), `Kinds: ${kindNames.join(', ')}.`);
}

/** Options with their defaults. Throws `bad-input` that names the options there are. */
export function parseOptions(kind: TwinKind, options: Record<string, unknown> | undefined): Record<string, unknown> {
  const parsed = z.strictObject(kind.options.shape).safeParse(options ?? {});
  if (parsed.success) return parsed.data;
  const known = Object.entries(kind.options.shape).map(([name, schema]) => {
    // SAFETY: the members of a form of zod are forms of zod.
    const { description } = schema as z.ZodType;
    return description ? `${name} (${description})` : name;
  });
  throw new BregmaError('bad-input', `${kind.name}: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`, {
    next: `Options: ${known.join('; ')}.`,
  });
}
