import { parseSync, visitorKeys } from 'oxc-parser';
import type { Source } from './rules.ts';

/** A part of a program, with the part that it stands in. Offsets are those of a JavaScript string. */
export interface Part {
  type: string;
  start: number;
  end: number;
  parent?: Part;
  [member: string]: unknown;
}

interface Parsed {
  parts: Part[];
  comments: { value: string; start: number; end: number }[];
  imports: Import[];
}

/** A module that is imported or exported from. atRunTime: not types alone. atOnce: with the file, not when a call asks for it. */
interface Import {
  name: string;
  atRunTime: boolean;
  atOnce: boolean;
}

const isPart = (value: unknown): value is Part =>
  typeof value === 'object' && value !== null && 'type' in value && 'start' in value;

/** Puts a part and all that stands in it into `parts`, outer ones first. */
function collect(part: Part, parts: Part[]): void {
  parts.push(part);
  for (const key of visitorKeys[part.type] ?? []) {
    const children = part[key];
    for (const child of Array.isArray(children) ? children : [children])
      if (isPart(child)) {
        child.parent = part;
        collect(child, parts);
      }
  }
}

const typesAlone = (part: Part) =>
  (part.importKind ?? part.exportKind) === 'type' ||
  (Array.isArray(part.specifiers) &&
    part.specifiers.length > 0 &&
    part.specifiers.every((one) => isPart(one) && (one.importKind ?? one.exportKind) === 'type'));

/** What a part imports: the name as it is written, or undefined for a name that is worked out when it runs. */
function importOf(part: Part): Import | undefined {
  if (!/^(Import(Declaration|Expression)|Export(All|Named)Declaration)$/.test(part.type) || !isPart(part.source))
    return undefined;
  const { value } = part.source;
  const name = typeof value === 'string' ? value : '(worked out)';
  return { name, atRunTime: !typesAlone(part), atOnce: part.type !== 'ImportExpression' };
}

const known = new Map<string, Parsed>();

/** Everything that a file says, as the compiler reads it. A text is read once. */
export function parsed({ file, text }: Source): Parsed {
  const key = `${file}\n${text}`;
  const before = known.get(key);
  if (before) return before;
  const { program, comments, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file} cannot be parsed: ${errors[0].message}`);
  const parts: Part[] = [];
  // SAFETY: a program is a part as any other, and `collect` looks at no more of it than Part names.
  collect(program as unknown as Part, parts);
  const imports = parts.flatMap((part) => importOf(part) ?? []);
  const result = { parts, comments, imports };
  known.set(key, result);
  return result;
}

/** The line of an offset, from 1. */
export const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;
