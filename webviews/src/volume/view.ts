import { categoryColours } from '../kit/category-colours.ts';
import { colourBar } from '../kit/colour-bar.tsx';
import { h, plain } from '../kit/dom.ts';
import { figure } from '../kit/figure.tsx';
import { axisLabel, counted, shown } from '../kit/format.ts';
import { inkOf } from '../kit/ink-of.ts';
import { parsed } from '../kit/parsed.ts';
import { redrawn } from '../kit/redrawn.ts';
import { sized } from '../kit/surface.ts';
import type { View } from '../kit/view.ts';
import { type Atlas, atlasOf, middleOf, pathOf, type Voxel, withParts } from './atlas.ts';
import { VolumeModel } from './model.ts';
import { type PanelState, SlicePanel } from './panel.ts';
import { indexOf, type Plane, planes } from './slice.ts';
import style from './view.css';

/** Regions that are suggested at once. */
const mostSuggestions = 20;
const axisNames = ['AP', 'DV', 'ML'];

/** Slices through a brain in three planes, with the region under the pointer; a region can be sought and stands out then. */
export const volume: View<VolumeModel> = {
  name: 'volume',
  style,
  parse: (value) => parsed(VolumeModel, value, 'volume'),
  render({ model, el, host }) {
    return redrawn(model, (now) => {
      const atlas = atlasOf(now);
      // SAFETY: three sides make three numbers; so below, where the length was just compared.
      const middle = atlas.shape.map((side) => Math.floor(side / 2)) as Voxel;
      const first = (
        now.at?.length === 3 ? now.at.map((at, i) => Math.max(0, Math.min(atlas.shape[i] - 1, Math.round(at)))) : middle
      ) as Voxel;
      const state: PanelState = { at: first, mask: undefined, colours: [] };
      const panels: SlicePanel[] = [];
      const frame = figure(el, {
        caption: now,
        host,
        tools: seeker(atlas, (region) => {
          state.mask = region === undefined ? undefined : withParts(atlas.regions, region);
          state.at = (state.mask && middleOf(atlas, state.mask)) ?? state.at;
          frame.say(region === undefined ? '' : about(atlas, region));
          drawing.redraw();
        }),
        picture: () => together(panels),
        ...(atlas.labels ? { table: () => regionTable(atlas) } : {}),
      });
      const place = (plane: Plane, at: Voxel) => `${axisNames[plane.cuts]} ${millimetres(now, atlas, at, plane.cuts)}`;
      for (const plane of planes)
        panels.push(
          new SlicePanel(atlas, plane, state, {
            place,
            moved(at) {
              state.at = at;
              frame.say(describe(now, atlas, at));
              drawing.redraw();
            },
            hover: (voxel) => frame.say(voxel ? describe(now, atlas, voxel) : ''),
          }),
        );
      const row = h('div', { class: 'slices' }, ...panels.map(({ element }) => element));
      frame.body.append(row);
      if (atlas.span)
        frame.body.append(
          colourBar(
            'sequential',
            ...atlas.span,
            now.value ? axisLabel(now.value) : 'no unit given',
            atlas.values?.some(Number.isNaN),
          ),
        );
      const drawing = sized(
        row,
        ({ ink }) => {
          state.colours = categoryColours(
            atlas.regions.length,
            ink,
            atlas.regions.map(({ colour }) => colour ?? ''),
          );
          for (const panel of panels) panel.draw(ink);
        },
        () => 0,
      );
      const present = atlas.counts.filter((count) => count > 0).length;
      frame.hint(
        [
          `${now.space}, voxels of ${shown(atlas.voxelUm[0])} µm`,
          atlas.labels && `${counted(present, 'regions')} drawn`,
          now.bregmaVoxel
            ? 'positions from bregma'
            : 'positions from the anterior, superior, left corner of the volume',
          'click or arrow keys move the crosshair',
        ]
          .filter(Boolean)
          .join(' · '),
      );
      return drawing.dispose;
    });
  },
};

/** A position along one axis; from bregma, anterior and right are positive and depth grows downwards. */
function millimetres({ bregmaVoxel }: VolumeModel, { voxelUm }: Atlas, at: Voxel, axis: 0 | 1 | 2): string {
  const from = bregmaVoxel?.[axis];
  const mm = ((at[axis] + 0.5 - (from ?? 0)) * voxelUm[axis]) / 1000;
  const signed = from !== undefined && axis === 0 ? -mm : mm;
  return `${from !== undefined && signed > 0 ? '+' : ''}${signed.toFixed(2).replace('-', '−')} mm`;
}

