// Made by `npm run gen` from the files of this folder. Do not edit.
import { atlasModel } from './atlas-model.ts';
import { notebookColumns } from './notebook-columns.ts';
import { notebookFacts } from './notebook-facts.ts';
import { notebookHypothesis } from './notebook-hypothesis.ts';
import { notebookPictures } from './notebook-pictures.ts';
import { notebookResultFile } from './notebook-result-file.ts';
import { notebookRows } from './notebook-rows.ts';
import { notebookSessionCalls } from './notebook-session-calls.ts';
import { notebookSessions } from './notebook-sessions.ts';
import { notebookView } from './notebook-view.ts';

export const queries = { atlasModel, notebookColumns, notebookFacts, notebookHypothesis, notebookPictures, notebookResultFile, notebookRows, notebookSessionCalls, notebookSessions, notebookView };
