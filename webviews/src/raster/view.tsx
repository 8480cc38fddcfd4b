import { plain } from '@bregma/core/contracts/plain-text';
import { useMemo, useRef, useState } from 'preact/hooks';
import { type Shown, shownAnew } from '../kit/component.tsx';
import { Figure, Nothing } from '../kit/figure.tsx';
import { counted, type PlainTable, shown } from '../kit/format.ts';
import { navigate, navigationHint } from '../kit/navigate.ts';
import { Reached } from '../kit/painting.tsx';
import { parsed } from '../kit/parsed.ts';
import { type Surface, surface } from '../kit/surface.ts';
import type { View } from '../kit/view.ts';
import { Viewport } from '../kit/viewport.ts';
import { RasterModel } from './model.ts';
import { boxes, paintRaster, rowCount, type Scene } from './paint.ts';
import { rowsByGroup, spikeCounts, spikesByGroup, spikesOf } from './spikes.ts';

/** Neurons that can be chosen from a list. */
const mostChoices = 500;

function Body({ model, host }: Shown<RasterModel>) {
  const [said, say] = useState('');
  const recording = useMemo(() => recordingOf(model), [model]);
  const drawing = useRef<Surface>();
  const { scene, silent } = recording;
  const { neurons, timesMs, trials } = scene.spikes;
  const picture = {
    caption: model,
    host,
    said,
    picture: () => drawing.current?.canvas,
    table: () => tableOf(recording),
  };
  if (neurons.length === 0)
    return (
      <Figure {...picture}>
        <Nothing>There are no neurons.</Nothing>
      </Figure>
    );
  const redraw = () => drawing.current?.redraw();
  const over = trials > 1 ? `, ${counted(trials, 'trials')}` : '';
  const spikes = counted(timesMs.length, 'spikes');
  const of = counted(neurons.length, 'neurons');
  const label = `Raster of ${spikes} of ${of}${over}, ${shown(silent)} silent.`;
  return (
    <Figure
      {...picture}
      tools={trials > 1 && <Chooser scene={scene} changed={redraw} />}
      hint={`${spikes}${over} · ${silent > 0 ? `${shown(silent)} of ${of} recorded and silent` : 'no neuron silent'} · below: mean rate of ${neurons.length > 1 ? 'a neuron' : 'the neuron'}`}
    >
      <Reached
        label={`${label} Up and down read neurons; ${navigationHint}`}
        paint={(place) => {
          drawing.current = surface(place, {
            label,
            height: (width) => Math.max(300, Math.min(560, width * 0.55)),
            draw: (context, size, ink) => paintRaster(context, size, ink, scene),
          });
          navigateIn(
            place,
            scene,
            (row, timeMs) => {
              scene.cursor = row;
              say(row === undefined ? '' : describe(recording, row, timeMs));
              redraw();
            },
            redraw,
          );
          return drawing.current.dispose;
        }}
      />
    </Figure>
  );
}

interface Recording {
  scene: Scene;
  /** Spikes of each neuron. */
  counts: ArrayLike<number>;
  /** Length of all trials together, s. */
  seconds: number;
  /** Neurons without a spike. */
  silent: number;
}

function recordingOf(model: RasterModel): Recording {
  const spikes = spikesOf(model);
  const counts = spikeCounts(spikes);
  const rows = rowsByGroup(spikes);
  const span = { low: spikes.startMs, high: spikes.startMs + spikes.durationMs };
  const scene: Scene = {
    spikes,
    rows,
    order: spikesByGroup(spikes, rows),
    epochs: model.epochs,
    viewport: new Viewport({ x: span, y: { low: 0, high: 1 } }, 1e4),
    one: undefined,
    trial: spikes.trials > 1 ? 0 : -1,
    cursor: undefined,
  };
  const seconds = (spikes.durationMs / 1000) * spikes.trials;
  return { scene, counts, seconds, silent: counts.filter((count) => count === 0).length };
}

const tableOf = ({ scene: { spikes, rows }, counts, seconds }: Recording): PlainTable => ({
  columns: ['neuron', ...(spikes.groups ? ['group'] : []), 'spikes', 'rate (Hz)'],
  rows: Array.from(rows.neuronOf, (i) => [
    spikes.neurons[i],
    ...(spikes.groups ? [spikes.groups[i]] : []),
    counts[i],
    counts[i] / seconds,
  ]),
});

function describe({ scene: { spikes, rows, one }, counts, seconds }: Recording, row: number, timeMs?: number): string {
  const i = one ?? rows.neuronOf[row];
  const group = spikes.groups ? ` (${spikes.groups[i]})` : '';
  const when = timeMs === undefined ? '' : `${shown(timeMs, 5)} ms · `;
  const trial = one === undefined ? '' : ` · trial ${row + 1}`;
  return `${when}${spikes.neurons[i]}${group}${trial}: ${counted(counts[i], 'spikes')}, ${shown(counts[i] / seconds)} Hz`;
}

/** Pointer and keys: move and zoom along time, read rows. read: the row and time under the cursor; undefined: none. */
function navigateIn(
  place: HTMLElement,
  scene: Scene,
  read: (row: number | undefined, timeMs?: number) => void,
  changed: () => void,
): void {
  navigate(place, {
    viewport: () => scene.viewport,
    area: () => boxes({ width: place.clientWidth, height: place.clientHeight }).raster,
    changed,
    alongX: true,
    downwards: true,
    hover: (at) => {
      const { x } = scene.viewport;
      if (at) read(Math.floor(at.y * rowCount(scene)), x.low + at.x * (x.high - x.low));
      else read(undefined);
    },
    key: ({ key }) => {
      if (key !== 'ArrowUp' && key !== 'ArrowDown') return false;
      const next = (scene.cursor ?? -1) + (key === 'ArrowDown' ? 1 : -1);
      read(Math.max(0, Math.min(rowCount(scene) - 1, next)));
      return true;
    },
  });
}

/** Chooses a trial of all neurons, or all trials of one. */
function Chooser({ scene, changed }: { scene: Scene; changed(): void }) {
  const { neurons, trials } = scene.spikes;
  const [one, setOne] = useState(scene.one);
  const chooseOne = (value: string) => {
    scene.one = value === '' ? undefined : Number(value);
    scene.cursor = undefined;
    setOne(scene.one);
    changed();
  };
  const chooseTrial = (value: string) => {
    scene.trial = Number(value);
    changed();
  };
  return (
    <>
      <label>
        Rows
        <select onChange={({ currentTarget }) => chooseOne(currentTarget.value)}>
          <option value="">all neurons</option>
          {neurons.slice(0, mostChoices).map((name, i) => (
            <option key={i} value={i}>
              {plain(name, 80)}
            </option>
          ))}
        </select>
      </label>
      <label>
        Trial
        <select disabled={one !== undefined} onChange={({ currentTarget }) => chooseTrial(currentTarget.value)}>
          {Array.from({ length: Math.min(trials, mostChoices) }, (_, i) => (
            <option key={i} value={i}>
              {i + 1}
            </option>
          ))}
          <option value="-1">all together</option>
        </select>
      </label>
    </>
  );
}

/** Spikes of every neuron over time, or of one neuron over trials, above the mean rate. */
export const raster: View<RasterModel> = {
  name: 'raster',
  parse: (value) => parsed(RasterModel, value, 'raster'),
  render: shownAnew(Body),
};
