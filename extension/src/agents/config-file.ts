import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import type { ConfigFormat, ServerEntries } from './config-format.ts';

/** A change of a configuration file, before it is made. before undefined: there is no file yet. */
export interface ConfigChange {
  file: string;
  before: string | undefined;
  after: string;
}

const bom = '\ufeff';

/** The text of a file, or undefined when there is none. Throws `bad-input` when it is no UTF-8. */
export function readConfig(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(file));
  } catch (error) {
    throw new BregmaError('bad-input', `${file} cannot be read: ${error instanceof Error ? error.message : error}.`, {
      next: 'Mend it and try again; nothing was changed.',
    });
  }
}

/** What the file would be with these entries. Throws when what is there cannot be read. */
export function planConnect(file: string, format: ConfigFormat, entries: ServerEntries): ConfigChange {
  const before = readConfig(file);
  const edit = (text: string) => format.add(text, entries);
  return { file, before, after: named(file, () => withoutMark(before ?? '', edit)) };
}

/** What undoing `change` restores: also what an earlier change of ours, that it builds on, found there. */
export function sinceFirst(change: ConfigChange, earlier: ConfigChange | undefined): ConfigChange {
  const builds = earlier?.file === change.file && earlier.after === change.before;
  return builds ? { ...change, before: earlier.before } : change;
}

/**
 * What the file would be without the entries: what it was before `made`, if nobody has changed it since; else its own text without
 * them. after undefined: there was no file.
 */
export function planDisconnect(
  file: string,
  format: ConfigFormat,
  names: string[],
  made: ConfigChange | undefined,
): { file: string; before: string | undefined; after: string | undefined } {
  const before = readConfig(file);
  if (made && made.file === file && made.after === before) return { file, before, after: made.before };
  if (before === undefined) return { file, before, after: undefined };
  return { file, before, after: named(file, () => withoutMark(before, (text) => format.remove(text, names))) };
}

/** Writes a planned change whole, through a temporary file. Throws `conflict` when the file is not as it was planned on. */
export function writeConfig({ file, before, after }: { file: string; before?: string; after?: string }): void {
  if (readConfig(file) !== before) {
    throw new BregmaError('conflict', `${file} was changed meanwhile.`, {
      next: 'Run the command again; nothing was written.',
    });
  }
  if (after === undefined) {
    rmSync(file, { force: true });
    return;
  }
  mkdirSync(path.dirname(file), { recursive: true });
  const target = existsSync(file) ? realpathSync(file) : file;
  const temporary = `${target}.bregma-${process.pid}`;
  try {
    writeFileSync(temporary, after, { flag: 'wx', mode: 0o600 });
    chmodSync(temporary, existsSync(target) ? statSync(target).mode & 0o777 : 0o644);
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw new BregmaError(
      'failed',
      `${file} could not be written: ${error instanceof Error ? error.message : error}.`,
      {
        next: 'Nothing was changed. Check that you may write in that folder.',
      },
    );
  }
}

/** Edits what follows a byte order mark, and keeps the mark. */
function withoutMark(text: string, edit: (text: string) => string): string {
  return text.startsWith(bom) ? bom + edit(text.slice(1)) : edit(text);
}

/** Says which file an error is about. */
function named<Value>(file: string, work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof BregmaError)) throw error;
    throw new BregmaError(error.code, `${file}: ${error.message}`, { next: error.next });
  }
}
