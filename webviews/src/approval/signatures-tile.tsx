import type { Meaning } from '@bregma/core/contracts/experiment';
import { plain } from '@bregma/core/contracts/plain-text';
import type { Shown } from '../kit/component.tsx';
import { moment } from '../kit/lab-format.ts';
import type { PlanModel } from './model.ts';

const meanings: Record<Meaning, string> = { approve: 'approved', review: 'reviewed', reject: 'rejected' };
const standings: Record<string, string> = {
  valid: 'may be used once',
  used: 'used',
  expired: 'expired unused',
  'only-reviewed': 'permits no run',
  withdrawn: 'withdraws earlier approvals',
  'untrusted-key': 'void: key not trusted here',
  forged: 'void: forged or changed',
  'other-plan': 'void: made for another plan',
  malformed: 'void: no signature',
  'not-yet-valid': 'void: dated in the future',
};

/** Who signed, what it means, and whether it still counts. */
export function SignaturesTile({ model: { signatures }, host }: Shown<PlanModel>) {
  return (
    <section class="tile" aria-labelledby="signatures">
      <h2 id="signatures">Signatures</h2>
      {signatures.length === 0 ? (
        <p class="quiet">Nobody has signed it.</p>
      ) : (
        <ul class="plain signatures">
          {signatures.map((signature) => (
            <Signature key={signature.id} signature={signature} open={(id) => host.send('open-record', { id })} />
          ))}
        </ul>
      )}
    </section>
  );
}

interface Row {
  signature: PlanModel['signatures'][number];
  open(id: string): void;
}

function Signature({ signature, open }: Row) {
  const { id, by, meaning, signedAt, expires, comment, demo, standing, why } = signature;
  return (
    <li data-standing={standing}>
      <p class="row spread">
        <span>
          <strong>{plain(by, 100)}</strong>
          {` ${meaning ? meanings[meaning] : 'left'} it`}
        </span>
        <strong class={standing === 'valid' ? 'valid' : 'quiet'}>{standings[standing] ?? plain(standing, 60)}</strong>
      </p>
      <p class="quiet">
        {`${moment(signedAt)}${meaning === 'approve' ? `, until ${moment(expires)}` : ''}. `}
        <button type="button" class="link" data-focus={`signature ${id}`} onClick={() => open(id)}>
          {id}
        </button>
      </p>
      {comment !== undefined && <p>“{plain(comment, 500)}”</p>}
      {demo && <p class="note warn">Demonstration key: no person stands behind it.</p>}
      {why !== undefined && /untrusted|forged|other|malformed|not-yet/.test(standing) && (
        <p class="note bad">{plain(why, 400)}</p>
      )}
    </li>
  );
}
