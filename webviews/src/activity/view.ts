import { duration } from '../kit/amounts.ts';
import { h, plain } from '../kit/dom.ts';
import { withLinks } from '../kit/ids.ts';
import { kindMarkOf } from '../kit/kind-mark.ts';
import type { View, ViewHost } from '../kit/view.ts';
import { RecordModel } from './model.ts';
import { answerPart, callPart, namesPart } from './parts.ts';
import style from './view.css';

/** One record of the ledger: what was asked, what came out, how it can be checked. */
export const activity: View<RecordModel> = {
  name: 'activity',
  style,
  parse(value) {
    const parsed = RecordModel.safeParse(value);
    if (parsed.success) return parsed.data;
    throw new Error('This is no record of a ledger.');
  },
  render({ model, el, host }) {
    const draw = (record: RecordModel) => {
      const focused = document.activeElement?.getAttribute('data-action');
      const open = (id: string) => host.send('open', { id });
      el.replaceChildren(
        head(record),
        actions(record, host),
        verdict(record),
        ...(record.call ? [callPart(record.call, open), answerPart(record.call, open)] : [namesPart(record, open)]),
        raw(record, open),
      );
      if (focused) el.querySelector<HTMLElement>(`[data-action="${focused}"]`)?.focus();
    };
    draw(model);
    return { update: draw, dispose: () => el.replaceChildren() };
  },
};

function head({ id, kind, title, status, valueKind, demo, at, seq, call }: RecordModel): HTMLElement {
  const bad = status && /^(failed|cancelled|refuted|damaged)/.test(status);
  return h(
    'header',
    {},
    h('h1', {}, plain(title, 400)),
    h(
      'p',
      { class: 'facts' },
      h('span', { class: 'tag' }, plain(kind, 40)),
      kindMarkOf(valueKind ?? call?.answer?.kind),
      status ? h('span', { class: bad ? 'tag bad' : 'tag' }, `${bad ? '✗ ' : ''}${plain(status, 200)}`) : undefined,
      demo ? h('span', { class: 'tag bad' }, 'demonstration key: no person stands behind it') : undefined,
      h('code', {}, plain(id, 80)),
      h('span', { class: 'dim' }, `record ${seq}, ${plain(at, 40)}${call ? `, ${duration(call.ms)}` : ''}`),
    ),
  );
}

function actions(record: RecordModel, host: ViewHost): HTMLElement {
  const button = (action: string, text: string, title: string, refused?: string | null) =>
    h(
      'button',
      {
        type: 'button',
        'data-action': action,
        class: action === 'verify' ? '' : 'quiet',
        title: refused ? plain(refused, 400) : title,
        'aria-disabled': refused ? 'true' : undefined,
        click: () => (refused ? undefined : host.send(action, { id: record.id })),
      },
      text,
    );
  const isActivity = record.call !== null;
  return h(
    'div',
    { role: 'toolbar', 'aria-label': 'What to do with this record' },
    button('verify', 'Verify', 'Check the hash of this record, its place in the chain and the bytes of its objects'),
    button('verify-all', 'Verify all', 'Check every record and object of this folder'),
    isActivity && button('replay', 'Replay', 'Run it again and compare, bit for bit', record.noReplay),
    isActivity && button('compare', 'Compare…', 'Put another activity beside this one'),
    button('lineage', 'Lineage', 'Show what this rests on, back to raw files'),
    button('export', 'Export RO-Crate…', 'Pack this record and what it rests on, for a reviewer or an archive'),
    record.noReplay && isActivity
      ? h('p', { class: 'dim' }, `Not replayed: ${plain(record.noReplay, 400)}`)
      : undefined,
  );
}

/** What the last verification found. It is read out when it arrives. */
function verdict({ verified }: RecordModel): HTMLElement {
  if (!verified) return h('div', { role: 'status' });
  const { faults, records, objects, whole } = verified;
  const counted = whole
    ? `${records} records and ${objects} objects`
    : `this record, its place in the chain and ${objects === 1 ? 'its object' : `its ${objects} objects`}`;
  return h(
    'div',
    { role: 'status', class: faults.length ? 'verdict bad' : 'verdict good' },
    faults.length
      ? h('strong', {}, `✗ ${faults.length === 1 ? 'One fault' : `${faults.length} faults`} in ${counted}`)
      : h('strong', {}, `✓ Nothing was changed: ${counted}`),
    faults.length
      ? h(
          'ul',
          {},
          ...faults
            .slice(0, 50)
            .map(({ what, problem }) => h('li', {}, h('code', {}, plain(what, 200)), ` ${plain(problem, 400)}`)),
        )
      : undefined,
  );
}

function raw({ body, bodyLength, hash, previous, kind }: RecordModel, open: (id: string) => void): HTMLElement {
  const pre = h('pre', { tabindex: '0', 'aria-label': 'The record as JSON' });
  const details = h(
    'details',
    kind === 'activity' ? {} : { open: true },
    h('summary', {}, 'The record as it was written'),
    h(
      'dl',
      {},
      h('dt', {}, 'sha256'),
      h('dd', {}, h('code', {}, plain(hash, 80))),
      h('dt', {}, 'of the one before'),
      h('dd', {}, h('code', {}, plain(previous, 80))),
    ),
    pre,
    bodyLength > body.length
      ? h('p', { class: 'dim' }, `Cut: the whole record has ${bodyLength} characters.`)
      : undefined,
  );
  const fill = () => {
    if (details.open && !pre.hasChildNodes()) pre.append(withLinks(body, open));
  };
  details.addEventListener('toggle', fill);
  fill();
  return details;
}
