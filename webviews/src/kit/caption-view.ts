import type { Caption } from './caption.ts';
import { h, plain } from './dom.ts';
import { counted, shown } from './format.ts';
import { kindMark } from './kind-mark.ts';
import type { ViewHost } from './view.ts';

/** The line above a picture: its title, how the values came to be, and on how many things they rest. */
export function headline({ title, kind, n }: Caption): HTMLElement {
  return h(
    'div',
    { class: 'headline' },
    h('h1', {}, plain(title, 300)),
    kindMark(kind),
    n && h('span', { class: 'count' }, h('i', {}, 'n'), ` = ${plain(counted(n.count, n.of), 100)}`),
  );
}

/** What stands under a picture: note, interval, completeness, sources, and the way to the activity. */
export function captionOf(caption: Caption, host: ViewHost): HTMLElement {
  const { note, activity, release, cite, licence } = caption;
  const facts: [string, string | undefined][] = [
    ['Interval', interval(caption)],
    ['Shown', completeness(caption)],
    ['Data', release?.join(' · ')],
    ['Source', cite?.join(' · ')],
    ['Licence', licence?.join(' · ')],
  ];
  return h(
    'footer',
    { class: 'caption' },
    note && h('p', {}, plain(note)),
    h(
      'dl',
      {},
      ...facts.flatMap(([name, text]) => (text ? [h('dt', {}, name), h('dd', {}, plain(text, 600))] : [])),
      ...(activity
        ? [
            h('dt', {}, 'Activity'),
            h(
              'dd',
              {},
              h(
                'button',
                { class: 'link', title: 'Open the activity', click: () => host.send('open-activity', { activity }) },
                plain(activity, 60),
              ),
            ),
          ]
        : []),
    ),
  );
}

function interval({ uncertainty }: Caption): string | undefined {
  if (!uncertainty) return undefined;
  const { method, level, low, high, of } = uncertainty;
  const range = low !== undefined && high !== undefined ? `${shown(low)} to ${shown(high)}` : undefined;
  return [range, level !== undefined && `${shown(level * 100)} %`, of && `of ${of}`, method].filter(Boolean).join(', ');
}

function completeness({ completeness: known }: Caption): string | undefined {
  if (!known) return undefined;
  const { returned, available, of } = known;
  if (available === returned) return `all ${shown(returned)} ${of}`;
  return `${shown(returned)} of ${available === null ? 'an unknown number of' : shown(available)} ${of}`;
}
