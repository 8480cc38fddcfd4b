import { BregmaError, unknownName } from '@bregma/core/errors';
import { nearest } from '@bregma/core/nearest';
import type { Member, Spec, ViewForm } from '@bregma/webviews/kit/plot-form';
import { isObject } from '../tools.ts';
import { readYaml } from '../yaml.ts';

/** What every plot cell with `view:` may say. */
const common: Record<string, Member> = {
  view: { is: 'word', needed: true, says: 'what to draw' },
  data: { is: 'word', needed: true, says: 'an earlier cell, or a data set as id@release' },
  title: { is: 'word', says: 'heading' },
};

/** Picks one of the pictures of a data set. */
const picture: Member = { is: 'word', says: 'which picture of the data set, where it has several' };

/** True for what names a release of a data set: "id@version". */
export const isDataset = (data: unknown): data is string => typeof data === 'string' && data.includes('@');

/** All members of a form, over a result or over a data set. */
export const membersOf = (form: ViewForm, dataset: boolean): Record<string, Member> =>
  dataset ? { ...common, picture } : { ...common, ...form.members };

/** Checks what a cell says. Throws `bad-input` or `unknown-name` with what is wrong, the nearest name, and an example. */
export function readSpec(raw: unknown, forms: Record<string, ViewForm>): { form: ViewForm; spec: Spec } {
  const names = Object.keys(forms);
  const wanted = isObject(raw) ? String(raw.view) : '';
  const form = Object.hasOwn(forms, wanted) ? forms[wanted] : undefined;
  if (!isObject(raw) || !form)
    throw unknownName(
      'view',
      wanted,
      nearest(wanted, names),
      `There are ${names.join(', ')}; or marks instead of view.`,
    );
  const next = `Write for example\n${form.example}`;
  const members = membersOf(form, isDataset(raw.data));
  const unknown = Object.keys(raw).find((name) => !Object.hasOwn(members, name));
  if (unknown !== undefined)
    throw unknownName(`member of view: ${wanted}`, unknown, nearest(unknown, Object.keys(members)), next);
  for (const [name, { is, needed, oneOf, says }] of Object.entries(members)) {
    const value = raw[name];
    if (value === undefined || value === null) {
      if (needed) throw new BregmaError('bad-input', `view: ${wanted} needs ${name}: ${says}.`, { next });
      continue;
    }
    const right = is === 'number' ? typeof value === 'number' : typeof value === 'string' || typeof value === 'number';
    if (!right)
      throw new BregmaError('bad-input', `${name} must be ${is === 'number' ? 'a number' : 'one word or text'}.`, {
        next,
      });
    if (oneOf && !oneOf.includes(String(value)))
      throw unknownName(`${name} of view: ${wanted}`, String(value), oneOf, `${name} is ${oneOf.join(' or ')}.`);
  }
  if (!isDataset(raw.data) && !form.draw)
    throw new BregmaError('bad-input', `view: ${wanted} draws data sets alone.`, { next });
  const given = Object.entries(raw).filter(([, value]) => value !== null);
  const column = (name: string) => members[name].is !== 'number';
  const spec = Object.fromEntries(given.map(([name, value]) => [name, column(name) ? String(value) : Number(value)]));
  return { form, spec };
}

/** What a plot cell says, where it names a view; undefined where it draws marks or cannot be read. */
export function viewSpec(text: string): Record<string, unknown> | undefined {
  const spec = readYaml(text, 'The cell');
  return isObject(spec) && 'view' in spec ? spec : undefined;
}

/** Names of the columns that a cell names. */
export const columnsIn = (form: ViewForm, spec: Spec): string[] =>
  Object.entries(form.members).flatMap(([name, { is }]) =>
    is === 'column' && spec[name] !== undefined ? [String(spec[name])] : [],
  );
