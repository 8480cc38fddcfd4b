import { BregmaError } from '@bregma/core/errors';

/** The id, if data of one's own can have it. Throws `bad-input` with what it may be made of. */
export function ownId(id: string): string {
  if (/^[a-z0-9][a-z0-9._-]{0,79}$/.test(id)) return id;
  throw new BregmaError('bad-input', `'${id.slice(0, 80)}' cannot be a data set's id.`, {
    next: 'Use small letters, digits, dots, dashes, underscores.',
    fields: { what: 'id', id },
  });
}
