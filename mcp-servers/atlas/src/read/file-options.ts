import { BregmaError } from '@bregma/core/errors';
import { parseTableOptions, type TableOptions, tableOptionNames } from './table-options.ts';

/** How the files of a format with several are read: all options of tables but those of types, since their ids are text. */
const names = tableOptionNames.filter((name) => !['types', 'missing', 'dates'].includes(name));
/** The options of such a format: those that hold for each of its files, and `read`, by file. */
export const fileOptionNames = [...names, 'delimiter', 'read'];

/**
 * How one file is read: what the options say of all, and what `read` says of this one, as {"edges": {"separator": ";"}}. parts: the
 * files that there may be. Throws `bad-input`, naming the option.
 */
export function fileOptions(options: Record<string, unknown>, part: string, parts: string[]): TableOptions {
  const common = Object.fromEntries(
    Object.entries(options).filter(([name]) => names.includes(name) || name === 'delimiter'),
  );
  const { read = {} } = options;
  const strange = isRecord(read) ? Object.keys(read).find((name) => !parts.includes(name)) : '';
  if (!isRecord(read) || strange !== undefined)
    throw new BregmaError('bad-input', `options.read is ${JSON.stringify(read)?.slice(0, 100)}.`, {
      next: `It can be {"${parts[0]}": {"separator": ";", "header": false}}, for ${parts.join(', ')}.`,
    });
  const own = read[part] ?? {};
  const unknown = isRecord(own) ? Object.keys(own).find((name) => !names.includes(name) && name !== 'delimiter') : '';
  if (!isRecord(own) || unknown !== undefined)
    throw new BregmaError('bad-input', `options.read.${part} has no option '${unknown}'.`, {
      next: `Its options: ${names.join(', ')}.`,
    });
  return parseTableOptions({ ...common, ...own });
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
