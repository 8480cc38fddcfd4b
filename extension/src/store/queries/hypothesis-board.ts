import type { BoardModel } from '@bregma/webviews/board/model';
import { boardOf } from '../../hypotheses/board.ts';
import { readBudget, readLab } from '../read-lab.ts';
import type { ReadStore } from './query.ts';

/** Every hypothesis by where it stands. */
export const hypothesisBoard = (store: ReadStore, trusted: boolean): BoardModel =>
  boardOf(readLab(store, new Date()).hypotheses, readBudget(store.ledger), trusted);
