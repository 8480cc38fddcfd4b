import { useMemo, useState } from 'preact/hooks';
import { KindMark } from '../kit/kind.tsx';
import { isValueKind } from '../kit/kind-mark.ts';
import { around } from '../kit/where.ts';
import type { Box, Picture } from './graph.ts';
import { factsOf, titleOf } from './say.ts';
import { signOf } from './signs.ts';

/** Most children that one item shows. */
const mostChildren = 200;

/** One line of the list: a box below what rests on it. */
interface Line {
  box: Box;
  /** Ids from the root to this one: a box may stand below several. */
  path: string[];
  /** What it is to the line above: used, made… */
  as: string;
  /** It stands further up already, and is only named. */
  again: boolean;
  /** undefined: there is nothing below. */
  open: boolean | undefined;
}

const keyOf = (path: string[]): string => path.join('\n');

/** The lines that are seen when these are open or, with `roots`, closed. */
function linesOf(picture: Picture, toggled: ReadonlySet<string>, roots: string[]): Line[] {
  const boxes = new Map(picture.boxes.map((box) => [box.id, box]));
  const rests = new Map<string, { id: string; as: string }[]>();
  for (const { user, source, as } of picture.arrows) {
    const step = { id: source, as: as.join(', ') };
    const steps = rests.get(user);
    if (steps) steps.push(step);
    else rests.set(user, [step]);
  }
  const below = (id: string, as: string, above: string[]): Line[] => {
    const box = boxes.get(id);
    if (!box) return [];
    const path = [...above, id];
    const again = above.includes(id);
    const steps = again ? [] : (rests.get(id) ?? []);
    // Roots are open until they are closed.
    const open = steps.length > 0 ? toggled.has(keyOf(path)) !== (above.length === 0) : undefined;
    const children = open ? steps.slice(0, mostChildren).flatMap((step) => below(step.id, step.as, path)) : [];
    return [{ box, path, as, again, open }, ...children];
  };
  return roots
    .filter((root) => !picture.arrows.some(({ source }) => source === root))
    .flatMap((root) => below(root, '', []));
}

/**
 * The lineage as an indented tree: below each thing stands what it rests on. What stands further up already is only named. The
 * keys are those of every tree: up, down, right opens, left closes, Enter opens the record.
 */
export function LineageList({ picture, roots, open }: { picture: Picture; roots: string[]; open(box: Box): void }) {
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const [current, setCurrent] = useState<string>();
  const lines = useMemo(() => linesOf(picture, toggled, roots), [picture, toggled, roots]);
  const active = lines.find(({ path }) => keyOf(path) === current) ?? lines[0];
  const toggle = ({ path }: Line) => {
    const next = new Set(toggled);
    if (!next.delete(keyOf(path))) next.add(keyOf(path));
    setToggled(next);
  };
  const onKey = (event: KeyboardEvent, line: Line) => {
    const here = around<HTMLElement>(event, '[role=treeitem]');
    const at = lines.indexOf(line);
    const focus = (other: Line | undefined) => here && other && focusOn(here, lines.indexOf(other));
    const above = keyOf(line.path.slice(0, -1));
    const keys: Record<string, () => void> = {
      ArrowDown: () => focus(lines[at + 1]),
      ArrowUp: () => focus(lines[at - 1]),
      Home: () => focus(lines[0]),
      End: () => focus(lines.at(-1)),
      ArrowRight: () => (line.open ? focus(lines[at + 1]) : line.open === false && toggle(line)),
      ArrowLeft: () => (line.open ? toggle(line) : focus(lines.find(({ path }) => keyOf(path) === above))),
      Enter: () => open(line.box),
    };
    if (!keys[event.key]) return;
    keys[event.key]();
    event.preventDefault();
  };
  return (
    <div role="tree" aria-label="Lineage: below each thing stands what it rests on">
      {lines.map((line) => (
        <Item
          key={keyOf(line.path)}
          line={line}
          active={line === active}
          pressed={(event) => onKey(event, line)}
          focused={() => setCurrent(keyOf(line.path))}
          toggle={() => line.open !== undefined && toggle(line)}
          open={() => open(line.box)}
        />
      ))}
    </div>
  );
}

/** Gives the focus to the n-th line of the tree in which an item stands. */
function focusOn(item: HTMLElement, n: number): void {
  item.parentElement?.querySelectorAll<HTMLElement>('[role=treeitem]')[n]?.focus();
}

interface ItemParts {
  line: Line;
  /** It is in the tab order. */
  active: boolean;
  pressed(event: KeyboardEvent): void;
  focused(): void;
  toggle(): void;
  open(): void;
}

const Item = ({ line: { box, path, as, again, open: isOpen }, active, ...on }: ItemParts) => (
  <div
    role="treeitem"
    tabIndex={active ? 0 : -1}
    data-id={box.id}
    aria-level={path.length}
    aria-expanded={isOpen}
    style={{ marginLeft: `${(path.length - 1) * 1.4}em` }}
    onKeyDown={on.pressed}
    onFocus={on.focused}
    onClick={on.toggle}
    onDblClick={on.open}
  >
    <svg viewBox="0 0 16 16" aria-hidden="true">
      <path class="sign" d={signOf(box.kind)} />
    </svg>
    {as && <span class="dim">{as}: </span>}
    {titleOf(box)}
    <span class="dim"> {factsOf(box)} </span>
    {isValueKind(box.valueKind) && <KindMark kind={box.valueKind} />}
    {again && <span class="dim"> (stands above)</span>}
  </div>
);