function describe(model: VolumeModel, atlas: Atlas, voxel: Voxel): string {
  const i = indexOf(voxel, atlas.shape);
  const label = atlas.labels?.[i] ?? 0;
  const place = voxel
    .map((_, axis) => `${axisNames[axis]} ${millimetres(model, atlas, voxel, axis as 0 | 1 | 2)}`)
    .join(', ');
  const region =
    atlas.labels &&
    (label > 0
      ? `${atlas.regions[label - 1].acronym} · ${pathOf(atlas.regions, label - 1)
          .slice(-4)
          .join(' › ')}`
      : 'outside');
  const value =
    atlas.values && `${model.value?.label ?? 'value'} ${shown(atlas.values[i])} ${model.value?.unit ?? ''}`.trim();
  return [region, value, place].filter(Boolean).join(' · ');
}

/** A region with what it is part of, and how large it is together with its parts. */
function about(atlas: Atlas, region: number): string {
  const mask = withParts(atlas.regions, region);
  const voxels = atlas.counts.reduce((sum, count, i) => sum + (mask[i + 1] ? count : 0), 0);
  const size = voxels > 0 ? `${shown(voxels * voxelMm3(atlas), 3)} mm³` : 'not drawn in this volume';
  return `${atlas.regions[region].acronym} · ${pathOf(atlas.regions, region).join(' › ')} · ${size}`;
}

const voxelMm3 = ({ voxelUm: [a, b, c] }: Atlas) => (a * b * c) / 1e9;

function regionTable(atlas: Atlas) {
  return {
    columns: ['acronym', 'region', 'part of', 'voxels', 'volume (mm³)'],
    rows: atlas.regions
      .map((region, i) => ({ region, i, count: atlas.counts[i] }))
      .filter(({ count }) => count > 0)
      .sort((a, b) => b.count - a.count)
      .map(({ region: { acronym, name }, i, count }) => [
        acronym,
        name,
        pathOf(atlas.regions, i).slice(0, -1).join(' › '),
        count,
        count * voxelMm3(atlas),
      ]),
  };
}

/** A field that finds a region by acronym or name. */
function seeker({ regions }: Atlas, choose: (region: number | undefined) => void): HTMLElement[] {
  if (regions.length === 0) return [];
  const list = h('datalist', { id: 'bregma-regions' });
  const input = h('input', {
    type: 'search',
    list: 'bregma-regions',
    placeholder: 'acronym or name',
    spellcheck: 'false',
  });
  input.addEventListener('input', () => {
    const begun = input.value.trim().toLowerCase();
    const fit = regions.filter(
      ({ acronym, name }) => acronym.toLowerCase().startsWith(begun) || name.toLowerCase().includes(begun),
    );
    list.replaceChildren(
      ...fit
        .slice(0, mostSuggestions)
        .map(({ acronym, name }) => h('option', { value: plain(acronym, 60) }, plain(name, 120))),
    );
  });
  input.addEventListener('change', () => {
    const wanted = input.value.trim().toLowerCase();
    const found =
      wanted === ''
        ? undefined
        : [
            regions.findIndex(({ acronym }) => acronym.toLowerCase() === wanted),
            regions.findIndex(({ name }) => name.toLowerCase() === wanted),
            regions.findIndex(({ name }) => name.toLowerCase().includes(wanted)),
          ].find((at) => at >= 0);
    input.setAttribute('aria-invalid', String(wanted !== '' && found === undefined));
    choose(found);
  });
  return [h('label', {}, 'Region', input), list];
}

/** All slices side by side, for a copy. */
function together(panels: SlicePanel[]): HTMLCanvasElement {
  const gap = 12;
  const whole = h('canvas');
  whole.width = panels.reduce((sum, { canvas }) => sum + canvas.width + gap, -gap);
  whole.height = Math.max(...panels.map(({ canvas }) => canvas.height));
  const context = whole.getContext('2d')!;
  context.fillStyle = inkOf(panels[0].element).ground;
  context.fillRect(0, 0, whole.width, whole.height);
  let left = 0;
  for (const { canvas } of panels) {
    context.drawImage(canvas, left, 0);
    left += canvas.width + gap;
  }
  return whole;
}
