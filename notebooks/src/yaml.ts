import { BregmaError, saidBy } from '@bregma/core/errors';
import { isNestedBeyond, mostNested } from '@bregma/core/nesting';
import { type Document, isScalar, Lexer, LineCounter, Parser, parseDocument, stringify, visit } from 'yaml';
import { isObject } from './tools.ts';

const longest = 200_000;

/**
 * Reads YAML as plain data. A whole number that does not fit a JavaScript number becomes text: it is an id. Throws `bad-input`
 * with the line. what: named in the error.
 */
export function readYaml(text: string, what: string): unknown {
  if (text.length > longest)
    throw new BregmaError('too-large', `${what} has ${text.length} characters; ${longest} are read.`);
  const document = documentOf(text, what);
  const lines = new LineCounter();
  const [error] = document.errors.length > 0 ? document.errors : repeatedKeys(document);
  if (error) {
    for (const { index } of text.matchAll(/^/gm)) lines.addNewLine(index);
    const { line, col } = lines.linePos(error.pos[0]);
    throw new BregmaError('bad-input', `${what} is not YAML: ${error.message} at line ${line}, column ${col}.`, {
      next: 'Quote texts that hold a colon or begin with a special character.',
    });
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 50 });
  } catch (failure) {
    throw new BregmaError('bad-input', `${what} cannot be read: ${saidBy(failure).message}.`);
  }
  // Aliases reach deeper than the text, and into themselves.
  if (isNestedBeyond(value)) throw tooDeep(what);
  return plainData(value);
}

/**
 * Parses a text, comments and all. What is nested too deep never comes to the part of the parser that recurses: its first part keeps a
 * stack of its own, which is looked at. Throws `bad-input` then; other errors are the document's.
 */
export function documentOf(text: string, what: string): Document {
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(text)) {
    for (const _ of parser.next(lexeme));
    // A member of a list or map is a token in the token of that list or map.
    if (parser.stack.length > 2 * mostNested) throw tooDeep(what);
  }
  // The parser's own search for keys that repeat, and its drawing of each error, take the square of the text's length.
  return parseDocument(text, { schema: 'core', intAsBigInt: true, prettyErrors: false, uniqueKeys: false });
}

/** Where a map has a key twice. */
function repeatedKeys(document: Document): { message: string; pos: readonly number[] }[] {
  const found: { message: string; pos: readonly number[] }[] = [];
  visit(document, {
    Map(_, { items }) {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value)) found.push({ message: 'Map keys must be unique', pos: key.range ?? [0] });
        seen.add(key.value);
      }
    },
  });
  return found;
}

const tooDeep = (what: string) =>
  new BregmaError('bad-input', `${what} is nested more than ${mostNested} deep, or holds itself.`);

function plainData(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (Array.isArray(value)) return value.map(plainData);
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plainData(item)]));
  return value;
}

/** A value as YAML 1.2, lines never broken, without the end of the last line. */
export const writeYaml = (value: unknown): string => stringify(value, { lineWidth: 100, schema: 'core' }).trimEnd();
