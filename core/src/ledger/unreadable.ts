import type * as z from 'zod';
import { brief } from '../contracts/plain-text.ts';
import { memberOf } from '../members.ts';

/** A record that is there and cannot be read as what it says it is. */
export interface Unreadable {
  /** Of the record. */
  id: string;
  subject: string;
  /** In plain words: which members of it are wrong, and how. */
  why: string;
}

/** Members that are named: the rest is much the same. */
const mostNamed = 3;

/** What a parser found, in words that need no knowledge of it. body: what was parsed. */
export function whyUnreadable({ issues }: z.ZodError, body: unknown): string {
  const said = issues.slice(0, mostNamed).map((issue) => says(issue, body));
  const more = issues.length - said.length;
  return `${said.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

function says(issue: z.core.$ZodIssue, body: unknown): string {
  const at = issue.path.map(String).join('.');
  const name = at ? `“${brief(at, 60)}”` : 'the record itself';
  const value = issue.path.reduce<unknown>((inner, key) => memberOf(inner, key), body);
  if (value === undefined) return `${name} is missing`;
  if (issue.code === 'invalid_type') return `${name} is not of the type ${issue.expected}`;
  if (issue.code === 'invalid_value') return `${name} is not ${oneOf(issue.values)}`;
  return `${name} has a form that this Bregma does not know`;
}

const oneOf = (values: unknown[]) => (values.length === 1 ? String(values[0]) : `one of ${values.join(', ')}`);
