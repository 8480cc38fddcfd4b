import { bytes, duration, rounded } from '../kit/amounts.ts';
import { h, plain } from '../kit/dom.ts';
import { idLink, withLinks } from '../kit/ids.ts';
import type { RecordLink, RecordModel } from './model.ts';

type Call = NonNullable<RecordModel['call']>;
type Open = (id: string) => void;

/** What was asked, and how it was run. */
export function callPart(call: Call, open: Open): HTMLElement {
  return h(
    'section',
    {},
    call.error
      ? h(
          'div',
          { class: 'problem' },
          h('strong', {}, `✗ ${plain(call.error.code, 40)}: `),
          plain(call.error.message),
          call.error.next ? h('p', {}, h('strong', {}, 'Next: '), plain(call.error.next)) : undefined,
        )
      : undefined,
    h('h2', {}, 'Asked'),
    json(call.arguments, 'Arguments', open),
    h(
      'dl',
      {},
      ...row('tool', `${plain(call.tool, 80)} of ${plain(call.server, 80)} (${plain(call.effect, 20)})`),
      ...row('client', plain(call.client, 200)),
      ...row('duration', `${duration(call.ms)}, from ${plain(call.start, 40)} to ${plain(call.end, 40)}`),
      ...row('code', plain(call.code, 80)),
      ...row('seed', call.seed === null ? 'none' : String(call.seed)),
      ...row('arguments sha256', h('code', {}, plain(call.argumentsDigest, 64))),
      ...(call.replayOf ? row('repeats', idLink(call.replayOf, open)) : []),
      ...(call.replays.length > 0 ? row('repeated by', list(call.replays.map((id) => idLink(id, open)))) : []),
      ...(call.run ? row('run', plain(call.run, 80)) : []),
    ),
    links('Data releases', call.releases, open),
    links('Inputs', call.inputs, open),
    links('Outputs', call.outputs, open),
  );
}

/** What came out, with n, uncertainty and completeness before the value. */
export function answerPart({ answer }: Call, open: Open): HTMLElement | string {
  if (!answer) return '';
  const { n, completeness, uncertainty, licence, cite, value, digest, problem } = answer;
  return h(
    'section',
    {},
    h('h2', {}, 'Answer'),
    problem ? h('p', { role: 'alert', class: 'error' }, plain(problem)) : undefined,
    h(
      'dl',
      {},
      ...row('n', n ? `${n.count} ${plain(n.of, 200)}` : 'not given'),
      ...row('uncertainty', uncertainty ? interval(uncertainty) : 'not given'),
      ...row(
        'completeness',
        completeness
          ? `${completeness.returned} of ${completeness.available ?? 'an unknown number of'} ${plain(completeness.of, 200)}${
              completeness.available !== null && completeness.returned < completeness.available ? ' (partial)' : ''
            }`
          : 'not given',
      ),
      ...(licence.length ? row('licence', plain(licence.join('; '), 1000)) : []),
      ...(cite.length ? row('cite', list(cite.map((text) => plain(text, 500)))) : []),
      ...(digest ? row('sha256', h('code', {}, plain(digest, 64))) : []),
    ),
    value ? json(value, 'Value', open) : undefined,
  );
}

/** What a record that is no call names. */
export function namesPart({ names }: RecordModel, open: Open): HTMLElement | string {
  return names.length ? h('section', {}, links('Names', names, open, 'h2')) : '';
}

function interval(uncertainty: Record<string, unknown>): string {
  const { low, high, level, method, of } = uncertainty;
  const number = (value: unknown) => (typeof value === 'number' ? rounded(value) : 'not measured');
  const range = 'low' in uncertainty ? `[${number(low)}, ${number(high)}]` : '';
  const share = typeof level === 'number' ? `${rounded(level * 100)} %` : '';
  return plain([share, range, of ? `of ${of}` : '', method ? `(${method})` : ''].filter(Boolean).join(' '), 600);
}

function links(title: string, items: RecordLink[], open: Open, heading: 'h2' | 'h3' = 'h3'): HTMLElement | undefined {
  if (items.length === 0) return undefined;
  const shown = items.slice(0, 12).map((item) => linkRow(item, open));
  const rest = items.slice(12);
  const list = h('ul', { class: 'links' }, ...shown);
  if (rest.length > 0) {
    const more = h('button', {
      type: 'button',
      class: 'quiet',
      click: () => {
        more.parentElement?.remove();
        list.append(...rest.map((item) => linkRow(item, open)));
      },
    });
    more.append(`${rest.length} more`);
    list.append(h('li', {}, more));
  }
  return h('div', {}, h(heading, {}, title), list);
}

function linkRow({ id, kind, label, bytes: size }: RecordLink, open: Open): HTMLElement {
  const missing = size === null && kind !== 'file';
  return h(
    'li',
    {},
    h('span', { class: 'tag' }, plain(kind, 20)),
    ' ',
    idLink(id, open),
    label ? ` ${plain(label, 200)}` : '',
    typeof size === 'number' ? h('span', { class: 'dim' }, ` ${bytes(size)}`) : undefined,
    missing ? h('span', { class: 'error' }, ' not in this workspace') : undefined,
  );
}

function json(text: string, label: string, open: Open): HTMLElement {
  const pre = h('pre', { tabindex: '0', 'aria-label': label }, withLinks(text, open));
  if (text.length <= 2000) return pre;
  return h('details', {}, h('summary', {}, `${label}: ${text.length} characters of JSON`), pre);
}

function row(name: string, value: string | HTMLElement): HTMLElement[] {
  return [h('dt', {}, name), h('dd', {}, value)];
}

function list(items: (string | HTMLElement)[]): HTMLElement {
  return h('ul', {}, ...items.map((item) => h('li', {}, item)));
}
