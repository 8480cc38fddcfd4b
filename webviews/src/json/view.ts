import { h, plain } from '../kit/dom.ts';
import { figure } from '../kit/figure.ts';
import { counted } from '../kit/format.ts';
import { parsed } from '../kit/parsed.ts';
import { redrawn } from '../kit/redrawn.ts';
import type { View } from '../kit/view.ts';
import { JsonModel } from './model.ts';
import style from './view.css';

/** Members that are put into the page at once. */
const step = 200;

/** Any value as a tree that opens where it is wanted; nothing deeper is in the page before that. */
export const json: View<JsonModel> = {
  name: 'json',
  style,
  parse: (value) => parsed(JsonModel, value, 'json'),
  render({ model, el, host }) {
    return redrawn(model, (now) => {
      const copy = h('button', { class: 'quiet', type: 'button' }, 'Copy JSON');
      copy.addEventListener('click', () =>
        host.send('copy', { format: 'json', name: plain(now.title, 80), data: JSON.stringify(now.value, null, 2) }),
      );
      const { body } = figure(el, { caption: now, host, tools: [copy] });
      body.append(h('div', { class: 'tree' }, node(undefined, now.value, true)));
      return undefined;
    });
  },
};

function node(name: string | undefined, value: unknown, open = false): HTMLElement {
  const key = name !== undefined && h('span', { class: 'key' }, plain(name, 200));
  if (typeof value !== 'object' || value === null) return h('div', { class: 'leaf' }, key, leaf(value));
  const entries = Array.isArray(value) ? value.map((item, i) => [String(i), item] as const) : Object.entries(value);
  const size = counted(entries.length, Array.isArray(value) ? 'items' : 'members');
  if (entries.length === 0)
    return h(
      'div',
      { class: 'leaf' },
      key,
      h('span', { class: 'size' }, Array.isArray(value) ? 'empty list' : 'empty object'),
    );
  const inside = h('div', { class: 'inside' });
  const details = h('details', {}, h('summary', {}, key, h('span', { class: 'size' }, size)), inside);
  const fill = () => {
    if (details.open && inside.childElementCount === 0) more(inside, entries);
  };
  details.addEventListener('toggle', fill);
  if (open) {
    details.open = true;
    fill();
  }
  return details;
}

/** Adds the next members, and a button for the rest. */
function more(inside: HTMLElement, entries: (readonly [string, unknown])[], from = 0): void {
  inside.append(...entries.slice(from, from + step).map(([name, value]) => node(name, value)));
  if (from + step >= entries.length) return;
  const rest = entries.length - from - step;
  const button = h('button', { class: 'quiet', type: 'button' }, `Show ${Math.min(step, rest)} more of ${rest}`);
  button.addEventListener('click', () => {
    button.remove();
    more(inside, entries, from + step);
  });
  inside.append(button);
}

function leaf(value: unknown): HTMLElement {
  if (value === null || value === undefined) return h('span', { class: 'value missing' }, 'null');
  return h(
    'span',
    { class: `value ${typeof value}` },
    plain(typeof value === 'string' ? JSON.stringify(value) : value),
  );
}
