import { h } from '../kit/dom.ts';
import { isValueKind, kindMark } from '../kit/kind-mark.ts';
import { around } from '../kit/where.ts';
import { s } from './draw.ts';
import type { Box, Picture } from './graph.ts';
import { factsOf, titleOf } from './say.ts';
import { signOf } from './signs.ts';

/** Most children that one item shows. */
const mostChildren = 200;

/** One line of the list: a box, and the boxes above it. */
interface Line {
  id: string;
  as: string;
  above: string[];
}

/**
 * The lineage as an indented tree: below each thing stands what it rests on. What stands further up already is only named. The
 * keys are those of every tree: up, down, right opens, left closes, Enter opens the record.
 */
export function lineageList(picture: Picture, roots: string[], open: (box: Box) => void): HTMLElement {
  const boxes = new Map(picture.boxes.map((box) => [box.id, box]));
  const rests = new Map<string, { id: string; as: string }[]>();
  for (const { user, source, as } of picture.arrows) {
    const step = { id: source, as: as.join(', ') };
    rests.set(user, [...(rests.get(user) ?? []), step]);
  }
  const lines = new WeakMap<Element, Line>();
  const tree = h('div', { role: 'tree', 'aria-label': 'Lineage: below each thing stands what it rests on' });
  for (const id of roots.filter((root) => !picture.arrows.some(({ source }) => source === root))) {
    tree.append(...item({ id, as: '', above: [] }));
  }
  for (const root of [...tree.children]) toggle(root);
  tree.firstElementChild?.setAttribute('tabindex', '0');
  tree.addEventListener('keydown', onKey);
  tree.addEventListener('click', (event) => {
    const node = around(event, '[role=treeitem]');
    if (node) toggle(node);
  });
  tree.addEventListener('dblclick', (event) => act(around(event, '[role=treeitem]')));
  tree.addEventListener('focusin', ({ target }) => {
    tree.querySelector('[tabindex="0"]')?.setAttribute('tabindex', '-1');
    // SAFETY: only elements take the focus.
    (target as Element).setAttribute('tabindex', '0');
  });
  return tree;

  function item(line: Line): HTMLElement[] {
    const box = boxes.get(line.id);
    if (!box) return [];
    const again = line.above.includes(line.id);
    const level = line.above.length;
    const node = h(
      'div',
      {
        role: 'treeitem',
        tabindex: '-1',
        'data-id': line.id,
        'aria-level': String(level + 1),
        'aria-expanded': !again && rests.has(line.id) ? 'false' : undefined,
        style: `margin-left: ${level * 1.4}em`,
      },
      s('svg', { viewBox: '0 0 16 16', 'aria-hidden': 'true' }, s('path', { class: 'sign', d: signOf(box.kind) })),
      line.as ? h('span', { class: 'dim' }, `${line.as}: `) : undefined,
      titleOf(box),
      h('span', { class: 'dim' }, ` ${factsOf(box)} `),
      isValueKind(box.valueKind) ? kindMark(box.valueKind) : undefined,
      again ? h('span', { class: 'dim' }, ' (stands above)') : undefined,
    );
    lines.set(node, line);
    return [node];
  }

  function toggle(node: Element): void {
    const line = lines.get(node);
    const expanded = node.getAttribute('aria-expanded');
    if (!line || expanded === null) return;
    node.setAttribute('aria-expanded', String(expanded === 'false'));
    if (expanded === 'true') {
      const level = line.above.length;
      let next = node.nextElementSibling;
      while (next && (lines.get(next)?.above.length ?? level + 1) > level) {
        const gone = next;
        next = next.nextElementSibling;
        gone.remove();
      }
      return;
    }
    const sources = rests.get(line.id) ?? [];
    const children = sources
      .slice(0, mostChildren)
      .flatMap(({ id, as }) => item({ id, as, above: [...line.above, line.id] }));
    node.after(...children);
  }

  function act(node: Element | null): void {
    const box = node && boxes.get(lines.get(node)?.id ?? '');
    if (box) open(box);
  }

  function onKey(event: KeyboardEvent): void {
    const here = around(event, '[role=treeitem]');
    if (!here) return;
    const expanded = here.getAttribute('aria-expanded');
    switch (event.key) {
      case 'ArrowDown':
        focus(here.nextElementSibling);
        break;
      case 'ArrowUp':
        focus(here.previousElementSibling);
        break;
      case 'Home':
        focus(tree.firstElementChild);
        break;
      case 'End':
        focus(tree.lastElementChild);
        break;
      case 'ArrowRight':
        if (expanded === 'false') toggle(here);
        else if (expanded === 'true') focus(here.nextElementSibling);
        break;
      case 'ArrowLeft':
        if (expanded === 'true') toggle(here);
        else focus(parentOf(here));
        break;
      case 'Enter':
        act(here);
        break;
      default:
        return;
    }
    event.preventDefault();
  }

  function parentOf(node: Element): Element | null {
    const level = lines.get(node)?.above.length ?? 0;
    let before = node.previousElementSibling;
    while (before && (lines.get(before)?.above.length ?? 0) >= level) before = before.previousElementSibling;
    return before;
  }

  function focus(node: Element | null): void {
    // SAFETY: the lines of the tree are HTML elements.
    (node as HTMLElement | null)?.focus();
  }
}
