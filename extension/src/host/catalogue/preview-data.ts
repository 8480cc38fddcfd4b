import { copyFile, mkdtemp, open, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { saidBy } from '@bregma/core/errors';
import { memberOf } from '@bregma/core/members';
import * as vscode from 'vscode';
import { addedRelease, firstTable } from '../../catalogue/added.ts';
import {
  columnTypes,
  type PreviewLine,
  previewLines,
  type ReadOptions,
  settings,
  sizeOf,
  withSetting,
  withType,
} from '../../catalogue/preview.ts';
import { rowsOf } from '../../catalogue/words.ts';
import { Servers } from '../../servers.ts';
import type { App } from '../app.ts';
import { longWork } from '../long-work.ts';

/** Of a text that is larger, the first part is looked at, bytes. */
const mostBytes = 5_000_000;
const texts = /\.(csv|tsv|txt)$/i;

/**
 * Shows how a file would be read, and lets a person decide otherwise: in records of its own that are thrown away, so that nothing is
 * added before they say so. Resolves with the options that they chose; undefined: it is not to be added.
 */
export async function previewData(app: App, file: string): Promise<ReadOptions | undefined> {
  const scratch = await mkdtemp(path.join(tmpdir(), 'bregma-preview-'));
  const places = app.places();
  const servers = new Servers(() => ({ ...places, workspace: scratch, open: [...(places.open ?? []), scratch] }));
  try {
    const { source, cut } = await lookedAt(file, scratch);
    for (let options: ReadOptions = {}; ; ) {
      const read = await longWork(`Reading ${path.basename(file)}`, (signal) =>
        readIn(servers, source, options, signal).then(
          (found) => ({ found }),
          (error) => ({ problem: saidBy(error), error }),
        ),
      );
      if (!read) return undefined;
      if ('problem' in read && Object.keys(options).length === 0) throw read.error;
      const next = 'problem' in read ? await mend(read.problem, options) : await decide(file, read.found, options, cut);
      if (next === undefined || next === 'add') return next && options;
      options = next;
    }
  } finally {
    await servers.restart();
    await rm(scratch, { recursive: true, force: true, maxRetries: 3 }).catch(() => {});
  }
}

/** The file, or a copy of the first lines of a large text. */
async function lookedAt(file: string, scratch: string): Promise<{ source: string; cut: boolean }> {
  if (!texts.test(file) || (await stat(file)).size <= 2 * mostBytes) return { source: file, cut: false };
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(mostBytes), 0, mostBytes, 0);
    const end = buffer.subarray(0, bytesRead).lastIndexOf(10) + 1;
    const source = path.join(scratch, path.basename(file));
    if (end === 0) await copyFile(file, source);
    else await writeFile(source, buffer.subarray(0, end));
    return { source, cut: end > 0 };
  } finally {
    await handle.close();
  }
}

interface Read {
  lines: PreviewLine[];
  size: string;
}

async function readIn(servers: Servers, source: string, options: ReadOptions, signal: AbortSignal): Promise<Read> {
  const { value } = await servers.call('atlas', 'add_data', { source, options }, { signal });
  const table = firstTable(value);
  const sql = table === undefined ? undefined : rowsOf(addedRelease(value), table);
  const rows = sql ? memberOf((await servers.call('atlas', 'query_data', { sql }, { signal })).value, 'rows') : [];
  const listed = Array.isArray(rows) ? rows.map((row) => (Array.isArray(row) ? row : Object.values(row))) : [];
  return { lines: previewLines(value, listed, options), size: sizeOf(value) };
}

/** What a person does with a file as it is read now: they add it, have it read otherwise, or leave it. */
async function decide(
  file: string,
  { lines, size }: Read,
  options: ReadOptions,
  cut: boolean,
): Promise<ReadOptions | 'add' | undefined> {
  const part = cut ? 'its first 5 MB' : 'the whole file';
  const chosen = await vscode.window.showQuickPick(lines, {
    title: `Add ${path.basename(file)} (${part}: ${size})`,
    placeHolder: 'Enter adds it. Choose a column or what was decided to have it read otherwise.',
    matchOnDescription: true,
    ignoreFocusOut: true,
  });
  if (!chosen) return undefined;
  const { does } = chosen;
  if (does.is === 'add') return 'add';
  if (does.is === 'type') return (await chooseType(does.column, options)) ?? options;
  if (does.is === 'setting') return (await chooseSetting(does.name, options)) ?? options;
  return options;
}

async function chooseType(column: string, options: ReadOptions): Promise<ReadOptions | undefined> {
  const type = await vscode.window.showQuickPick([...columnTypes], {
    title: `Read ${column} as`,
    ignoreFocusOut: true,
  });
  const known = columnTypes.find((one) => one === type);
  return known && withType(options, column, known);
}

async function chooseSetting(given: string | undefined, options: ReadOptions): Promise<ReadOptions | undefined> {
  if (given === 'types') return undefined;
  const listed = Object.entries(settings).map(([label, description]) => ({ label, description }));
  const name =
    given ?? (await vscode.window.showQuickPick(listed, { title: 'What to decide', ignoreFocusOut: true }))?.label;
  if (name === undefined) return undefined;
  const was = options[name];
  const typed = await vscode.window.showInputBox({
    title: `Option ${name}`,
    prompt: `${settings[name] ?? 'As the documentation of add_data says'}. Empty: as Bregma decides.`,
    value: was === undefined ? '' : typeof was === 'string' ? was : JSON.stringify(was),
    ignoreFocusOut: true,
  });
  return typed === undefined ? undefined : withSetting(options, name, typed);
}

/** The file cannot be read so: a person takes the last decisions back, or leaves it. */
async function mend(
  problem: { message: string; next?: string },
  options: ReadOptions,
): Promise<ReadOptions | undefined> {
  const [back, other] = ['Take It Back', 'Read It Otherwise…'];
  const said = [problem.message, problem.next].filter(Boolean).join(' ');
  const chosen = await vscode.window.showWarningMessage(said, { modal: true }, back, other);
  if (chosen === undefined) return undefined;
  return chosen === back ? {} : ((await chooseSetting(undefined, options)) ?? options);
}
