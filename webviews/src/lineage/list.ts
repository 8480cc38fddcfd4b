import { h } from '../shared/dom.ts';
import { isValueKind, kindMark } from '../shared/kind-mark.ts';
import type { Box, Picture } from './graph.ts';
import { factsOf, titleOf } from './say.ts';
import { signOf } from './signs.ts';

/** Most children that one item shows. */
const mostChildren = 200;

/**
 * The lineage as an indented tree: below each thing stands what it rests on. What stands further up already is only named. The
 * keys are those of every tree: up, down, right opens, left closes, Enter opens the record.
 */
export function lineageList(picture: Picture, roots: string[], open: (box: Box) => void): HTMLElement {
  const boxes = new Map(picture.boxes.map((box) => [box.id, box]));
  const rests = new Map<string, { source: string; as: string }[]>();
  for (const { user, source, as } of picture.arrows) {
    const known = rests.get(user);
    const step = { source, as: as.join(', ') };
    if (known) known.push(step);
    else rests.set(user, [step]);
  }
  const tree = h('ul', { role: 'tree', 'aria-label': 'Lineage: below each thing stands what it rests on' });
  tree.append(...roots.flatMap((id) => item(id, '', [])));
  tree.querySelector('[role=treeitem]')?.setAttribute('tabindex', '0');
  tree.addEventListener('keydown', onKey);
  tree.addEventListener('focusin', ({ target }) => {
    const to = (target as HTMLElement).closest('[role=treeitem]');
    tree.querySelector('[role=treeitem][tabindex="0"]')?.setAttribute('tabindex', '-1');
    to?.setAttribute('tabindex', '0');
  });
  return tree;

  function item(id: string, as: string, above: string[]): HTMLElement[] {
    const box = boxes.get(id);
    if (!box) return [];
    const again = above.includes(id);
    const sources = again ? [] : (rests.get(id) ?? []);
    const row = h(
      'span',
      { class: 'row' },
      h('span', { class: 'sign', 'aria-hidden': 'true' }, signOf(box.kind)),
      as ? h('span', { class: 'quiet' }, `${as}: `) : undefined,
      titleOf(box),
      h('span', { class: 'quiet' }, ` ${factsOf(box)} `),
      isValueKind(box.valueKind) ? kindMark(box.valueKind) : undefined,
      again ? h('span', { class: 'quiet' }, ' (stands above)') : undefined,
    );
    const node = h('li', {
      role: 'treeitem',
      tabindex: '-1',
      'data-id': id,
      'aria-label': `${as ? `${as}: ` : ''}${titleOf(box)}, ${factsOf(box)}${box.valueKind ? `, ${box.valueKind}` : ''}`,
      'aria-expanded': sources.length > 0 ? 'false' : undefined,
    });
    node.append(row);
    row.addEventListener('click', () => (sources.length > 0 ? toggle() : undefined));
    row.addEventListener('dblclick', () => open(box));
    node.addEventListener('bregma-toggle', (event) => {
      event.stopPropagation();
      toggle();
    });
    node.addEventListener('bregma-open', (event) => {
      event.stopPropagation();
      open(box);
    });
    if (above.length === 0 && sources.length > 0) toggle();
    return [node];

    function toggle(): void {
      const opened = node.getAttribute('aria-expanded') === 'true';
      node.setAttribute('aria-expanded', String(!opened));
      if (opened) return node.querySelector(':scope > ul')?.remove();
      const children = sources
        .slice(0, mostChildren)
        .flatMap(({ source, as: how }) => item(source, how, [...above, id]));
      const rest = sources.length - mostChildren;
      if (rest > 0) children.push(h('li', { role: 'none', class: 'quiet' }, `${rest} more: use the picture's search`));
      node.append(h('ul', { role: 'group' }, ...children));
    }
  }

  function onKey(event: KeyboardEvent): void {
    const here = (event.target as HTMLElement).closest<HTMLElement>('[role=treeitem]');
    if (!here) return;
    const all = [...tree.querySelectorAll<HTMLElement>('[role=treeitem]')];
    const at = all.indexOf(here);
    const opened = here.getAttribute('aria-expanded');
    const to =
      event.key === 'ArrowDown'
        ? all[at + 1]
        : event.key === 'ArrowUp'
          ? all[at - 1]
          : event.key === 'Home'
            ? all[0]
            : event.key === 'End'
              ? all.at(-1)
              : event.key === 'ArrowLeft' && opened !== 'true'
                ? here.parentElement?.closest<HTMLElement>('[role=treeitem]')
                : event.key === 'ArrowRight' && opened === 'true'
                  ? here.querySelector<HTMLElement>('[role=treeitem]')
                  : undefined;
    if (to) to.focus();
    else if ((event.key === 'ArrowRight' && opened === 'false') || (event.key === 'ArrowLeft' && opened === 'true'))
      here.dispatchEvent(new Event('bregma-toggle'));
    else if (event.key === 'Enter') here.dispatchEvent(new Event('bregma-open'));
    else if (!event.key.startsWith('Arrow')) return;
    event.preventDefault();
    event.stopPropagation();
  }
}
