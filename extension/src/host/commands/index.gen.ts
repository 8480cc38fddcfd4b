// Made by `npm run gen` from the files of this folder. Do not edit.
import type { Command } from '../app.ts';
import { exportNotebook } from './export-notebook.ts';
import { importNotebook } from './import-notebook.ts';
import { insertSqlCell } from './insert-sql-cell.ts';
import { nameCell } from './name-cell.ts';
import { newNotebook } from './new-notebook.ts';
import { pinReleases } from './pin-releases.ts';
import { saveResult } from './save-result.ts';
import { sessionToNotebook } from './session-to-notebook.ts';
import { showRecord } from './show-record.ts';

export const commands: Command[] = [exportNotebook, importNotebook, insertSqlCell, nameCell, newNotebook, pinReleases, saveResult, sessionToNotebook, showRecord];
