import { plain } from '@bregma/core/contracts/plain-text';
import { useRef, useState } from 'preact/hooks';
import { shown } from '../kit/format.ts';
import { count } from '../kit/lab-format.ts';
import { StateMark, StateSign } from '../kit/state.tsx';
import { Menu } from './menu.tsx';
import type { BoardCard } from './model.ts';

interface CardParts {
  card: BoardCard;
  trusted: boolean;
  open(id: string): void;
  move(card: BoardCard, to: BoardCard['state']): void;
  /** Why it was not moved. */
  refuse(reason: string): void;
  /** The menu is open or closed: meanwhile nothing on the board changes. */
  menu(open: boolean): void;
  /** It is being dragged, or no longer. */
  drag(card: BoardCard | undefined): void;
}

/** A hypothesis on the board. */
export function Card({ card, trusted, open, move, refuse, menu, drag }: CardParts) {
  const more = useRef<HTMLButtonElement>(null);
  const [menuOpen, setMenuOpen] = useState(false);
  const [dragged, setDragged] = useState(false);
  const { id, claim, state } = card;
  const showMenu = (shown: boolean) => {
    setMenuOpen(shown);
    menu(shown);
  };
  const onDragStart = (event: DragEvent) => {
    event.dataTransfer?.setData('text/plain', id);
    if (event.dataTransfer) event.dataTransfer.effectAllowed = 'move';
    // After the browser has taken its picture of the card.
    setTimeout(() => {
      setDragged(true);
      drag(card);
    });
  };
  const onDragEnd = () => {
    setDragged(false);
    drag(undefined);
  };
  return (
    <li
      class={`card${dragged ? ' dragged' : ''}`}
      draggable={trusted || undefined}
      data-id={id}
      aria-label={`${state}: ${plain(claim, 200)}`}
      onKeyDown={(event) => event.key === 'm' && trusted && showMenu(true)}
      onDragStart={onDragStart}
      onDragEnd={onDragEnd}
    >
      <button type="button" class="claim" data-focus={`open ${id}`} onClick={() => open(id)}>
        {plain(claim, 400)}
      </button>
      <Told card={card} />
      <div class="foot row spread">
        <code class="quiet">{id.slice(0, 10)}</code>
        <button
          ref={more}
          type="button"
          class="second move"
          data-focus={`move ${id}`}
          aria-haspopup="menu"
          aria-expanded={menuOpen}
          aria-label={`Move to… ${plain(claim, 80)}`}
          disabled={!trusted}
          onClick={() => showMenu(!menuOpen)}
        >
          Move to…
        </button>
        {menuOpen && (
          <Menu
            card={card}
            anchor={more}
            choose={(to) => move(card, to)}
            refuse={refuse}
            close={() => showMenu(false)}
          />
        )}
      </div>
    </li>
  );
}

/** What a card tells besides its claim: the last result, what there is of evidence, who is waited for. */
function Told({ card }: { card: BoardCard }) {
  const { result, verdicts, waiting } = card;
  return (
    <>
      {result && (
        <p class="result">
          <StateMark state={result.verdict} />
          <span>{`${shown(result.estimate)}${result.estimate === null ? '' : ` ${plain(result.unit)}`}`}</span>
          {result.demo && <span class="quiet">demo approval</span>}
        </p>
      )}
      {verdicts.length > 1 && (
        <p class="result">
          <span class="quiet">All its tests:</span>
          {verdicts.map((verdict) => (
            <StateMark state={verdict} />
          ))}
        </p>
      )}
      <p class="chips quiet">
        {chipsOf(card).map((chip) => (
          <span>{chip}</span>
        ))}
      </p>
      {waiting > 0 && (
        <p class="waits">
          <StateSign state="waiting" />
          {count(waiting, 'plan waits for a person', 'plans wait for a person')}
        </p>
      )}
    </>
  );
}

function chipsOf({ predictions, evidence: measured, rehearsals, edits }: BoardCard): string[] {
  return [
    count(predictions, 'prediction'),
    ...(measured > 0 ? [`${count(measured, 'experiment')} as evidence`] : []),
    ...(rehearsals > 0 ? [`${rehearsals} never evidence`] : []),
    ...(edits > 0 ? [`edited ${edits === 1 ? 'once' : `${edits} times`}`] : []),
  ];
}
