import { plain } from '@bregma/core/contracts/plain-text';
import { useMemo, useRef, useState } from 'preact/hooks';
import { categoryColours } from '../kit/category-colours.ts';
import { type Shown, shownAnew } from '../kit/component.tsx';
import { Figure, Nothing } from '../kit/figure.tsx';
import { counted, shown } from '../kit/format.ts';
import type { Ink } from '../kit/ink.ts';
import { Reached } from '../kit/painting.tsx';
import { parsed } from '../kit/parsed.ts';
import { Switches, useHidden } from '../kit/switches.tsx';
import type { View } from '../kit/view.ts';
import { forestOf, type Tree } from './forest.ts';
import { SkeletonsModel } from './model.ts';
import { SkeletonStage } from './stage.ts';
import style from './view.css';

const hint = 'Drag or arrow keys turn, with Shift they move; + and − or the wheel (after a click) zoom, 0 shows all.';

function Body({ model, host }: Shown<SkeletonsModel>) {
  const [said, say] = useState('');
  const trees = useMemo(() => forestOf(model), [model]);
  const stage = useRef<SkeletonStage>();
  const { hidden, turn } = useHidden(() => stage.current?.redraw());
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
      colours: (ink) => treeColours(trees, ink).map((colour, i) => (hidden.has(i) ? undefined : colour)),
      hover: (found) => say(found ? describe(trees[found.tree], unit) : ''),
    });
    return stage.current.dispose;
  };
  return (
    <Figure {...picture} hint={`${name}, ${unit} · ${hint}`}>
      <Reached
        class="stage navigable"
        label={`Skeletons of ${counted(drawn, 'neurons')} in ${name}. ${hint}`}
        paint={paint}
      />
      <Switches
        label="Neurons"
        switches={trees.map(({ name, type }, item) => ({ item, name, detail: type }))}
        most={mostSwitches}
        colours={(ink) => treeColours(trees, ink)}
        turn={turn}
      />
    </Figure>
  );
}

/** Neurons with a switch of their own. */
const mostSwitches = 60;

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
