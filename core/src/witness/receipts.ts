import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { fingerprint } from '../approval/statement.ts';
import { canonicalJson } from '../canonical.ts';
import { Receipt, type ReceiptStatement } from '../contracts/receipt.ts';

/** The bytes that a witness signs: a line that says what this is, then the canonical JSON of the statement. */
const signedBytes = (statement: ReceiptStatement) => Buffer.from(`bregma receipt 1\n${canonicalJson(statement)}`);

/** A receipt over a statement. */
export function signReceipt(statement: ReceiptStatement, privateKey: KeyObject): Receipt {
  return { statement, signature: sign(null, signedBytes(statement), privateKey).toString('base64') };
}

/** The public key of a witness as a workspace keeps it: DER (SPKI), base64. Throws when it is none. */
export const publicKeyOf = (text: string): KeyObject =>
  createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });

/** True for a receipt that this witness signed about this workspace. key: as `publicKeyOf` takes it. */
export function isReceiptOf(receipt: unknown, workspace: string, key: string): receipt is Receipt {
  const parsed = Receipt.safeParse(receipt);
  if (!parsed.success || parsed.data.statement.workspace !== workspace) return false;
  try {
    const publicKey = publicKeyOf(key);
    const { statement, signature } = parsed.data;
    if (publicKey.asymmetricKeyType !== 'ed25519' || statement.witness !== fingerprint(publicKey)) return false;
    return verify(null, signedBytes(statement), publicKey, Buffer.from(signature, 'base64'));
  } catch {
    return false;
  }
}
