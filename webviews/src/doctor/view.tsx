import { plain } from '@bregma/core/contracts/plain-text';
import { type Shown, shownBy } from '../kit/component.tsx';
import type { View } from '../kit/view.ts';
import { DoctorModel } from './model.ts';
import style from './view.css';

const marks = { ok: '✓', optional: '–', missing: '✗' };
const words = { ok: 'is there', optional: 'not there, not needed', missing: 'is missing' };

function Body({ model: { version, busy, findings }, host }: Shown<DoctorModel>) {
  return (
    <>
      <header>
        <h1>Bregma: Doctor</h1>
        <span class="version">{plain(version, 60)}</span>
        <button type="button" disabled={busy} onClick={() => host.send('check')}>
          Check Again
        </button>
      </header>
      <p role="status">{busy ? 'Looking…' : summaryOf(findings)}</p>
      <ul aria-label="Findings">
        {findings.map(({ id, what, state, detail, fix, button }) => (
          <li key={id} data-state={state}>
            <span class="mark" role="img" aria-label={words[state]}>
              {marks[state]}
            </span>
            <div>
              <strong>{plain(what, 200)}</strong>
              <p>{plain(detail)}</p>
              {state === 'missing' && fix && <p class="fix">{plain(fix)}</p>}
            </div>
            {button && (
              <button
                type="button"
                disabled={busy}
                aria-label={`${plain(what, 200)}: ${plain(button, 60)}`}
                onClick={() => host.send('mend', { id })}
              >
                {plain(button, 60)}
              </button>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

function summaryOf(findings: DoctorModel['findings']): string {
  const missing = findings.filter(({ state }) => state === 'missing').length;
  if (missing === 0) return 'Everything that is needed is there.';
  return `${missing} ${missing === 1 ? 'thing is' : 'things are'} missing.`;
}

/** What this machine has of what Bregma needs, each with the button that mends it. */
export const doctor: View<DoctorModel> = {
  name: 'doctor',
  style,
  parse: (value) => DoctorModel.parse(value),
  render: shownBy(Body),
};
