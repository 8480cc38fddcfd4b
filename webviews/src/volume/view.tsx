import { plain } from '@bregma/core/contracts/plain-text';
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { categoryColours } from '../kit/category-colours.ts';
import { ColourBar } from '../kit/colour-bar.tsx';
import { type Shown, shownAnew } from '../kit/component.tsx';
import { Figure } from '../kit/figure.tsx';
import { axisLabel, counted, shown, withDecimals } from '../kit/format.ts';
import type { Ink } from '../kit/ink.ts';
import { inkOf } from '../kit/ink-of.ts';
import { parsed } from '../kit/parsed.ts';
import { sized } from '../kit/surface.ts';
import type { View } from '../kit/view.ts';
import { type Atlas, atlasOf, middleOf, pathOf, type Voxel, withParts } from './atlas.ts';
import { VolumeModel } from './model.ts';
import { indexOf, planes } from './slice.ts';
import { Slice, type SliceState } from './slice-view.tsx';
import style from './view.css';

/** Regions that are suggested at once. */
const mostSuggestions = 20;
const axisNames = ['AP', 'DV', 'ML'];

function Body({ model, host }: Shown<VolumeModel>) {
  const [said, say] = useState('');
  const atlas = useMemo(() => atlasOf(model), [model]);
  const [state, setState] = useState<SliceState>(() => ({ at: firstVoxel(atlas, model), mask: undefined }));
  const row = useRef<HTMLDivElement>(null);
  const place = usePlace(row);
  const colours = useMemo(
    () =>
      place
        ? categoryColours(
            atlas.regions.length,
            place.ink,
            atlas.regions.map(({ colour }) => colour ?? ''),
          )
        : [],
    [atlas, place],
  );
  const seek = (region: number | undefined) => {
    const mask = region === undefined ? undefined : withParts(atlas.regions, region);
    setState({ at: (mask && middleOf(atlas, mask)) ?? state.at, mask });
    say(region === undefined ? '' : about(atlas, region));
  };
  return (
    <Figure
      caption={model}
      host={host}
      said={said}
      hint={hintOf(model, atlas)}
      tools={atlas.regions.length > 0 && <Seeker atlas={atlas} choose={seek} />}
      picture={() => (row.current ? together(row.current) : undefined)}
      table={atlas.labels && (() => regionTable(atlas))}
    >
      <div class="slices" ref={row}>
        {place &&
          planes.map((plane) => (
            <Slice
              key={plane.name}
              {...{ atlas, plane, state, colours, ...place }}
              place={`${axisNames[plane.cuts]} ${millimetres(model, atlas, state.at, plane.cuts)}`}
              moved={(at) => {
                setState({ ...state, at });
                say(describe(model, atlas, at));
              }}
              hover={(voxel) => say(voxel ? describe(model, atlas, voxel) : '')}
            />
          ))}
      </div>
      {atlas.span && (
        <ColourBar
          scale="sequential"
          low={atlas.span[0]}
          high={atlas.span[1]}
          label={model.value ? axisLabel(model.value) : 'no unit given'}
          missing={atlas.values?.some(Number.isNaN)}
        />
      )}
    </Figure>
  );
}

/** Width and colours of the place of an element, and again when they change; undefined before it stands on the page. */
function usePlace(el: { current: HTMLElement | null }): { width: number; ink: Ink } | undefined {
  const [place, setPlace] = useState<{ width: number; ink: Ink }>();
  useLayoutEffect(() => {
    if (!el.current) return undefined;
    const drawing = sized(
      el.current,
      ({ width, ink }) => setPlace({ width, ink }),
      () => 0,
    );
    return drawing.dispose;
  }, [el]);
  return place;
}

/** Where the crosshair stands at first: as the model says, else in the middle. */
function firstVoxel({ shape }: Atlas, { at }: VolumeModel): Voxel {
  const first = shape.map((side, axis) =>
    at?.length === 3 ? Math.max(0, Math.min(side - 1, Math.round(at[axis]))) : Math.floor(side / 2),
  );
  // SAFETY: three sides make three numbers.
  return first as Voxel;
}

