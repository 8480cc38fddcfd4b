import { hypothesisStates } from '@bregma/core/contracts/hypothesis';
import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { StateMark } from '../kit/state.tsx';
import type { BoardCard } from './model.ts';

interface MenuParts {
  card: BoardCard;
  /** The button that it belongs to: it gets the focus back. */
  anchor: RefObject<HTMLButtonElement>;
  choose(to: BoardCard['state']): void;
  /** The person chose a state that it may not go to. */
  refuse(reason: string): void;
  close(): void;
}

/** The menu “Move to…” of a card: every other state, each with what would happen or why it may not. */
export function Menu({ card, anchor, choose, refuse, close }: MenuParts) {
  const box = useRef<HTMLDivElement>(null);
  const [reason, explain] = useState('');
  const end = () => {
    close();
    anchor.current?.focus();
  };
  useLayoutEffect(() => {
    const here = box.current;
    if (!here || !anchor.current) return;
    place(here, anchor.current);
    itemsIn(here)[0]?.focus();
    const outside = (event: Event) => {
      // SAFETY: the listener is the document's, so the event happened at a node of it.
      if (!here.contains(event.target as Node)) end();
    };
    document.addEventListener('pointerdown', outside, true);
    return () => document.removeEventListener('pointerdown', outside, true);
  }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    const items = box.current ? itemsIn(box.current) : [];
    // SAFETY: it is only looked for among the items; anything else, null too, is not found.
    const at = items.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (event.key === 'Escape' || event.key === 'Tab') end();
    else if (to !== undefined) items[(to + items.length) % items.length].focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="menu" ref={box}>
      <div role="menu" aria-label="Move to" onKeyDown={onKeyDown}>
        {inOrder(card).map((state) => {
          const move = card.moves[state];
          const refused = 'refused' in move;
          const words = refused ? move.refused : move.does;
          return (
            <button
              key={state}
              type="button"
              role="menuitem"
              tabIndex={-1}
              data-state={state}
              aria-disabled={refused ? 'true' : undefined}
              aria-describedby="menu-reason"
              onFocus={() => explain(words)}
              onPointerEnter={() => explain(words)}
              onClick={() => {
                end();
                if (refused) refuse(`Not moved to ${state}. ${words}`);
                else choose(state);
              }}
            >
              <StateMark state={state} />
              {refused && (
                <span class="no" aria-hidden="true">
                  not by hand
                </span>
              )}
            </button>
          );
        })}
      </div>
      <p class="why" id="menu-reason">
        {reason}
      </p>
    </div>
  );
}

const itemsIn = (box: HTMLElement) => [...box.querySelectorAll<HTMLElement>('[role="menuitem"]')];

/** The states that it is not in: first those that it may go to. */
function inOrder({ state: now, moves }: BoardCard): BoardCard['state'][] {
  const states = hypothesisStates.filter((state) => state !== now);
  const allowed = states.filter((state) => 'action' in moves[state]);
  return [...allowed, ...states.filter((state) => !allowed.includes(state))];
}

/** Beside the button, inside the window, whatever scrolls around it. */
function place(box: HTMLElement, anchor: HTMLElement): void {
  const at = anchor.getBoundingClientRect();
  const { width, height } = box.getBoundingClientRect();
  const below = at.bottom + height <= window.innerHeight || at.top < height;
  box.style.top = `${Math.max(4, below ? Math.min(at.bottom + 2, window.innerHeight - height - 4) : at.top - height - 2)}px`;
  box.style.left = `${Math.max(4, Math.min(at.left, window.innerWidth - width - 4))}px`;
}
