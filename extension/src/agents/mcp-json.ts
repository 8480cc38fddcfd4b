import { BregmaError } from '@bregma/core/errors';
import { applyEdits, type FormattingOptions, modify, type ParseError, parse, printParseErrorCode } from 'jsonc-parser';
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
    this.read(text);
    const start = text.trim() === '' ? '{}\n' : text;
    return Object.entries(entries).reduce((now, [name, entry]) => edit(now, name, entry), start);
  },
  remove(text, names) {
    const there = this.read(text);
    return names.filter((name) => name in there).reduce((now, name) => edit(now, name, undefined), text);
  },
};

function edit(text: string, name: string, entry: object | undefined): string {
  return applyEdits(text, modify(text, ['mcpServers', name], entry, { formattingOptions: formatting(text) }));
}

/** The indentation and line ends that the file has. */
function formatting(text: string): FormattingOptions {
  const indent = /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ';
  return {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.startsWith('\t') ? 1 : indent.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
}

function unreadable(why: string): BregmaError {
  return new BregmaError('bad-input', `The file cannot be read as JSON: ${why}.`, {
    next: 'Mend it and try again; nothing was changed.',
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
