import { plain } from '@bregma/core/contracts/plain-text';
import { useState } from 'preact/hooks';
import { type Shown, shownAnew } from '../kit/component.tsx';
import { Figure } from '../kit/figure.tsx';
import { counted } from '../kit/format.ts';
import { parsed } from '../kit/parsed.ts';
import type { View } from '../kit/view.ts';
import { JsonModel } from './model.ts';
import style from './view.css';

/** Members that are put into the page at once. */
const step = 200;

interface Member {
  name?: string;
  value: unknown;
  /** Open at first. */
  opened?: boolean;
}

function Node({ name, value, opened = false }: Member) {
  if (typeof value === 'object' && value !== null) return <Branch name={name} value={value} opened={opened} />;
  return (
    <div class="leaf">
      <Key name={name} />
      <Leaf value={value} />
    </div>
  );
}

/** A list or an object; what is in it is put into the page when it is first opened. */
function Branch({ name, value, opened }: Member & { value: object }) {
  const [open, show] = useState(opened);
  const [most, extend] = useState(step);
  const entries = Object.entries(value);
  const of = Array.isArray(value) ? 'items' : 'members';
  if (entries.length === 0)
    return (
      <div class="leaf">
        <Key name={name} />
        <span class="size">{Array.isArray(value) ? 'empty list' : 'empty object'}</span>
      </div>
    );
  const rest = entries.length - most;
  return (
    <details open={open} onToggle={(event) => show(event.currentTarget.open)}>
      <summary>
        <Key name={name} />
        <span class="size">{counted(entries.length, of)}</span>
      </summary>
      <div class="inside">
        {open && entries.slice(0, most).map(([key, item]) => <Node key={key} name={key} value={item} />)}
        {open && rest > 0 && (
          <button class="quiet" type="button" onClick={() => extend(most + step)}>
            Show {Math.min(step, rest)} more of {rest}
          </button>
        )}
      </div>
    </details>
  );
}

const Key = ({ name }: { name?: string }) => (name === undefined ? null : <span class="key">{plain(name, 200)}</span>);

function Leaf({ value }: { value: unknown }) {
  if (value === null || value === undefined) return <span class="value missing">null</span>;
  return (
    <span class={`value ${typeof value}`}>{plain(typeof value === 'string' ? JSON.stringify(value) : value)}</span>
  );
}

function Body({ model, host }: Shown<JsonModel>) {
  const copy = () =>
    host.send('copy', { format: 'json', name: plain(model.title, 80), data: JSON.stringify(model.value, null, 2) });
  const tools = (
    <button class="quiet" type="button" onClick={copy}>
      Copy JSON
    </button>
  );
  return (
    <Figure caption={model} host={host} tools={tools}>
      <div class="tree">
        <Node value={model.value} opened />
      </div>
    </Figure>
  );
}

/** Any value as a tree that opens where it is wanted; nothing deeper is in the page before that. */
export const json: View<JsonModel> = {
  name: 'json',
  style,
  parse: (value) => parsed(JsonModel, value, 'json'),
  render: shownAnew(Body),
};
