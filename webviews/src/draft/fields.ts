import { h } from '../kit/dom.ts';

/** What is wrong, by field. */
export type Problem = Map<string, string>;

/** An input with its label, hint and the place where its problem is said. */
export function field(options: {
  name: string;
  label: string;
  input: HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;
  hint?: string;
  change(): void;
  leave(): void;
}): HTMLElement {
  const { name, label, input, hint } = options;
  const id = `field-${name}`;
  input.id = id;
  input.dataset.focus = name;
  input.setAttribute('aria-describedby', `${id}-problem${hint ? ` ${id}-hint` : ''}`);
  input.addEventListener('input', options.change);
  input.addEventListener('blur', options.leave);
  return h(
    'div',
    { class: 'field' },
    h('label', { for: id }, label),
    hint && h('span', { class: 'quiet hint', id: `${id}-hint` }, hint),
    input,
    h('span', { class: 'problem', id: `${id}-problem`, 'data-problem': name }),
  );
}

/** A list to choose from. */
export function choice(options: [value: string, words: string][], value: string): HTMLSelectElement {
  return h(
    'select',
    {},
    ...options.map(([option, words]) => h('option', { value: option, selected: option === value }, words)),
  );
}
