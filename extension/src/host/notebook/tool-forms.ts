import { readFile } from 'node:fs/promises';
import type { ToolForm } from '../../notebook/tools.ts';
import type { App } from '../app.ts';

let forms: Promise<ToolForm[]> | undefined;

/** What the servers advertise, as the build wrote it down. */
export function toolForms({ context }: App): Promise<ToolForm[]> {
  forms ??= readFile(context.asAbsolutePath('servers/tools.json'), 'utf8').then(
    (text) => JSON.parse(text) as ToolForm[],
  );
  return forms;
}
