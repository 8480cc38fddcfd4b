import { h, plain } from '../kit/dom.ts';
import { keepFocus } from '../kit/keep-focus.ts';
import labStyle from '../kit/lab.css';
import { count, evidence, number } from '../kit/lab-format.ts';
import { stateMark, stateSign } from '../kit/state-mark.ts';
import type { View, ViewHost } from '../kit/view.ts';
import { openMenu } from './menu.ts';
import { type BoardCard, BoardModel } from './model.ts';
import style from './view.css';

type Column = BoardModel['columns'][number];

/** Hypotheses by where they stand. A card is moved by mouse or menu, and only where the life cycle lets it go. */
export const board: View<BoardModel> = {
  name: 'board',
  style: labStyle + style,
  parse: (value) => BoardModel.parse(value),
  render({ model, el, host }) {
    const drawing = new Drawing(el, host);
    drawing.draw(model);
    return { update: (next) => drawing.draw(next), dispose: () => el.replaceChildren() };
  },
};

class Drawing {
  private readonly el: HTMLElement;
  private readonly host: ViewHost;
  private readonly status = h('p', { class: 'status', role: 'status' });
  /** The card that is being dragged. */
  private dragged: BoardCard | undefined;
  private menu: { close(): void } | undefined;
  /** A model that came while the person was dragging or had a menu open. */
  private later: BoardModel | undefined;

  constructor(el: HTMLElement, host: ViewHost) {
    this.el = el;
    this.host = host;
  }

  draw(model: BoardModel): void {
    if (this.dragged || this.menu) {
      this.later = model;
      return;
    }
    this.later = undefined;
    const { budget, columns, trusted } = model;
    const total = columns.reduce((sum, { cards }) => sum + cards.length, 0);
    keepFocus(this.el, () =>
      this.el.replaceChildren(
        h(
          'div',
          { class: 'lab' },
          h(
            'header',
            { class: 'row spread' },
            h('h1', {}, 'Hypotheses'),
            h(
              'button',
              { 'data-focus': 'new', disabled: !trusted, click: () => this.host.send('new') },
              'New hypothesis',
            ),
          ),
          h(
            'p',
            { class: 'budget' },
            h('strong', {}, 'Error budget '),
            `${count(budget.tests, 'test')} paid for, ${count(budget.discoveries, 'discovery', 'discoveries')}. The next test has level ${number(budget.nextLevel)}: its e-value must reach ${evidence(1 / budget.nextLevel)}. ${plain(budget.procedure)} keeps false discoveries below ${number(budget.alpha * 100)} %.`,
          ),
          !trusted &&
            h('p', { class: 'note warn' }, 'This workspace is not trusted: the board can be read, not changed.'),
          this.status,
          total === 0 &&
            h(
              'p',
              { class: 'note' },
              'There are no hypotheses in this folder yet. Write one, or let an agent call record_hypothesis.',
            ),
          h('div', { class: 'columns' }, ...columns.map((column) => this.column(column, trusted))),
        ),
      ),
    );
  }

  private column(column: Column, trusted: boolean): HTMLElement {
    const { state, meaning, cards } = column;
    const section = h(
      'section',
      {
        class: `column${cards.length === 0 ? ' empty' : ''}`,
        'data-state': state,
        'aria-labelledby': `column-${state}`,
      },
      h(
        'h2',
        { id: `column-${state}`, title: meaning },
        stateMark(state),
        h(
          'span',
          { class: 'count', 'aria-label': count(cards.length, 'hypothesis', 'hypotheses') },
          String(cards.length),
        ),
      ),
      h('p', { class: 'meaning quiet' }, meaning),
      h('p', { class: 'verdict-of-move', 'aria-hidden': 'true' }),
      cards.length > 0 && h('ul', { class: 'plain cards' }, ...cards.map((card) => this.card(card, trusted))),
    );
    section.addEventListener('dragover', (event) => this.over(event, section));
    section.addEventListener('dragleave', (event) => {
      // SAFETY: what a drag over a page comes from or goes to is an element of it, or null outside.
      if (!section.contains(event.relatedTarget as Node | null)) section.removeAttribute('data-over');
    });
    section.addEventListener('drop', (event) => {
      event.preventDefault();
      const card = this.dragged;
      this.endDrag();
      if (card) this.move(card, state);
    });
    return section;
  }

