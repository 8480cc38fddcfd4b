// Made by `npm run gen` from the files of this folder. Do not edit.
import { activities } from './activities.ts';
import { comparison } from './comparison.ts';
import { counts } from './counts.ts';
import { recordModel } from './record-model.ts';
import { record } from './record.ts';
import { records } from './records.ts';
import { trace } from './trace.ts';
import { verify } from './verify.ts';

export const queries = { activities, comparison, counts, recordModel, record, records, trace, verify };
