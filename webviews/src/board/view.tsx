import { plain } from '@bregma/core/contracts/plain-text';
import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { type Shown, shownBy } from '../kit/component.tsx';
import { evidence, shown } from '../kit/format.ts';
import labStyle from '../kit/lab.css';
import { count } from '../kit/lab-format.ts';
import { StateMark } from '../kit/state.tsx';
import type { View } from '../kit/view.ts';
import { Card } from './card.tsx';
import { type BoardCard, BoardModel } from './model.ts';
import style from './view.css';

function Body({ model: newest, host }: Shown<BoardModel>) {
  const [dragged, drag] = useState<BoardCard>();
  const [menuOpen, menu] = useState(false);
  const [said, say] = useState('');
  // A model that comes while the person is dragging or has a menu open waits until that is over.
  const held = useRef(newest);
  if (!dragged && !menuOpen) held.current = newest;
  const { budget, columns, trusted } = held.current;
  const move = (card: BoardCard, to: BoardCard['state']) => {
    const asked = card.moves[to];
    if (!('refused' in asked)) {
      say('');
      host.send('move', { id: card.id, to });
    } else if (to !== card.state) say(`Not moved to ${to}. ${asked.refused}`);
  };
  return (
    <div class="lab">
      <header class="row spread">
        <h1>Hypotheses</h1>
        <button type="button" data-focus="new" disabled={!trusted} onClick={() => host.send('new')}>
          New hypothesis
        </button>
      </header>
      <p class="budget">
        <strong>Error budget </strong>
        {budgetSays(budget)}
      </p>
      {!trusted && <p class="note warn">This workspace is not trusted: the board can be read, not changed.</p>}
      <p class="status" role="status">
        {said}
      </p>
      {columns.every(({ cards }) => cards.length === 0) && (
        <p class="note">
          There are no hypotheses in this folder yet. Write one, or let an agent call record_hypothesis.
        </p>
      )}
      <div class="columns">
        {columns.map((column) => (
          <Column
            key={column.state}
            column={column}
            dragged={dragged}
            drop={(card) => {
              drag(undefined);
              move(card, column.state);
            }}
          >
            {column.cards.map((card) => (
              <Card
                key={card.id}
                card={card}
                trusted={trusted}
                open={(id) => host.send('open', { id })}
                move={move}
                refuse={say}
                menu={menu}
                drag={drag}
              />
            ))}
          </Column>
        ))}
      </div>
    </div>
  );
}

const budgetSays = ({ tests, discoveries, nextLevel, procedure, alpha }: BoardModel['budget']): string =>
  `${count(tests, 'test')} paid for, ${count(discoveries, 'discovery', 'discoveries')}. The next test has level ${shown(nextLevel)}: its e-value must reach ${evidence(1 / nextLevel)}. ${plain(procedure)} keeps false discoveries below ${shown(alpha * 100)} %.`;

interface ColumnParts {
  column: BoardModel['columns'][number];
  /** The card that is being dragged. */
  dragged: BoardCard | undefined;
  drop(card: BoardCard): void;
  children: ComponentChildren;
}

/** The hypotheses of one state. A drop is taken everywhere, so that a refused one is answered with its reason. */
function Column({ column: { state, meaning, cards }, dragged, drop, children }: ColumnParts) {
  const [over, setOver] = useState(false);
  const asked = dragged?.moves[state];
  const refused = asked && 'refused' in asked;
  return (
    <section
      class={`column${cards.length === 0 ? ' empty' : ''}`}
      data-state={state}
      data-drop={asked && (refused ? 'no' : 'yes')}
      data-over={dragged && over ? '' : undefined}
      aria-labelledby={`column-${state}`}
      onDragOver={(event) => {
        if (!dragged) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={({ currentTarget, relatedTarget }) => {
        // SAFETY: what a drag over a page comes from or goes to is an element of it, or null outside.
        if (!currentTarget.contains(relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        if (dragged) drop(dragged);
      }}
    >
      <h2 id={`column-${state}`} title={meaning}>
        <StateMark state={state} />
        <span class="count" aria-label={count(cards.length, 'hypothesis', 'hypotheses')}>
          {cards.length}
        </span>
      </h2>
      <p class="meaning quiet">{meaning}</p>
      <p class="verdict-of-move" aria-hidden="true">
        {asked && ('refused' in asked ? asked.refused : asked.does)}
      </p>
      {cards.length > 0 && <ul class="plain cards">{children}</ul>}
    </section>
  );
}

/** Hypotheses by where they stand. A card is moved by mouse or menu, and only where the life cycle lets it go. */
export const board: View<BoardModel> = {
  name: 'board',
  style: labStyle + style,
  parse: (value) => BoardModel.parse(value),
  render: shownBy(Body),
};
