import { forms as viewForms } from '@bregma/webviews/forms.gen';
import type { ViewForm } from '@bregma/webviews/kit/plot-form';
import type { Completion } from './complete.ts';
import { isDataset, membersOf } from './plot/form.ts';

/** What a plot cell can name. */
export interface PlotNames {
  /** Cells above. */
  cells: string[];
  /** Data sets of the workspace, `id@release`, with the pictures that can be made of each. */
  datasets: { reference: string; pictures: { what: string; view: string }[] }[];
  /** Columns of the result that the cell draws. */
  columns: string[];
}

const marks = ['dot', 'line', 'bar', 'area', 'band', 'interval', 'box', 'histogram', 'cell', 'rule', 'text'];

/** The result that a plot cell draws, as far as it is written. */
export const dataOf = (whole: string): string | undefined => /^data:\s*["']?([^\s"']+)/m.exec(whole)?.[1];

/** What can stand where the cursor is in a plot cell. before: the text up to the cursor. whole: the whole cell. */
export function plotCompletions(before: string, whole: string, { cells, datasets, columns }: PlotNames): Completion[] {
  const line = before.split('\n').at(-1) ?? '';
  const view = /^view:\s*(\w+)/m.exec(whole)?.[1] ?? '';
  // SAFETY: asked only for a name that it has.
  const form = Object.hasOwn(viewForms, view) ? viewForms[view as keyof typeof viewForms] : undefined;
  if (/^view:\s*\S*$/.test(line))
    return Object.entries(viewForms).map(([label, { says }]) => ({ label, insert: label, detail: says }));
  if (/^data:\s*\S*$/.test(line)) {
    const drawn = datasets.filter(({ pictures }) => form && pictures.some((picture) => picture.view === view));
    return [
      ...words(form && !form.draw ? [] : cells, 'earlier cell'),
      ...words(
        drawn.map(({ reference }) => reference),
        'data set',
      ),
    ];
  }
  if (/(^|[{\s-])mark:\s*\w*$/.test(line)) return words(marks);
  if (/^\w*$/.test(line)) return members(form, whole);
  const [, member] = /^(\w+):\s*[^#]*$/.exec(line) ?? [];
  if (!form || !member)
    return /[{,\s-](x|y|x1|x2|y1|y2|colour|symbol|text|panelX|panelY):\s*\w*$/.test(line) ? words(columns) : [];
  const source = dataOf(whole);
  const { is, oneOf } = membersOf(form, isDataset(source))[member] ?? {};
  if (oneOf) return words(oneOf);
  if (member === 'picture')
    return words(
      (datasets.find(({ reference }) => reference === source)?.pictures ?? [])
        .filter((one) => one.view === view)
        .map(({ what }) => what),
    );
  return is === 'column' ? words(columns, 'column') : [];
}

const words = (list: string[], detail?: string): Completion[] =>
  list.map((label) => ({ label, insert: label, detail }));

function members(form: ViewForm | undefined, whole: string): Completion[] {
  const known = form
    ? Object.entries(membersOf(form, isDataset(dataOf(whole))))
    : Object.entries({
        data: { says: 'an earlier cell', needed: true },
        view: { says: 'a whole picture: tuning, raster, points…', needed: false },
        marks: { says: 'or single marks over its columns', needed: false },
        title: { says: 'heading', needed: false },
      });
  return known
    .filter(([name]) => !new RegExp(`^${name}:`, 'm').test(whole))
    .map(([name, { says, needed }]) => ({
      label: name,
      insert: name === 'marks' ? 'marks:\n  - ' : `${name}: `,
      detail: needed ? 'needed' : undefined,
      documentation: says,
      needed: Boolean(needed),
    }));
}
