import type { Meaning } from '@bregma/core/contracts/experiment';
import { h, plain } from '../kit/dom.ts';
import { moment } from '../kit/lab-format.ts';
import type { ViewHost } from '../kit/view.ts';
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
export function signaturesTile({ signatures }: PlanModel, host: ViewHost): HTMLElement {
  return h(
    'section',
    { class: 'tile', 'aria-labelledby': 'signatures' },
    h('h2', { id: 'signatures' }, 'Signatures'),
    signatures.length === 0
      ? h('p', { class: 'quiet' }, 'Nobody has signed it.')
      : h(
          'ul',
          { class: 'plain signatures' },
          ...signatures.map(({ id, by, meaning, signedAt, expires, comment, demo, standing, why }) =>
            h(
              'li',
              { 'data-standing': standing },
              h(
                'p',
                { class: 'row spread' },
                h('span', {}, h('strong', {}, plain(by, 100)), ` ${meaning ? meanings[meaning] : 'left'} it`),
                h(
                  'strong',
                  { class: standing === 'valid' ? 'valid' : 'quiet' },
                  standings[standing] ?? plain(standing, 60),
                ),
              ),
              h(
                'p',
                { class: 'quiet' },
                `${moment(signedAt)}${meaning === 'approve' ? `, until ${moment(expires)}` : ''}. `,
                h(
                  'button',
                  { class: 'link', 'data-focus': `signature ${id}`, click: () => host.send('open-record', { id }) },
                  id,
                ),
              ),
              comment !== undefined && h('p', {}, `“${plain(comment, 500)}”`),
              demo && h('p', { class: 'note warn' }, 'Demonstration key: no person stands behind it.'),
              why !== undefined &&
                standing.match(/untrusted|forged|other|malformed|not-yet/) &&
                h('p', { class: 'note bad' }, plain(why, 400)),
            ),
          ),
        ),
  );
}
