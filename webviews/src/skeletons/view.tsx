import { plain } from '@bregma/core/contracts/plain-text';
import { useMemo, useRef, useState } from 'preact/hooks';
import { categoryColours } from '../kit/category-colours.ts';
import { type Shown, shownAnew } from '../kit/component.tsx';
import { Figure, Nothing } from '../kit/figure.tsx';
import { counted, shown } from '../kit/format.ts';
import type { Ink } from '../kit/ink.ts';
import { Inked } from '../kit/inked.tsx';
import { Legend, type LegendItem } from '../kit/legend.tsx';
import { Reached } from '../kit/painting.tsx';
import { parsed } from '../kit/parsed.ts';
import type { View } from '../kit/view.ts';
import { forestOf, type Tree } from './forest.ts';
import { SkeletonsModel } from './model.ts';
import { SkeletonStage } from './stage.ts';
import style from './view.css';

const hint = 'Drag or arrow keys turn, with Shift they move; + and − or the wheel (after a click) zoom, 0 shows all.';

function Body({ model, host }: Shown<SkeletonsModel>) {
  const [said, say] = useState('');
  const trees = useMemo(() => forestOf(model), [model]);
  const hidden = useRef(new Set<number>());
  const stage = useRef<SkeletonStage>();
  const { unit, axes, name } = model.space;
  const picture = {
    caption: model,
    host,
    said,
    picture: () => stage.current?.picture(),
    table: () => measured(trees, unit),
  };
  const drawn = trees.filter(({ parent }) => parent.length > 0).length;
  if (drawn === 0)
    return (
      <Figure {...picture}>
        <Nothing>
          {trees.length === 0 ? 'There are no neurons.' : `None of ${counted(trees.length, 'neurons')} has a skeleton.`}
        </Nothing>
      </Figure>
    );
  const paint = (place: HTMLElement) => {
    stage.current = new SkeletonStage(place, {
      trees,
      unit,
      ends: endsOf(axes),
      colours: (ink) => treeColours(trees, ink).map((colour, i) => (hidden.current.has(i) ? undefined : colour)),
      hover: (found) => say(found ? describe(trees[found.tree], unit) : ''),
    });
    return stage.current.dispose;
  };
  const turn = (tree: number, on: boolean) => {
    if (on) hidden.current.delete(tree);
    else hidden.current.add(tree);
    stage.current?.redraw();
  };
  return (
    <Figure {...picture} hint={`${name}, ${unit} · ${hint}`}>
      <Reached
        class="stage navigable"
        label={`Skeletons of ${counted(drawn, 'neurons')} in ${name}. ${hint}`}
        paint={paint}
      />
      <Inked>{(ink) => <Legend items={legendItems(trees, ink, turn)} label="Neurons" />}</Inked>
    </Figure>
  );
}

/** Neurons with a switch of their own. */
const mostSwitches = 60;

function legendItems(trees: Tree[], ink: Ink, turn: (tree: number, on: boolean) => void): LegendItem[] {
  const colours = treeColours(trees, ink);
  return trees.slice(0, mostSwitches).map(({ name, type }, i) => ({
    name,
    colour: colours[i],
    detail: type,
    toggle: { on: true, change: (on) => turn(i, on) },
  }));
}

const describe = (tree: Tree, unit: string) =>
  `${label(tree)} · ${shown(tree.cable)} ${unit} of cable, ${counted(tree.branchings, 'branchings')}`;

const label = ({ name, id, type }: Tree) => [name, id !== name && id, type].filter(Boolean).join(' · ');

/** A colour a type where there are several, else a colour a neuron. */
function treeColours(trees: Tree[], ink: Ink): string[] {
  const types = [...new Set(trees.map(({ type }) => type ?? ''))];
  if (types.length < 2) return categoryColours(trees.length, ink);
  const palette = categoryColours(types.length, ink);
  return trees.map(({ type }) => palette[types.indexOf(type ?? '')]);
}

const letters: Record<string, string> = {
  a: 'anterior',
  p: 'posterior',
  s: 'superior',
  i: 'inferior',
  l: 'left',
  r: 'right',
  d: 'dorsal',
  v: 'ventral',
};

function endsOf(axes: string | undefined): [string, string, string] {
  const words = [...(axes ?? '')].map((letter) => letters[letter.toLowerCase()]);
  // SAFETY: three words, as was just counted.
  return words.length === 3 && words.every(Boolean) ? (words as [string, string, string]) : ['x', 'y', 'z'];
}

function measured(trees: Tree[], unit: string) {
  return {
    columns: ['neuron', 'id', 'type', 'nodes', `cable (${unit})`, 'branchings', 'tips', 'roots'],
    rows: trees.map(({ name, id, type, parent, cable, branchings, tips, roots }) => [
      plain(name, 100),
      id,
      type ?? null,
      parent.length,
      cable,
      branchings,
      tips,
      roots,
    ]),
  };
}

/** Neurons as trees of lines in space, coloured by type where they have one. */
export const skeletons: View<SkeletonsModel> = {
  name: 'skeletons',
  style,
  parse: (value) => parsed(SkeletonsModel, value, 'skeletons'),
  render: shownAnew(Body),
};
