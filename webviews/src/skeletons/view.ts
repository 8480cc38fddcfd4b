import { categoryColours } from '../kit/category-colours.ts';
import { plain } from '../kit/dom.ts';
import { figure, nothing } from '../kit/figure.tsx';
import { counted, shown } from '../kit/format.ts';
import type { Ink } from '../kit/ink.ts';
import { inkOf } from '../kit/ink-of.ts';
import { legend } from '../kit/legend.tsx';
import { parsed } from '../kit/parsed.ts';
import { redrawn } from '../kit/redrawn.ts';
import type { View } from '../kit/view.ts';
import { forestOf, type Tree } from './forest.ts';
import { SkeletonsModel } from './model.ts';
import { SkeletonStage } from './stage.ts';
import style from './view.css';

const hint = 'Drag or arrow keys turn, with Shift they move; + and − or the wheel (after a click) zoom, 0 shows all.';

/** Neurons as trees of lines in space, coloured by type where they have one. */
export const skeletons: View<SkeletonsModel> = {
  name: 'skeletons',
  style,
  parse: (value) => parsed(SkeletonsModel, value, 'skeletons'),
  render({ model, el, host }) {
    return redrawn(model, (now) => {
      const trees = forestOf(now);
      const { unit, axes } = now.space;
      const hidden = new Set<number>();
      let stage: SkeletonStage | undefined;
      const frame = figure(el, {
        caption: now,
        host,
        picture: () => stage?.picture(),
        table: () => measured(trees, unit),
      });
      const drawn = trees.filter(({ parent }) => parent.length > 0).length;
      if (drawn === 0) {
        frame.body.append(
          nothing(
            trees.length === 0
              ? 'There are no neurons.'
              : `None of ${counted(trees.length, 'neurons')} has a skeleton.`,
          ),
        );
        return undefined;
      }
      const colours = (ink: Ink) => treeColours(trees, ink).map((colour, i) => (hidden.has(i) ? undefined : colour));
      stage = new SkeletonStage(frame.body, {
        trees,
        unit,
        ends: endsOf(axes),
        colours,
        hover: (found) => {
          const tree = found && trees[found.tree];
          frame.say(
            tree
              ? `${label(tree)} · ${shown(tree.cable)} ${unit} of cable, ${counted(tree.branchings, 'branchings')}`
              : '',
          );
        },
      });
      stage.element.setAttribute(
        'aria-label',
        `Skeletons of ${counted(drawn, 'neurons')} in ${now.space.name}. ${hint}`,
      );
      const ink = inkOf(el);
      const palette = treeColours(trees, ink);
      frame.body.append(
        legend(
          trees.slice(0, 60).map((tree, i) => ({
            name: tree.name,
            colour: palette[i],
            detail: tree.type,
            toggle: {
              on: true,
              change: (on) => {
                if (on) hidden.delete(i);
                else hidden.add(i);
                stage?.redraw();
              },
            },
          })),
          'Neurons',
        ),
      );
      frame.hint(`${now.space.name}, ${unit} · ${hint}`);
      return stage.dispose;
    });
  },
};

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
