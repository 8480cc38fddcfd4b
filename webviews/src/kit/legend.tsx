import { plain } from '@bregma/core/contracts/plain-text';
import type { ValueKind } from '@bregma/core/contracts/value-kind';
import { useState } from 'preact/hooks';
import { kindDash } from './kind-mark.ts';

/** An entry of a legend. */
export interface LegendItem {
  name: string;
  colour: string;
  /** Drawn as a line of this kind; otherwise as a patch. */
  line?: ValueKind;
  /** One of `signs`, where points of the item have that form. */
  sign?: string;
  /** Behind the name: a kind, a count. */
  detail?: string;
  /** Makes it a switch that hides and shows. */
  toggle?: { on: boolean; change(on: boolean): void };
}

/** The colour of the i-th line as the theme has it now: a legend is not drawn again when the theme changes. */
export const seriesColour = (i: number): string => `var(--series-${(i % 8) + 1})`;

/** What the colours mean. Names stand beside them, so colour is never alone. */
export const Legend = ({ items, label = 'Legend' }: { items: LegendItem[]; label?: string }) => (
  <ul class="legend" aria-label={label}>
    {items.map((item, i) => (
      <li key={i}>{item.toggle ? <Switch {...item} toggle={item.toggle} /> : <Words {...item} />}</li>
    ))}
  </ul>
);

function Switch({ toggle, ...item }: LegendItem & { toggle: NonNullable<LegendItem['toggle']> }) {
  const [on, turn] = useState(toggle.on);
  const click = () => {
    turn(!on);
    toggle.change(!on);
  };
  return (
    <button class="legend-toggle" type="button" aria-pressed={on} onClick={click}>
      <Words {...item} />
    </button>
  );
}

const Words = ({ name, colour, line, sign, detail }: LegendItem) => (
  <>
    {(line || !sign) && <Swatch colour={colour} line={line} />}
    {sign && (
      <span class="sign" aria-hidden="true" style={{ color: colour }}>
        {sign}
      </span>
    )}
    <span>{plain(name, 80)}</span>
    {detail && <span class="count">{plain(detail, 60)}</span>}
  </>
);

function Swatch({ colour, line }: Pick<LegendItem, 'colour' | 'line'>) {
  if (!line) return <span class="swatch" aria-hidden="true" style={{ background: colour }} />;
  return (
    <svg class="swatch-line" aria-hidden="true" viewBox="0 0 24 10">
      <line
        x1="0"
        x2="24"
        y1="5"
        y2="5"
        stroke-width="2"
        stroke-dasharray={kindDash[line]}
        style={{ stroke: colour }}
      />
    </svg>
  );
}
