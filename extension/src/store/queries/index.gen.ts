// Made by `npm run gen` from the files of this folder. Do not edit.
import { draftSources } from './draft-sources.ts';
import { experimentList } from './experiment-list.ts';
import { hypothesisBoard } from './hypothesis-board.ts';
import { hypothesisCard } from './hypothesis-card.ts';
import { newPlans } from './new-plans.ts';
import { planCard } from './plan-card.ts';
import { record } from './record.ts';
import { records } from './records.ts';

export const queries = { draftSources, experimentList, hypothesisBoard, hypothesisCard, newPlans, planCard, record, records };
