// Made by `npm run gen` from the files of this folder. Do not edit.
import type { TableTest } from './table-test.ts';
import { association } from './association.ts';
import { difference } from './difference.ts';
import { tuning } from './tuning.ts';

export const tableTests: TableTest[] = [association, difference, tuning];
