import { h, plain } from './dom.ts';
import { type PlainTable, shown } from './format.ts';

/** Rows that are put into the page; the rest is in the copy as CSV. */
const most = 300;

/** The numbers behind a picture as an ordinary table. */
export function plainTable({ columns, rows }: PlainTable, title: string): HTMLElement {
  const cell = (value: string | number | null) =>
    value === null || typeof value === 'number'
      ? h('td', { class: value === null || Number.isNaN(value) ? 'number missing' : 'number' }, shown(value, 4))
      : h('td', {}, plain(value, 200));
  return h(
    'div',
    { class: 'plain-table', tabindex: '0', role: 'region', 'aria-label': `Numbers of ${plain(title, 100)}` },
    h(
      'table',
      {},
      h('thead', {}, h('tr', {}, ...columns.map((name) => h('th', { scope: 'col' }, plain(name, 100))))),
      h('tbody', {}, ...rows.slice(0, most).map((row) => h('tr', {}, ...row.map(cell)))),
    ),
    rows.length === 0 && h('p', {}, 'There are no rows.'),
    rows.length > most && h('p', {}, `The first ${most} of ${shown(rows.length)} rows; CSV copies them all.`),
  );
}