  private card(card: BoardCard, trusted: boolean): HTMLElement {
    const { id, claim, state, result } = card;
    const item = h(
      'li',
      { class: 'card', draggable: trusted ? 'true' : undefined, 'data-id': id },
      h(
        'button',
        { class: 'claim', 'data-focus': `open ${id}`, click: () => this.host.send('open', { id }) },
        plain(claim, 400),
      ),
      result &&
        h(
          'p',
          { class: 'result' },
          stateMark(result.verdict),
          h('span', {}, `${number(result.estimate)}${result.estimate === null ? '' : ` ${plain(result.unit)}`}`),
          result.demo && h('span', { class: 'quiet' }, 'demo approval'),
        ),
      h('p', { class: 'chips quiet' }, ...chipsOf(card).map((chip) => h('span', {}, chip))),
      card.waiting > 0 &&
        h(
          'p',
          { class: 'waits' },
          stateSign('waiting'),
          count(card.waiting, 'plan waits for a person', 'plans wait for a person'),
        ),
    );
    const more = h(
      'button',
      {
        class: 'second move',
        'data-focus': `move ${id}`,
        'aria-haspopup': 'menu',
        'aria-label': `Move to… ${plain(claim, 80)}`,
        disabled: !trusted,
        click: () => this.openMenu(more, card),
      },
      'Move to…',
    );
    item.append(h('div', { class: 'foot row spread' }, h('code', { class: 'quiet' }, id.slice(0, 10)), more));
    item.addEventListener('keydown', (event) => {
      if (event.key === 'm' && trusted) this.openMenu(more, card);
    });
    item.addEventListener('dragstart', (event) => {
      this.dragged = card;
      event.dataTransfer?.setData('text/plain', id);
      if (event.dataTransfer) event.dataTransfer.effectAllowed = 'move';
      item.classList.add('dragged');
      // After the browser has taken its picture of the card.
      setTimeout(() => this.showTargets(card));
    });
    item.addEventListener('dragend', () => {
      item.classList.remove('dragged');
      this.endDrag();
    });
    item.setAttribute('aria-label', `${state}: ${plain(claim, 200)}`);
    return item;
  }

  private openMenu(anchor: HTMLElement, card: BoardCard): void {
    this.menu?.close();
    this.menu = openMenu(anchor, card, {
      choose: (to) => this.move(card, to),
      refuse: (reason) => this.say(reason),
      closed: () => {
        this.menu = undefined;
        if (this.later) this.draw(this.later);
      },
    });
  }

  private showTargets(card: BoardCard): void {
    if (this.dragged !== card) return;
    for (const column of this.el.querySelectorAll<HTMLElement>('.column')) {
      // SAFETY: this view wrote the state of each column itself.
      const move = card.moves[column.dataset.state as BoardCard['state']];
      column.dataset.drop = 'refused' in move ? 'no' : 'yes';
      const words = column.querySelector('.verdict-of-move');
      if (words) words.textContent = 'refused' in move ? move.refused : move.does;
    }
  }

  /** A drop is taken everywhere, so that a refused one is answered with its reason. */
  private over(event: DragEvent, section: HTMLElement): void {
    if (!this.dragged) return;
    event.preventDefault();
    section.setAttribute('data-over', '');
  }

  /** Says why it may not go there, or asks the editor to move it. */
  private move(card: BoardCard, to: BoardCard['state']): void {
    const move = card.moves[to];
    if ('refused' in move) {
      if (to !== card.state) this.say(`Not moved to ${to}. ${move.refused}`);
      return;
    }
    this.say('');
    this.host.send('move', { id: card.id, to });
  }

  private say(text: string): void {
    this.status.textContent = text;
  }

  private endDrag(): void {
    this.dragged = undefined;
    for (const column of this.el.querySelectorAll<HTMLElement>('.column')) {
      column.removeAttribute('data-drop');
      column.removeAttribute('data-over');
    }
    if (this.later) this.draw(this.later);
  }
}

function chipsOf({ predictions, evidence: measured, rehearsals, edits }: BoardCard): string[] {
  return [
    count(predictions, 'prediction'),
    ...(measured > 0 ? [`${count(measured, 'experiment')} as evidence`] : []),
    ...(rehearsals > 0 ? [`${rehearsals} never evidence`] : []),
    ...(edits > 0 ? [`edited ${edits === 1 ? 'once' : `${edits} times`}`] : []),
  ];
}
