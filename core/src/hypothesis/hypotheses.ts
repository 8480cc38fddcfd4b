import * as z from 'zod';
import { digestOf } from '../canonical.ts';
import { HypothesisContent, type HypothesisRecord, type Prediction } from '../contracts/hypothesis.ts';
import { BregmaError, unknownName } from '../errors.ts';
import { contentId } from '../ids.ts';
import type { LedgerReader } from '../ledger/ledger.ts';
import { asRead, type LedgerRecord } from '../ledger/records.ts';
import { nearest } from '../nearest.ts';

/** The record of this content: content-addressed, so the same words are the same hypothesis. Throws `bad-input`. */
export function draftOf(content: unknown): HypothesisRecord {
  const parsed = HypothesisContent.safeParse(content);
  if (!parsed.success) throw new BregmaError('bad-input', z.prettifyError(parsed.error).replaceAll('\n', ' '));
  const digest = digestOf(parsed.data);
  return { id: contentId('hyp', digest), state: 'draft', content: parsed.data, digest };
}

/** Hypotheses of the workspace by id, in order of their first record. */
export function listHypotheses(ledger: LedgerReader): Map<string, LedgerRecord<'hypothesis'>[]> {
  const byId = new Map<string, LedgerRecord<'hypothesis'>[]>();
  for (const record of ledger.list('hypothesis')) {
    const records = byId.get(record.subject) ?? [];
    records.push(record);
    byId.set(record.subject, records);
  }
  return byId;
}

/**
 * The first record of a hypothesis in this state. Throws `unknown-name` with the nearest ids, `conflict` when it is not in
 * that state, and `corrupt` when its content no longer matches its digest.
 */
export function findHypothesis(
  ledger: LedgerReader,
  id: string,
  state: 'draft' | 'frozen',
): LedgerRecord<'hypothesis'> {
  const stored = ledger.stored('hypothesis', id);
  if (stored.length === 0)
    throw unknownName(
      'hypothesis',
      id,
      nearest(id, listHypotheses(ledger).keys()),
      'Call find_records or record_hypothesis.',
    );
  const records = stored.flatMap((one) => asRead(one) ?? []);
  const record = records.find(({ body }) => body.state === state);
  if (!record && records.length === stored.length)
    throw new BregmaError('conflict', `Hypothesis ${id} is not ${state}.`, {
      next: 'Freeze it with freeze_hypothesis before it is planned for or tested.',
    });
  if (!record || digestOf(record.body.content) !== record.body.digest || !id.endsWith(record.body.digest.slice(0, 16)))
    throw new BregmaError('corrupt', `Hypothesis ${id} was changed: its content does not match its digest.`, {
      next: 'Run `bregma verify`, then record the hypothesis again.',
    });
  return record;
}

/** The prediction of that id; the only one when `id` is left out. */
export function findPrediction(hypothesis: HypothesisRecord, id: string | undefined): Prediction {
  const { predictions } = hypothesis.content;
  const ids = predictions.map((prediction) => prediction.id);
  if (id === undefined && predictions.length > 1)
    throw new BregmaError('bad-input', `${hypothesis.id} has ${predictions.length} predictions; each test is of one.`, {
      next: `Name one as prediction: ${ids.join(', ')}.`,
    });
  const found = predictions.find((prediction) => prediction.id === (id ?? ids[0]));
  if (!found)
    throw unknownName('prediction', id ?? '', nearest(id ?? '', ids), `${hypothesis.id} has ${ids.join(', ')}.`);
  return found;
}
