import type { Source } from './rules.ts';
import { lineAt, type Part, parsed } from './syntax.ts';

const isPart = (value: unknown): value is Part => typeof value === 'object' && value !== null && 'type' in value;
const wholes = /Statement$|Declaration$|^(PropertyDefinition|MethodDefinition|Property|JSXAttribute)$/;

/** True for `as T` and `<T>` but not for `as const`, which takes nothing on trust, nor for the inner half of `as unknown as T`. */
function isCast({ text }: Source, part: Part): boolean {
  if (part.type !== 'TSAsExpression' && part.type !== 'TSTypeAssertion') return false;
  const type = isPart(part.typeAnnotation) ? text.slice(part.typeAnnotation.start, part.typeAnnotation.end) : '';
  return type !== 'const' && part.parent?.type !== 'TSAsExpression';
}

/** The statement or member that a part stands in; a loop or a question without braces counts with the statement below it. */
function wholeOf(part: Part): Part {
  let whole = part;
  while (whole.parent && !wholes.test(whole.type)) whole = whole.parent;
  while (whole.parent && /^(For|If|While)/.test(whole.parent.type)) whole = whole.parent;
  return whole;
}

/**
 * Casts of a file of which no comment `SAFETY:` says why they hold: above the statement or the line of the cast, or within the
 * statement, before it.
 */
export function castsWithoutReason(source: Source): string[] {
  const { parts, comments } = parsed(source);
  const reasons = comments.filter(({ value }) => value.includes('SAFETY:'));
  const given = (part: Part) => {
    const whole = wholeOf(part);
    const from = whole.start;
    return reasons.some(({ start }) => {
      const comment = lineAt(source.text, endOfComment(source, start));
      return (
        comment === lineAt(source.text, from) - 1 ||
        comment === lineAt(source.text, part.start) - 1 ||
        (start > from && start < part.end)
      );
    });
  };
  return parts
    .filter((part) => isCast(source, part) && !given(part))
    .map((part) => `${source.file}:${lineAt(source.text, part.start)}`);
}

/** The end of the comment that begins at `start`, with the lines of `//` that go on below it. */
function endOfComment({ text }: Source, start: number): number {
  const rest = text.slice(start);
  const [whole] = /^\/\*[\s\S]*?\*\/|^\/\/[^\n]*(\n\s*\/\/[^\n]*)*/.exec(rest) ?? [''];
  return start + whole.length;
}
