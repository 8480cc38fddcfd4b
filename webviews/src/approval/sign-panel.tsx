import type { Meaning } from '@bregma/core/contracts/experiment';
import { plain } from '@bregma/core/contracts/plain-text';
import { useState } from 'preact/hooks';
import type { Shown } from '../kit/component.tsx';
import { count } from '../kit/lab-format.ts';
import type { PlanModel, SignRequest } from './model.ts';

const lifetimes: [hours: number, words: string][] = [
  [1, '1 hour'],
  [8, '8 hours'],
  [24, '24 hours'],
  [72, '3 days'],
  [168, '7 days'],
  [720, '30 days'],
];
const meanings: Meaning[] = ['approve', 'review', 'reject'];
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
export function SignPanel({ model, host }: Shown<PlanModel>) {
  const [meaning, setMeaning] = useState<Meaning>('approve');
  const [hours, setHours] = useState(24);
  const [comment, setComment] = useState('');
  const { key, hash, trusted } = model;
  if (!trusted)
    return (
      <section class="tile" aria-labelledby="sign">
        <h2 id="sign">Your signature</h2>
        <p class="note warn">This workspace is not trusted: signing is off.</p>
      </section>
    );
  const ask = () => host.send('sign', { meaning, hours, comment: comment.trim() || undefined } satisfies SignRequest);
  return (
    <section class="tile signing" aria-labelledby="sign">
      <h2 id="sign">Your signature</h2>
      <fieldset class="row meanings">
        <legend class="visually-hidden">Meaning</legend>
        {meanings.map((one) => (
          <label key={one}>
            <input
              type="radio"
              name="meaning"
              value={one}
              checked={one === meaning}
              data-focus={`meaning ${one}`}
              onChange={() => setMeaning(one)}
            />
            {words[one]}
          </label>
        ))}
      </fieldset>
      <p class="note means" aria-live="polite">
        <strong>It means: </strong>
        {consequence(meaning, model, hours)}
      </p>
      <div class="row">
        <label class="row" hidden={meaning !== 'approve'}>
          Holds for
          <select
            data-focus="hours"
            id="sign-hours"
            value={String(hours)}
            onChange={({ currentTarget }) => setHours(Number(currentTarget.value))}
          >
            {lifetimes.map(([value, name]) => (
              <option key={value} value={String(value)}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label class="row comment">
          Comment
          <input
            type="text"
            maxLength={500}
            value={comment}
            id="sign-comment"
            data-focus="comment"
            onInput={({ currentTarget }) => setComment(currentTarget.value)}
          />
        </label>
      </div>
      <div class="row">
        <button type="button" data-focus="sign" class={meaning === 'reject' ? 'danger' : ''} onClick={ask}>
          {buttons[meaning]}
        </button>
        <span class="quiet">
          You will be asked to type <code>{hash.slice(0, 6)}</code>.
        </span>
      </div>
      <p class="quiet">
        {key
          ? `You sign as ${plain(key.name, 80)} with key ${key.fingerprint.slice(0, 16)}….`
          : 'You have no signing key in this editor yet; one is made first, after an explanation.'}
        {' No agent, tool or view can sign.'}
      </p>
    </section>
  );
}
