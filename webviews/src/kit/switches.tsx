import { useRef } from 'preact/hooks';
import { shown } from './format.ts';
import type { Ink } from './ink.ts';
import { Inked } from './inked.tsx';
import { Legend } from './legend.tsx';

/** Items of a picture, by number, that a person has hidden. redraw: called when one goes or comes back. */
export function useHidden(redraw: () => void): { hidden: ReadonlySet<number>; turn(item: number, on: boolean): void } {
  const hidden = useRef(new Set<number>());
  return {
    hidden: hidden.current,
    turn(item, on) {
      if (on) hidden.current.delete(item);
      else hidden.current.add(item);
      redraw();
    },
  };
}

/** What one switch says. item: its number in the picture. */
interface Switch {
  item: number;
  name: string;
  detail?: string;
}

interface SwitchesParts {
  label: string;
  switches: Switch[];
  /** Switches beyond these are told of, and stand in the table alone. */
  most: number;
  /** A colour an item, by its number. */
  colours(ink: Ink): string[];
  turn(item: number, on: boolean): void;
}

/** A legend whose items can be hidden. */
export function Switches({ label, switches, most, colours, turn }: SwitchesParts) {
  const rest = switches.length - most;
  const items = (own: string[]) =>
    switches.slice(0, most).map(({ item, name, detail }) => ({
      name,
      detail,
      colour: own[item],
      toggle: { on: true, change: (on: boolean) => turn(item, on) },
    }));
  return (
    <div class="key">
      <Inked>{(ink) => <Legend items={items(colours(ink))} label={label} />}</Inked>
      {rest > 0 && <p class="count">and {shown(rest)} more: Table lists all.</p>}
    </div>
  );
}
