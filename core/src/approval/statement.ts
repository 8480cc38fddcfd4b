import { createHash, type KeyObject } from 'node:crypto';
import { canonicalJson, digestOf } from '../canonical.ts';
import type { ApprovalStatement, PlanContent, PlanRecord } from '../contracts/experiment.ts';
import { contentId } from '../ids.ts';

/** The bytes that a person signs: a line that says what this is, then the canonical JSON of the statement. */
export function signedBytes(statement: ApprovalStatement): Buffer {
  return Buffer.from(`bregma approval 1\n${canonicalJson(statement)}`);
}

/** sha256 over the DER (SPKI) of a public key, hex. */
export function fingerprint(publicKey: KeyObject): string {
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

/** The plan's record: its hash over the canonical JSON of everything in it, and its id from the hash. */
export function sealPlan(content: PlanContent): PlanRecord {
  const hash = digestOf(content);
  return { id: contentId('plan', hash), hash, content };
}
