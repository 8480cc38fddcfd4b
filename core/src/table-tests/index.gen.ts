// Made by `npm run gen` from the files of this folder. Do not edit.
import type { TableTest } from './table-test.ts';
import { association } from './association.ts';
import { contingency } from './contingency.ts';
import { custom } from './custom.ts';
import { difference } from './difference.ts';
import { hazard } from './hazard.ts';
import { mixed } from './mixed.ts';
import { odds } from './odds.ts';
import { oneWay } from './one-way.ts';
import { proportion } from './proportion.ts';
import { slope } from './slope.ts';
import { survival } from './survival.ts';
import { trend } from './trend.ts';
import { tuning } from './tuning.ts';
import { twoWay } from './two-way.ts';

export const tableTests: TableTest[] = [association, contingency, custom, difference, hazard, mixed, odds, oneWay, proportion, slope, survival, trend, tuning, twoWay];
