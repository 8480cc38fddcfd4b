import { BregmaError, saidBy } from '@bregma/core/errors';
import { parseDocument, stringify } from 'yaml';
import { isObject } from './tools.ts';

const longest = 200_000;

/**
 * Reads YAML as plain data. A whole number that does not fit a JavaScript number becomes text: it is an id. Throws `bad-input`
 * with the line. what: named in the error.
 */
export function readYaml(text: string, what: string): unknown {
  if (text.length > longest)
    throw new BregmaError('too-large', `${what} has ${text.length} characters; ${longest} are read.`);
  const document = parseDocument(text, { schema: 'core', intAsBigInt: true, prettyErrors: true });
  const [error] = document.errors;
  if (error)
    throw new BregmaError('bad-input', `${what} is not YAML: ${error.message.split('\n')[0]}`, {
      next: 'Quote texts that hold a colon or begin with a special character.',
    });
  try {
    return plainData(document.toJS({ maxAliasCount: 50 }));
  } catch (failure) {
    throw new BregmaError('bad-input', `${what} cannot be read: ${saidBy(failure).message}.`);
  }
}

function plainData(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (Array.isArray(value)) return value.map(plainData);
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plainData(item)]));
  return value;
}

/** A value as YAML 1.2, lines never broken, without the end of the last line. */
export const writeYaml = (value: unknown): string => stringify(value, { lineWidth: 100, schema: 'core' }).trimEnd();
