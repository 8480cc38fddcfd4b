import type { KeyObject } from 'node:crypto';
import { ScoreReceipt, type ScoreStatement } from '../contracts/score.ts';
import { isSigned, signatureOf } from '../service/signed.ts';

const heading = 'score';

/** A receipt over what a scorer says. A member that is not there is left out of it. */
export function signScore(statement: ScoreStatement, privateKey: KeyObject): ScoreReceipt {
  // What is signed is what JSON carries.
  const carried: ScoreStatement = JSON.parse(JSON.stringify(statement));
  return { statement: carried, signature: signatureOf(heading, carried, privateKey) };
}

/** True for a receipt that the scorer of this key signed. key: DER (SPKI), base64. */
export function isScoreOf(receipt: unknown, key: string): receipt is ScoreReceipt {
  const parsed = ScoreReceipt.safeParse(receipt);
  return parsed.success && isSigned(heading, parsed.data, { key, by: parsed.data.statement.scorer });
}
