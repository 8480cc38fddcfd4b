import type { KeyObject } from 'node:crypto';
import { Receipt, type ReceiptStatement } from '../contracts/receipt.ts';
import { isSigned, signatureOf } from '../service/signed.ts';

const heading = 'receipt';

/** A receipt over a statement. */
export function signReceipt(statement: ReceiptStatement, privateKey: KeyObject): Receipt {
  return { statement, signature: signatureOf(heading, statement, privateKey) };
}

/** True for a receipt that this witness signed about this workspace. key: as `publicKeyOf` takes it. */
export function isReceiptOf(receipt: unknown, workspace: string, key: string): receipt is Receipt {
  const parsed = Receipt.safeParse(receipt);
  if (!parsed.success || parsed.data.statement.workspace !== workspace) return false;
  return isSigned(heading, parsed.data, { key, by: parsed.data.statement.witness });
}
