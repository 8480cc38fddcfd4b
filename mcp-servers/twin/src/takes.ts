import { BregmaError } from '@bregma/core/errors';
import type * as z from 'zod';
import { kinds } from './kinds/index.gen.ts';
import type { TwinKind } from './kinds/kind.ts';

type Does = keyof TwinKind['takes'];

/** Arguments that some kind takes when it does this, and others have no use for. */
const special = (does: Does) => new Set(kinds.flatMap(({ takes }) => Object.keys(takes[does] ?? {})));

/**
 * Throws `bad-input` for an argument that was given and that the kind has no use for: nothing that a caller says is passed over in
 * silence. An argument that has its default counts as not given. input: as parsed; shape: the tool's own.
 */
export function refuseUseless(
  kind: TwinKind,
  does: Does,
  input: Record<string, unknown>,
  shape: Record<string, z.ZodType>,
): void {
  const taken = kind.takes[does] ?? {};
  for (const name of special(does)) {
    if (name in taken || input[name] === undefined) continue;
    if (JSON.stringify(input[name]) === JSON.stringify(shape[name].safeParse(undefined).data)) continue;
    throw new BregmaError('bad-input', `${kind.name} takes no ${name}.`, { next: nextOf(kind, does, name) });
  }
}

function nextOf(kind: TwinKind, does: Does, refused: string): string {
  const own = Object.entries(kind.takes[does] ?? {}).map(([name, what]) => `${name} (${what})`);
  const others = kinds.filter(({ takes }) => refused in (takes[does] ?? {})).map(({ name }) => name);
  const takes = own.length > 0 ? `It takes ${own.join(', ')}. ` : '';
  return `${takes}${refused} is for ${others.join(', ')}.`;
}
