import type { Meaning } from '@bregma/core/contracts/experiment';
import { h, plain } from '../kit/dom.ts';
import { count } from '../kit/lab-format.ts';
import type { ViewHost } from '../kit/view.ts';
import type { PlanModel, SignRequest } from './model.ts';

/** What the person has chosen so far; it outlives redrawing. */
export interface SignChoice {
  meaning: Meaning;
  hours: number;
  comment: string;
}

const lifetimes: [hours: number, words: string][] = [
  [1, '1 hour'],
  [8, '8 hours'],
  [24, '24 hours'],
  [72, '3 days'],
  [168, '7 days'],
  [720, '30 days'],
];
const buttons: Record<Meaning, string> = { approve: 'Approve…', review: 'Mark as reviewed…', reject: 'Reject…' };
const words: Record<Meaning, string> = { approve: 'Approve', review: 'Only reviewed', reject: 'Reject' };

function consequence(meaning: Meaning, { design, subject }: PlanModel, hours: number): string {
  const lifetime = lifetimes.find(([value]) => value === hours)?.[1] ?? `${hours} hours`;
  return {
    approve: `This very plan may run once, within ${lifetime}: ${count(design.trials, 'trial')} on ${plain(subject.id, 100)}. A second run, or a plan that differs in anything, needs another signature.`,
    review: 'You looked at it. Nothing may run because of it.',
    reject: 'It may not run, and approvals that were not used yet are withdrawn.',
  }[meaning];
}

/** Where a person asks to sign: what it means, how long it holds, a comment. The editor then asks for a typed confirmation. */
export function signPanel(model: PlanModel, host: ViewHost, chosen: SignChoice): HTMLElement {
  const { key, hash, trusted } = model;
  if (!trusted)
    return h(
      'section',
      { class: 'tile', 'aria-labelledby': 'sign' },
      h('h2', { id: 'sign' }, 'Your signature'),
      h('p', { class: 'note warn' }, 'This workspace is not trusted: signing is off.'),
    );
  const means = h('p', { class: 'note means', 'aria-live': 'polite' });
  const button = h('button', {
    type: 'button',
    'data-focus': 'sign',
    click: () =>
      host.send('sign', {
        meaning: chosen.meaning,
        hours: chosen.hours,
        comment: chosen.comment.trim() || undefined,
      } satisfies SignRequest),
  });
  const lifetime = h(
    'select',
    { 'data-focus': 'hours', id: 'sign-hours' },
    ...lifetimes.map(([hours, name]) => h('option', { value: String(hours), selected: hours === chosen.hours }, name)),
  );
  const until = h('label', { class: 'row' }, 'Holds for', lifetime);
  const comment = h('input', {
    type: 'text',
    maxlength: '500',
    value: chosen.comment,
    id: 'sign-comment',
    'data-focus': 'comment',
  });
  const show = () => {
    means.replaceChildren(h('strong', {}, 'It means: '), consequence(chosen.meaning, model, chosen.hours));
    button.textContent = buttons[chosen.meaning];
    button.className = chosen.meaning === 'reject' ? 'danger' : '';
    until.hidden = chosen.meaning !== 'approve';
  };
  lifetime.addEventListener('change', () => {
    chosen.hours = Number(lifetime.value);
    show();
  });
  comment.addEventListener('input', () => {
    chosen.comment = comment.value;
  });
  const radios = (['approve', 'review', 'reject'] as const).map((meaning) => {
    const radio = h('input', {
      type: 'radio',
      name: 'meaning',
      value: meaning,
      checked: meaning === chosen.meaning,
      'data-focus': `meaning ${meaning}`,
    });
    radio.addEventListener('change', () => {
      chosen.meaning = meaning;
      show();
    });
    return h('label', {}, radio, words[meaning]);
  });
  show();
  return h(
    'section',
    { class: 'tile signing', 'aria-labelledby': 'sign' },
    h('h2', { id: 'sign' }, 'Your signature'),
    h('fieldset', { class: 'row meanings' }, h('legend', { class: 'visually-hidden' }, 'Meaning'), ...radios),
    means,
    h('div', { class: 'row' }, until, h('label', { class: 'row comment' }, 'Comment', comment)),
    h(
      'div',
      { class: 'row' },
      button,
      h('span', { class: 'quiet' }, 'You will be asked to type ', h('code', {}, hash.slice(0, 6)), '.'),
    ),
    h(
      'p',
      { class: 'quiet' },
      key
        ? `You sign as ${plain(key.name, 80)} with key ${key.fingerprint.slice(0, 16)}….`
        : 'You have no signing key in this editor yet; one is made first, after an explanation.',
      ' No agent, tool or view can sign.',
    ),
  );
}
