// Made by `npm run gen` from the files of this folder. Do not edit.
import { record } from './record.ts';
import { records } from './records.ts';

export const queries = { record, records };
