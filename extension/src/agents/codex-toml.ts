import { isDeepStrictEqual } from 'node:util';
import { BregmaError } from '@bregma/core/errors';
import { parse, TomlError } from 'smol-toml';
import type { ConfigFormat, ServerEntries, ServerEntry } from './config-format.ts';

/**
 * `config.toml` of Codex: a table `[mcp_servers.NAME]` a server. Tables are appended and cut out as text, then the whole is parsed
 * again: it must mean what it meant before, plus or minus the entries, or nothing is changed.
 */
export const codexToml: ConfigFormat = {
  read: (text) => servers(parsed(text)),
  add(text, entries) {
    const eol = text.includes('\r\n') ? '\r\n' : '\n';
    const base = cut(text, Object.keys(entries));
    const gap = base === '' ? '' : base.endsWith('\n') ? eol : eol + eol;
    const block = Object.entries(entries).map(([name, entry]) => table(name, entry, eol));
    return checked(text, base + gap + block.join(eol), entries, []);
  },
  remove(text, names) {
    return checked(text, cut(text, names), {}, names);
  },
};

/** The new text, if it differs from the old one in these entries alone. */
function checked(before: string, after: string, added: ServerEntries, removed: string[]): string {
  const wanted = { ...servers(parsed(before)), ...added };
  for (const name of removed) delete wanted[name];
  const { mcp_servers: _old, ...otherThings } = parsed(before);
  let now: Record<string, unknown>;
  try {
    now = parse(after, { integersAsBigInt: 'asNeeded' });
  } catch {
    now = {};
  }
  const { mcp_servers: found = {}, ...stillThere } = now;
  if (isDeepStrictEqual(meaning([found, stillThere]), meaning([wanted, otherThings]))) return after;
  throw new BregmaError('bad-input', 'The servers of this file are written in a form that cannot be edited safely.', {
    next: 'Write each server as a table [mcp_servers.NAME], or edit the entries by hand; nothing was changed.',
  });
}

/** Plain objects, with every digit of integers and times. */
function meaning(value: unknown): unknown {
  const exact = (_: string, member: unknown) =>
    typeof member === 'bigint' || typeof member === 'number' ? `${typeof member} ${member}` : member;
  return JSON.parse(JSON.stringify(value, exact));
}

function parsed(text: string): Record<string, unknown> {
  try {
    return parse(text, { integersAsBigInt: 'asNeeded' });
  } catch (error) {
    const where = error instanceof TomlError ? `${error.message.split('\n')[0]} (line ${error.line})` : String(error);
    throw new BregmaError('bad-input', `The file cannot be read as TOML: ${where}.`, {
      next: 'Mend it and try again; nothing was changed.',
    });
  }
}

function servers(root: Record<string, unknown>): Record<string, unknown> {
  const found = root.mcp_servers ?? {};
  // SAFETY: an object and no list; what its members are is not said.
  if (typeof found === 'object' && !Array.isArray(found)) return found as Record<string, unknown>;
  throw new BregmaError('bad-input', '`mcp_servers` is no table in this file.', {
    next: 'Mend it and try again; nothing was changed.',
  });
}

/** The text without the tables of these servers and the blank line before each. Comments before the next table stay. */
function cut(text: string, names: string[]): string {
  const kept: string[] = [];
  let inside = false;
  let loose: string[] = [];
  for (const line of text.split(/(?<=\n)/)) {
    const header = /^\s*\[\s*mcp_servers\s*\.\s*("?)([A-Za-z0-9_-]+)\1\s*(\.[^\]]*)?\]/.exec(line);
    const wasInside = inside;
    if (header) inside = names.includes(header[2]);
    else if (/^\s*\[/.test(line)) inside = false;
    if (inside) {
      if (!wasInside && kept.at(-1)?.trim() === '') kept.pop();
      loose = /^\s*(#.*)?\s*$/.test(line) ? [...loose, line] : [];
      continue;
    }
    kept.push(...loose, line);
    loose = [];
  }
  kept.push(...loose.filter((line) => line.trim() !== ''));
  return kept.join('');
}

function table(name: string, { command, args, env }: ServerEntry, eol: string): string {
  const lines = [
    `[mcp_servers.${name}]`,
    `command = ${quoted(command)}`,
    `args = [${args.map(quoted).join(', ')}]`,
    ...(env
      ? [
          `env = { ${Object.entries(env)
            .map(([key, value]) => `${key} = ${quoted(value)}`)
            .join(', ')} }`,
        ]
      : []),
  ];
  return lines.map((line) => line + eol).join('');
}

/** A TOML string. JSON's escapes are TOML's, but for DEL, which TOML wants escaped. */
const quoted = (text: string) => JSON.stringify(text).replaceAll('\u007f', '\\u007f');
