import { plain } from '@bregma/core/contracts/plain-text';
import { useState } from 'preact/hooks';
import { duration } from '../kit/amounts.ts';
import { type Shown, shownBy } from '../kit/component.tsx';
import { KindMarkOf } from '../kit/kind.tsx';
import { Fact, type Open, WithLinks } from '../kit/links.tsx';
import type { View, ViewHost } from '../kit/view.ts';
import { RecordModel } from './model.ts';
import { AnswerPart, CallPart, NamesPart } from './parts.tsx';
import style from './view.css';

function Body({ model: record, host }: Shown<RecordModel>) {
  const open = (id: string) => host.send('open', { id });
  return (
    <>
      <Head record={record} />
      <Actions record={record} host={host} />
      <Verdict verified={record.verified} />
      {record.call && <CallPart call={record.call} open={open} />}
      {record.call && <AnswerPart answer={record.call.answer} open={open} />}
      {!record.call && <NamesPart names={record.names} open={open} />}
      <Raw key={record.id} record={record} open={open} />
    </>
  );
}

function Head({ record: { id, kind, title, status, valueKind, demo, at, seq, call } }: { record: RecordModel }) {
  const bad = status && /^(failed|cancelled|refuted|damaged)/.test(status);
  return (
    <header>
      <h1>{plain(title, 400)}</h1>
      <p class="facts">
        <span class="tag">{plain(kind, 40)}</span>
        <KindMarkOf kind={valueKind ?? call?.answer?.kind} />
        {status && (
          <span class={bad ? 'tag bad' : 'tag'}>
            {bad && '✗ '}
            {plain(status, 200)}
          </span>
        )}
        {demo && <span class="tag bad">demonstration key: no person stands behind it</span>}
        <code>{plain(id, 80)}</code>
        <span class="dim">
          record {seq}, {plain(at, 40)}
          {call && `, ${duration(call.ms)}`}
        </span>
      </p>
    </header>
  );
}

function Actions({ record, host }: { record: RecordModel; host: ViewHost }) {
  const button = (action: string, text: string, title: string, refused?: string | null) => (
    <button
      type="button"
      data-action={action}
      class={action === 'verify' ? '' : 'quiet'}
      title={refused ? plain(refused, 400) : title}
      aria-disabled={refused ? true : undefined}
      onClick={() => (refused ? undefined : host.send(action, { id: record.id }))}
    >
      {text}
    </button>
  );
  const isActivity = record.call !== null;
  return (
    <div role="toolbar" aria-label="What to do with this record">
      {button('verify', 'Verify', 'Check the hash of this record, its place in the chain and the bytes of its objects')}
      {button('verify-all', 'Verify all', 'Check every record and object of this folder')}
      {isActivity && button('replay', 'Replay', 'Run it again and compare, bit for bit', record.noReplay)}
      {isActivity && button('compare', 'Compare…', 'Put another activity beside this one')}
      {button('lineage', 'Lineage', 'Show what this rests on, back to raw files')}
      {button('export', 'Export RO-Crate…', 'Pack this record and what it rests on, for a reviewer or an archive')}
      {record.noReplay && isActivity && <p class="dim">Not replayed: {plain(record.noReplay, 400)}</p>}
    </div>
  );
}

/** What the last verification found. It is read out when it arrives. */
function Verdict({ verified }: Pick<RecordModel, 'verified'>) {
  if (!verified) return <div role="status" />;
  const { faults, records, objects, whole } = verified;
  const counted = whole
    ? `${records} records and ${objects} objects`
    : `this record, its place in the chain and ${objects === 1 ? 'its object' : `its ${objects} objects`}`;
  if (faults.length === 0)
    return (
      <div role="status" class="verdict good">
        <strong>✓ Nothing was changed: {counted}</strong>
      </div>
    );
  return (
    <div role="status" class="verdict bad">
      <strong>
        ✗ {faults.length === 1 ? 'One fault' : `${faults.length} faults`} in {counted}
      </strong>
      <ul>
        {faults.slice(0, 50).map(({ what, problem }) => (
          <li>
            <code>{plain(what, 200)}</code> {plain(problem, 400)}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The record as JSON; of a call it is in the page only once it was opened. */
function Raw({ record: { body, bodyLength, hash, previous, kind }, open }: { record: RecordModel; open: Open }) {
  const [opened, show] = useState(kind !== 'activity');
  return (
    <details open={opened} onToggle={(event) => show(event.currentTarget.open)}>
      <summary>The record as it was written</summary>
      <dl>
        <Fact name="sha256">
          <code>{plain(hash, 80)}</code>
        </Fact>
        <Fact name="of the one before">
          <code>{plain(previous, 80)}</code>
        </Fact>
      </dl>
      <pre tabIndex={0} aria-label="The record as JSON">
        {opened && <WithLinks text={body} open={open} />}
      </pre>
      {bodyLength > body.length && <p class="dim">Cut: the whole record has {bodyLength} characters.</p>}
    </details>
  );
}

/** One record of the ledger: what was asked, what came out, how it can be checked. */
export const activity: View<RecordModel> = {
  name: 'activity',
  style,
  parse(value) {
    const parsed = RecordModel.safeParse(value);
    if (parsed.success) return parsed.data;
    throw new Error('This is no record of a ledger.');
  },
  render: shownBy(Body),
};
