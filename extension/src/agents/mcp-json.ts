import { isDeepStrictEqual } from 'node:util';
import { BregmaError } from '@bregma/core/errors';
import { findNodeAtLocation, type ParseError, parse, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { ConfigFormat } from './config-format.ts';

/** `.mcp.json` of Claude Code: `{ "mcpServers": { NAME: { command, args, env } } }`. */
export const mcpJson: ConfigFormat = {
  read(text) {
    if (text.trim() === '') return {};
    const errors: ParseError[] = [];
    const root: unknown = parse(text, errors, { disallowComments: true });
    if (errors.length > 0) {
      const [{ error, offset }] = errors;
      throw unreadable(`${printParseErrorCode(error)} in line ${text.slice(0, offset).split('\n').length}`);
    }
    if (!isObject(root)) throw unreadable('it is no JSON object');
    if (root.mcpServers === undefined) return {};
    if (!isObject(root.mcpServers)) throw unreadable('"mcpServers" is no object');
    return root.mcpServers;
  },
  add(text, entries) {
    const there = this.read(text);
    let now = text.trim() === '' ? '{}\n' : text;
    if (!('mcpServers' in parse(now))) now = put(now, [], 'mcpServers', {});
    for (const [name, entry] of Object.entries(entries))
      if (!isDeepStrictEqual(there[name], entry)) now = put(now, ['mcpServers'], name, entry);
    return now;
  },
  remove(text, names) {
    const there = this.read(text);
    return names.filter((name) => name in there).reduce((now, name) => cut(now, name), text);
  },
};

/** The text with one member of an object written anew, or put behind its last one, in the file's own indentation. Nothing else is touched. */
function put(text: string, path: string[], name: string, value: object): string {
  const tree = parseTree(text)!;
  const object = findNodeAtLocation(tree, path)!;
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const indent = /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ';
  const inner = indent.repeat(path.length + 1);
  const json = JSON.stringify(value, null, indent).replaceAll('\n', eol + inner);
  const old = findNodeAtLocation(tree, [...path, name]);
  if (old) return splice(text, old.offset, old.offset + old.length, json);
  const last = object.children?.at(-1);
  const member = `${eol}${inner}${JSON.stringify(name)}: ${json}`;
  if (last) return splice(text, last.offset + last.length, last.offset + last.length, `,${member}`);
  return splice(text, object.offset, object.offset + object.length, `{${member}${eol}${indent.repeat(path.length)}}`);
}

/** The text without one server, its comma, and the white space before it. */
function cut(text: string, name: string): string {
  const tree = parseTree(text)!;
  const members = findNodeAtLocation(tree, ['mcpServers'])?.children ?? [];
  const at = members.findIndex(({ children }) => children?.[0].value === name);
  const [before, own, after] = [members[at - 1], members[at], members[at + 1]];
  if (before) return splice(text, before.offset + before.length, own.offset + own.length, '');
  return splice(text, own.offset, after ? after.offset : own.offset + own.length, '');
}

function splice(text: string, from: number, to: number, put: string): string {
  return text.slice(0, from) + put + text.slice(to);
}

function unreadable(why: string): BregmaError {
  return new BregmaError('bad-input', `The file cannot be read as JSON: ${why}.`, {
    next: 'Mend it and try again; nothing was changed.',
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
