// Made by `npm run gen` from the files of this folder. Do not edit.
import type { SqlFunction } from './sql-function.ts';
import { cellsIn } from './cells-in.ts';
import { descendants } from './descendants.ts';
import { psth } from './psth.ts';
import { sem } from './sem.ts';
import { spikeCount } from './spike-count.ts';
import { tuning } from './tuning.ts';

export const sqlFunctions: SqlFunction[] = [cellsIn, descendants, psth, sem, spikeCount, tuning];
