import { hypothesisStates } from '@bregma/core/contracts/hypothesis';
import { h } from '../kit/dom.ts';
import { stateMark } from '../kit/state-mark.ts';
import type { BoardCard } from './model.ts';

interface MenuAnswers {
  choose(to: BoardCard['state']): void;
  /** The person chose a state that it may not go to. */
  refuse(reason: string): void;
  closed(): void;
}

/** The menu “Move to…” of a card: every other state, each with what would happen or why it may not. */
export function openMenu(anchor: HTMLElement, card: BoardCard, answers: MenuAnswers): { close(): void } {
  const menu = h('div', { role: 'menu', 'aria-label': 'Move to' });
  const close = () => {
    if (!box.isConnected) return;
    document.removeEventListener('pointerdown', outside, true);
    box.remove();
    anchor.setAttribute('aria-expanded', 'false');
    anchor.focus();
    answers.closed();
  };
  const outside = (event: Event) => {
    // SAFETY: the listener is the document's, so the event happened at a node of it.
    if (!box.contains(event.target as Node)) close();
  };
  const reason = h('p', { class: 'why', id: 'menu-reason' });
  const states = hypothesisStates.filter((state) => state !== card.state);
  const allowed = states.filter((state) => 'action' in card.moves[state]);
  for (const state of [...allowed, ...states.filter((candidate) => !allowed.includes(candidate))]) {
    const move = card.moves[state];
    const words = 'refused' in move ? move.refused : move.does;
    const refused = 'refused' in move;
    const explain = () => {
      reason.textContent = words;
    };
    menu.append(
      h(
        'button',
        {
          role: 'menuitem',
          tabindex: '-1',
          'data-state': state,
          'aria-disabled': refused ? 'true' : undefined,
          'aria-describedby': 'menu-reason',
          focus: explain,
          pointerenter: explain,
          click: () => {
            close();
            if (refused) answers.refuse(`Not moved to ${state}. ${words}`);
            else answers.choose(state);
          },
        },
        stateMark(state),
        refused && h('span', { class: 'no', 'aria-hidden': 'true' }, 'not by hand'),
      ),
    );
  }
  const box = h('div', { class: 'menu' }, menu, reason);
  const items = [...menu.querySelectorAll<HTMLElement>('[role="menuitem"]')];
  menu.addEventListener('keydown', (event) => {
    // SAFETY: it is only looked for among the items; anything else, null too, is not found.
    const at = items.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (event.key === 'Escape' || event.key === 'Tab') close();
    else if (to !== undefined) items[(to + items.length) % items.length].focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  anchor.setAttribute('aria-expanded', 'true');
  anchor.after(box);
  place(box, anchor);
  (items.find((item) => !item.hasAttribute('aria-disabled')) ?? items[0]).focus();
  document.addEventListener('pointerdown', outside, true);
  return { close };
}

/** Beside the button, inside the window, whatever scrolls around it. */
function place(box: HTMLElement, anchor: HTMLElement): void {
  const at = anchor.getBoundingClientRect();
  const { width, height } = box.getBoundingClientRect();
  const below = at.bottom + height <= window.innerHeight || at.top < height;
  box.style.top = `${Math.max(4, below ? Math.min(at.bottom + 2, window.innerHeight - height - 4) : at.top - height - 2)}px`;
  box.style.left = `${Math.max(4, Math.min(at.left, window.innerWidth - width - 4))}px`;
}
