import { BregmaError } from '@bregma/core/errors';
import { parse } from 'yaml';
import { openRegular } from '../regular-file.ts';

/** What a mapping set says of itself, above its rows (mapping-commons.github.io/sssom/spec-formats-tsv). */
export interface SssomHeader {
  /** Lines that it takes; the next one names the columns. */
  lines: number;
  /** Slots of the set with one value; several values of one are joined by |, as cells of the table have them. */
  said: Record<string, string>;
  /** What prefixes of ids stand for. */
  prefixes: Record<string, string>;
}

/** A header is read whole, and nothing beyond it. */
const longest = 1e6;

/**
 * Reads the lines at the beginning of a file that begin with #: YAML, without it. name: what the file is called in errors.
 * Throws `bad-input`, `too-large`.
 */
export function readSssomHeader(file: string, name: string): SssomHeader {
  const opened = openRegular(file, Number.MAX_SAFE_INTEGER);
  let head: string;
  try {
    head = opened
      .read(0, Math.min(opened.size, longest))
      .toString('utf8')
      .replace(/^\ufeff/, '');
  } finally {
    opened.close();
  }
  const commented = /^(?:#[^\r\n]*(?:\r\n|\n|\r))*/.exec(head)?.[0] ?? '';
  if (commented.length === head.length && head.length > longest / 2)
    throw new BregmaError('too-large', `${name} begins with more than ${longest} bytes of header.`, {
      next: 'Check the file: its rows come after lines that begin with #.',
    });
  const lines = commented.split(/\r\n|\n|\r/).slice(0, -1);
  return { lines: lines.length, ...saidIn(lines.map((line) => line.slice(1)).join('\n'), name) };
}

function saidIn(yaml: string, name: string): Omit<SssomHeader, 'lines'> {
  let parsed: unknown;
  try {
    parsed = parse(unshifted(yaml), { schema: 'failsafe', maxAliasCount: 50 });
  } catch (error) {
    throw new BregmaError(
      'bad-input',
      `The header of ${name} is no YAML: ${error instanceof Error ? error.message.split('\n')[0].slice(0, 200) : error}.`,
      { next: 'Mend the lines that begin with #, or take them away: the rows alone are a mapping set too.' },
    );
  }
  const slots = typeof parsed === 'object' && parsed !== null ? Object.entries(parsed) : [];
  const said: Record<string, string> = {};
  for (const [slot, value] of slots)
    if (typeof value === 'string') said[slot] = value;
    else if (Array.isArray(value) && value.every((one) => typeof one === 'string')) said[slot] = value.join('|');
  const map: unknown = slots.find(([slot]) => slot === 'curie_map')?.[1];
  const prefixes = Object.entries(typeof map === 'object' && map !== null ? map : {});
  return { said, prefixes: Object.fromEntries(prefixes.filter(([, iri]) => typeof iri === 'string')) };
}

/** Writers put a blank after each #, or none: one that all lines have belongs to none of them. */
const unshifted = (yaml: string): string =>
  yaml.split('\n').every((line) => line === '' || line.startsWith(' ')) ? yaml.replace(/^ /gm, '') : yaml;
