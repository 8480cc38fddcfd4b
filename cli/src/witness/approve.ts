import { userInfo } from 'node:os';
import type { SigningKey } from '@bregma/core/approval/keys';
import { type SignedFor, signStatement } from '@bregma/core/approval/sign';
import { sealPlan } from '@bregma/core/approval/statement';
import type { Meaning, PlanRecord } from '@bregma/core/contracts/experiment';
import { BregmaError } from '@bregma/core/errors';
import type { ServicePlace } from '@bregma/core/service/place';
import { askWitness } from '@bregma/core/witness/client';
import { witnessPlace } from '@bregma/core/witness/place';

/** A plan that a witness holds, and the workspace in which it may run. */
export interface HeldPlan {
  place: ServicePlace;
  plan: PlanRecord;
  workspace: string;
  name: string;
}

/** Fetches a plan from the witness. Throws `missing` when none is named, and `corrupt` when what comes is not the plan of this id. */
export async function heldPlan(id: string): Promise<HeldPlan> {
  const place = witnessPlace();
  if (!place)
    throw new BregmaError('missing', 'Nobody says where the witness is.', {
      next: 'Set BREGMA_WITNESS (unix:/PATH or http://HOST:PORT) and BREGMA_WITNESS_TOKEN.',
    });
  const held = await askWitness(place, 'plan', { plan: id });
  const sealed = sealPlan(held.plan.content);
  if (sealed.id !== id || sealed.hash !== held.plan.hash)
    throw new BregmaError('corrupt', `What the witness has as ${id} is another plan: nothing was signed.`);
  return { place, ...held };
}

/** Signs a plan that was read, and hands the signature to the witness. Returns what the command prints. */
export async function approveHeld(
  { place, plan, workspace }: HeldPlan,
  key: SigningKey,
  { by = userInfo().username, ...options }: Omit<SignedFor, 'workspace' | 'by'> & { by?: string; meaning: Meaning },
): Promise<Record<string, unknown>> {
  const approval = signStatement(plan, key, { by, workspace, ...options });
  const { approval: id, expires } = await askWitness(place, 'approve', { workspace, plan: plan.id, approval });
  return {
    approval: id,
    plan: plan.id,
    hash: plan.hash,
    meaning: options.meaning,
    demo: false,
    expires,
    witness: place.address,
  };
}
