// Made by `npm run gen` from the files of this folder. Do not edit.
import { activities } from './activities.ts';
import { atlasOffers } from './atlas-offers.ts';
import { card } from './card.ts';
import { catalogue } from './catalogue.ts';
import { claims } from './claims.ts';
import { comparison } from './comparison.ts';
import { counts } from './counts.ts';
import { crate } from './crate.ts';
import { draftSources } from './draft-sources.ts';
import { experimentList } from './experiment-list.ts';
import { hypothesisBoard } from './hypothesis-board.ts';
import { hypothesisCard } from './hypothesis-card.ts';
import { milestones } from './milestones.ts';
import { names } from './names.ts';
import { newPlans } from './new-plans.ts';
import { objectText } from './object-text.ts';
import { planCard } from './plan-card.ts';
import { publishPage } from './publish-page.ts';
import { recordModel } from './record-model.ts';
import { record } from './record.ts';
import { records } from './records.ts';
import { trace } from './trace.ts';
import { verify } from './verify.ts';

export const queries = { activities, atlasOffers, card, catalogue, claims, comparison, counts, crate, draftSources, experimentList, hypothesisBoard, hypothesisCard, milestones, names, newPlans, objectText, planCard, publishPage, recordModel, record, records, trace, verify };
