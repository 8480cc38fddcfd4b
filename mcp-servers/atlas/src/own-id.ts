import { BregmaError } from '@bregma/core/errors';

/** Names that stand for something else where SQL or a record names things: catalogs and schemas of DuckDB, and ids of records. */
const taken =
  /^(main|temp|system|memory|information[._-]schema|pg[._-]catalog|(act|hyp|twin|plan|exp|test|run)-[0-9a-f]{8,})$/;

/** The id, if data of one's own can have it. Throws `bad-input` with what it may be made of. */
export function ownId(id: string): string {
  if (/^[a-z0-9][a-z0-9._-]{0,79}$/.test(id) && !taken.test(id)) return id;
  throw new BregmaError(
    'bad-input',
    taken.test(id)
      ? `'${id}' stands for something else in SQL or among records: data of that id could not be read.`
      : `'${id.slice(0, 80)}' cannot be a data set's id.`,
    {
      next: taken.test(id)
        ? `Give another id, for example ${id}-data.`
        : 'Use small letters, digits, dots, dashes, underscores.',
      fields: { what: 'id', id },
    },
  );
}

/** An id made of a file's name: one that stands for something else gets a word more. */
export const idOfFile = (name: string): string => (taken.test(name) ? `${name}-data` : name);
