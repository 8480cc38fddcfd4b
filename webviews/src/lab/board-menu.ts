import { hypothesisStates } from '@bregma/core/contracts/hypothesis';
import type { BoardCard } from '@bregma/core/contracts/views/hypotheses';
import { h } from '../shared/dom.ts';
import { stateMark } from './state-mark.ts';

interface MenuAnswers {
  choose(to: BoardCard['state']): void;
  /** The person chose a state that it may not go to. */
  refuse(reason: string): void;
  closed(): void;
}

/** The menu “Move to…” of a card: every other state, each with what would happen or why it may not. */
export function openMenu(anchor: HTMLElement, card: BoardCard, answers: MenuAnswers): { close(): void } {
  const menu = h('div', { role: 'menu', class: 'menu', 'aria-label': 'Move to' });
  const close = () => {
    if (!menu.isConnected) return;
    document.removeEventListener('pointerdown', outside, true);
    menu.remove();
    anchor.setAttribute('aria-expanded', 'false');
    anchor.focus();
    answers.closed();
  };
  const outside = (event: Event) => {
    if (!menu.contains(event.target as Node)) close();
  };
  for (const state of hypothesisStates.filter((candidate) => candidate !== card.state)) {
    const move = card.moves[state];
    const refused = 'refused' in move ? move.refused : undefined;
    menu.append(
      h(
        'button',
        {
          role: 'menuitem',
          tabindex: '-1',
          'data-state': state,
          'aria-disabled': refused === undefined ? undefined : 'true',
          click: () => {
            close();
            if (refused === undefined) answers.choose(state);
            else answers.refuse(`Not moved to ${state}. ${refused}`);
          },
        },
        stateMark(state),
        h('span', { class: 'why' }, 'refused' in move ? move.refused : move.does),
      ),
    );
  }
  const items = [...menu.querySelectorAll<HTMLElement>('[role="menuitem"]')];
  menu.addEventListener('keydown', (event) => {
    const at = items.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (event.key === 'Escape' || event.key === 'Tab') close();
    else if (to !== undefined) items[(to + items.length) % items.length].focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  anchor.setAttribute('aria-expanded', 'true');
  anchor.after(menu);
  const box = menu.getBoundingClientRect();
  if (box.right > window.innerWidth) menu.classList.add('leftward');
  if (box.bottom > window.innerHeight && box.height < anchor.getBoundingClientRect().top) menu.classList.add('upward');
  (items.find((item) => !item.hasAttribute('aria-disabled')) ?? items[0]).focus();
  document.addEventListener('pointerdown', outside, true);
  return { close };
}
