// Made by `npm run gen` from the files of this folder. Do not edit.
import { milestones } from './milestones.ts';
import { record } from './record.ts';
import { records } from './records.ts';

export const queries = { milestones, record, records };
