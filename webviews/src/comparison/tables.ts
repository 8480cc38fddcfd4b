import { rounded } from '../kit/amounts.ts';
import { h, plain } from '../kit/dom.ts';
import { idLink } from '../kit/ids.ts';
import { kindMarkOf } from '../kit/kind-mark.ts';
import type { ComparisonModel } from './model.ts';

type Open = (id: string) => void;

/** What stands on each side. */
export function sides({ before, after }: ComparisonModel, open: Open): HTMLElement {
  const row = (name: string, side: ComparisonModel['before']) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, name),
      h('td', {}, plain(side.tool, 80)),
      h('td', {}, idLink(side.id, open)),
      h('td', {}, kindMarkOf(side.valueKind) ?? 'not given'),
      h('td', {}, side.n ? `${side.n.count} ${plain(side.n.of, 80)}` : 'not given'),
      h('td', {}, plain(side.code, 60)),
      h('td', {}, plain(side.at, 40).replace(/^(\S+)T(\d\d:\d\d:\d\d)\.\d+Z$/, '$1 $2 UTC')),
    );
  return scrolled(
    'The two activities',
    h(
      'table',
      { class: 'sides' },
      head('', 'tool', 'activity', 'kind', 'n', 'code', 'at'),
      h('tbody', {}, row('before', before), row('after', after)),
    ),
  );
}

/** Where two things differ; numbers with their difference. */
export function differenceTable(
  title: string,
  rows: ComparisonModel['asked'],
  none: string,
  note?: string,
): HTMLElement {
  return h(
    'section',
    {},
    h('h2', {}, title),
    rows.length === 0
      ? h('p', { class: 'dim' }, none)
      : scrolled(
          `Differences: ${title}`,
          h(
            'table',
            {},
            head('where', 'before', 'after', 'difference'),
            h(
              'tbody',
              {},
              ...rows.map(({ path, before, after, delta }) =>
                h(
                  'tr',
                  {},
                  h('th', { scope: 'row' }, plain(path || 'all of it', 300)),
                  ...cells(before, after),
                  h('td', { class: 'number' }, delta === undefined ? '' : `${delta > 0 ? '+' : ''}${rounded(delta)}`),
                ),
              ),
            ),
          ),
        ),
    note ? h('p', { class: 'dim' }, note) : undefined,
  );
}

export function outputTable(outputs: ComparisonModel['outputs'], open: Open): HTMLElement | string {
  if (outputs.length === 0) return '';
  const link = (id: string | null) => (id === null ? 'none' : idLink(id, open));
  return h(
    'section',
    {},
    h('h2', {}, 'Objects'),
    scrolled(
      'Objects',
      h(
        'table',
        {},
        head('output', 'before', 'after', 'bytes'),
        h(
          'tbody',
          {},
          ...outputs.map(({ before, after, equal, note }, i) =>
            h(
              'tr',
              {},
              h('th', { scope: 'row' }, String(i)),
              h('td', {}, link(before)),
              h('td', {}, link(after)),
              h('td', { class: equal ? '' : 'error' }, `${equal ? '✓' : '✗'} ${plain(note, 200)}`),
            ),
          ),
        ),
      ),
    ),
  );
}

const head = (...names: string[]) =>
  h(
    'thead',
    {},
    h(
      'tr',
      {},
      ...names.map((name) =>
        name ? h('th', { scope: 'col', class: name === 'difference' ? 'number' : undefined }, name) : h('td', {}),
      ),
    ),
  );

/** A table may be wider than the page: it scrolls by itself, also from the keyboard. */
const scrolled = (label: string, table: HTMLElement) =>
  h('div', { class: 'scrolled', tabindex: '0', role: 'region', 'aria-label': label }, table);

/** Significant digits of two numbers, when they differ in them. */
const digits = 6;

/** Two values side by side: numbers with as many digits as tell them apart, and all of them where one points. */
function cells(before: unknown, after: unknown): HTMLElement[] {
  const short = (value: unknown) =>
    typeof value === 'number' && !Number.isInteger(value) ? String(Number(value.toPrecision(digits))) : said(value);
  const apart = short(before) !== short(after);
  return [before, after].map((value) =>
    h('td', apart && short(value) !== said(value) ? { title: said(value) } : {}, apart ? short(value) : said(value)),
  );
}

/** A value in a cell: `undefined` is "not there", numbers with all digits. */
function said(value: unknown): string {
  if (value === undefined) return 'not there';
  return plain(typeof value === 'string' ? value : JSON.stringify(value), 600);
}