const hintOf = ({ space, bregmaVoxel }: VolumeModel, { voxelUm, labels, counts }: Atlas): string =>
  [
    `${space}, voxels of ${shown(voxelUm[0])} µm`,
    labels && `${counted(counts.filter((count) => count > 0).length, 'regions')} drawn`,
    bregmaVoxel ? 'positions from bregma' : 'positions from the anterior, superior, left corner of the volume',
    'click or arrow keys move the crosshair',
  ]
    .filter(Boolean)
    .join(' · ');

/** A position along one axis; from bregma, anterior and right are positive and depth grows downwards. */
function millimetres({ bregmaVoxel }: VolumeModel, { voxelUm }: Atlas, at: Voxel, axis: number): string {
  const from = bregmaVoxel?.[axis];
  const mm = ((at[axis] + 0.5 - (from ?? 0)) * voxelUm[axis]) / 1000;
  const signed = from !== undefined && axis === 0 ? -mm : mm;
  return `${from !== undefined && signed > 0 ? '+' : ''}${withDecimals(signed, 2).replace('-', '−')} mm`;
}

function describe(model: VolumeModel, atlas: Atlas, voxel: Voxel): string {
  const i = indexOf(voxel, atlas.shape);
  const label = atlas.labels?.[i] ?? 0;
  const place = voxel.map((_, axis) => `${axisNames[axis]} ${millimetres(model, atlas, voxel, axis)}`).join(', ');
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
function Seeker({ atlas: { regions }, choose }: { atlas: Atlas; choose(region: number | undefined): void }) {
  const [begun, setBegun] = useState('');
  const [unknown, setUnknown] = useState(false);
  const find = (wanted: string) => {
    const found = wanted === '' ? undefined : regionOf(regions, wanted);
    setUnknown(wanted !== '' && found === undefined);
    choose(found);
  };
  const typed = ({ value }: HTMLInputElement) => value.trim().toLowerCase();
  const fit = regions.filter(
    ({ acronym, name }) => acronym.toLowerCase().startsWith(begun) || name.toLowerCase().includes(begun),
  );
  return (
    <>
      <label>
        Region
        <input
          type="search"
          list="bregma-regions"
          placeholder="acronym or name"
          spellcheck={false}
          aria-invalid={unknown}
          onInput={({ currentTarget }) => setBegun(typed(currentTarget))}
          onChange={({ currentTarget }) => find(typed(currentTarget))}
        />
      </label>
      <datalist id="bregma-regions">
        {begun !== '' &&
          fit.slice(0, mostSuggestions).map(({ acronym, name }) => (
            <option key={acronym} value={plain(acronym, 60)}>
              {plain(name, 120)}
            </option>
          ))}
      </datalist>
    </>
  );
}

/** The region of this acronym, else of this name, else the first with this in its name. wanted: in lower case. */
function regionOf(regions: Atlas['regions'], wanted: string): number | undefined {
  return [
    regions.findIndex(({ acronym }) => acronym.toLowerCase() === wanted),
    regions.findIndex(({ name }) => name.toLowerCase() === wanted),
    regions.findIndex(({ name }) => name.toLowerCase().includes(wanted)),
  ].find((at) => at >= 0);
}

/** All slices of a row side by side, for a copy. */
function together(row: HTMLElement): HTMLCanvasElement {
  const slices = [...row.querySelectorAll('canvas')];
  const gap = 12;
  const whole = document.createElement('canvas');
  whole.width = slices.reduce((sum, { width }) => sum + width + gap, -gap);
  whole.height = Math.max(...slices.map(({ height }) => height));
  const context = whole.getContext('2d')!;
  context.fillStyle = inkOf(row).ground;
  context.fillRect(0, 0, whole.width, whole.height);
  let left = 0;
  for (const slice of slices) {
    context.drawImage(slice, left, 0);
    left += slice.width + gap;
  }
  return whole;
}

/** Slices through a brain in three planes, with the region under the pointer; a region can be sought and stands out then. */
export const volume: View<VolumeModel> = {
  name: 'volume',
  style,
  parse: (value) => parsed(VolumeModel, value, 'volume'),
  render: shownAnew(Body),
};
