import { plain } from '@bregma/core/contracts/plain-text';
import { type Shown, shownBy } from '../kit/component.tsx';
import { KindMark } from '../kit/kind.tsx';
import { Fact } from '../kit/links.tsx';
import { parsed } from '../kit/parsed.ts';
import type { View } from '../kit/view.ts';
import { CardModel } from './model.ts';
import style from './view.css';

const Body = ({ model: { title, id, kind, description, sections, actions }, host }: Shown<CardModel>) => (
  <>
    <header>
      <h1>{plain(title, 300)}</h1>
      <KindMark kind={kind} />
    </header>
    <p>
      <code>{plain(id, 200)}</code>
    </p>
    {description && <p class="description">{plain(description)}</p>}
    <p class="actions">
      {actions.map(({ label, intent, payload }) => (
        <button type="button" key={label} onClick={() => host.send(intent, payload)}>
          {plain(label, 60)}
        </button>
      ))}
    </p>
    {sections.map(({ heading, facts }) => (
      <section key={heading}>
        <h2>{plain(heading, 100)}</h2>
        <dl>
          {facts.map(({ name, text }) => (
            <Fact name={plain(name, 200)}>{plain(text)}</Fact>
          ))}
        </dl>
      </section>
    ))}
  </>
);

/** What a data set or a twin is. */
export const card: View<CardModel> = {
  name: 'card',
  style,
  parse: (value) => parsed(CardModel, value, 'card'),
  render: shownBy(Body),
};
