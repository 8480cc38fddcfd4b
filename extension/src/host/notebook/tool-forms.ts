import { readFile } from 'node:fs/promises';
import { ToolForm } from '@bregma/core/contracts/tool-form';
import * as z from 'zod';
import type { App } from '../app.ts';

let forms: Promise<ToolForm[]> | undefined;

/** What the servers advertise, as the build wrote it down. */
export function toolForms({ context }: App): Promise<ToolForm[]> {
  forms ??= readFile(context.asAbsolutePath('servers/tools.json'), 'utf8').then((text) =>
    z.array(ToolForm).parse(JSON.parse(text)),
  );
  return forms;
}
