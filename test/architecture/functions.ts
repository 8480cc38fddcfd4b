import type { Source } from './rules.ts';
import { lineAt, parsed } from './syntax.ts';

/** Lines of each function and method of a file that has a name, from its first to its last. */
export function functionLengths(source: Source): number[] {
  return parsed(source)
    .parts.filter(
      ({ type, parent }) =>
        type === 'FunctionDeclaration' ||
        type === 'FunctionExpression' ||
        (type === 'ArrowFunctionExpression' && parent?.type === 'VariableDeclarator'),
    )
    .map(({ start, end }) => lineAt(source.text, end) - lineAt(source.text, start) + 1);
}

/** The middle of numbers; of an even count the upper of the two. */
export const median = (numbers: number[]): number => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
