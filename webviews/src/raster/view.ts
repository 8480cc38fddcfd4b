import { h, plain } from '../kit/dom.ts';
import { figure, nothing } from '../kit/figure.tsx';
import { counted, shown } from '../kit/format.ts';
import { navigate, navigationHint } from '../kit/navigate.ts';
import { parsed } from '../kit/parsed.ts';
import { redrawn } from '../kit/redrawn.ts';
import { type Surface, surface } from '../kit/surface.ts';
import type { View } from '../kit/view.ts';
import { Viewport } from '../kit/viewport.ts';
import { RasterModel } from './model.ts';
import { boxes, paintRaster, rowCount, type Scene } from './paint.ts';
import { rowsByGroup, spikeCounts, spikesByGroup, spikesOf } from './spikes.ts';

/** Neurons that can be chosen from a list. */
const mostChoices = 500;

/** Spikes of every neuron over time, or of one neuron over trials, above the mean rate. */
export const raster: View<RasterModel> = {
  name: 'raster',
  parse: (value) => parsed(RasterModel, value, 'raster'),
  render({ model, el, host }) {
    return redrawn(model, (now) => {
      const spikes = spikesOf(now);
      const counts = spikeCounts(spikes);
      const seconds = (spikes.durationMs / 1000) * spikes.trials;
      const silent = counts.filter((count) => count === 0).length;
      const rows = rowsByGroup(spikes);
      const span = { low: spikes.startMs, high: spikes.startMs + spikes.durationMs };
      const scene: Scene = {
        spikes,
        rows,
        order: spikesByGroup(spikes, rows),
        epochs: now.epochs,
        viewport: new Viewport({ x: span, y: { low: 0, high: 1 } }, 1e4),
        one: undefined,
        trial: spikes.trials > 1 ? 0 : -1,
        cursor: undefined,
      };
      let drawing: Surface | undefined;
      const frame = figure(el, {
        caption: now,
        host,
        tools: chooser(scene, () => drawing?.redraw()),
        picture: () => drawing?.canvas,
        table: () => ({
          columns: ['neuron', ...(spikes.groups ? ['group'] : []), 'spikes', 'rate (Hz)'],
          rows: Array.from(rows.neuronOf, (i) => [
            spikes.neurons[i],
            ...(spikes.groups ? [spikes.groups[i]] : []),
            counts[i],
            counts[i] / seconds,
          ]),
        }),
      });
      if (spikes.neurons.length === 0) {
        frame.body.append(nothing('There are no neurons.'));
        return undefined;
      }
      const trials = spikes.trials > 1 ? `, ${counted(spikes.trials, 'trials')}` : '';
      const label = `Raster of ${counted(spikes.timesMs.length, 'spikes')} of ${counted(spikes.neurons.length, 'neurons')}${trials}, ${shown(silent)} silent.`;
      const place = h('div', {
        class: 'navigable',
        tabindex: '0',
        role: 'group',
        'aria-label': `${label} Up and down read neurons; ${navigationHint}`,
      });
      frame.body.append(place);
      drawing = surface(place, {
        label,
        height: (width) => Math.max(300, Math.min(560, width * 0.55)),
        draw: (context, size, ink) => paintRaster(context, size, ink, scene),
      });
      const size = () => ({ width: place.clientWidth, height: place.clientHeight });
      const describe = (row: number, timeMs?: number) => {
        const i = scene.one ?? rows.neuronOf[row];
        const group = spikes.groups ? ` (${spikes.groups[i]})` : '';
        const when = timeMs === undefined ? '' : `${shown(timeMs, 5)} ms · `;
        const trial = scene.one === undefined ? '' : ` · trial ${row + 1}`;
        return `${when}${spikes.neurons[i]}${group}${trial}: ${counted(counts[i], 'spikes')}, ${shown(counts[i] / seconds)} Hz`;
      };
      navigate(place, {
        viewport: () => scene.viewport,
        area: () => boxes(size()).raster,
        changed: () => drawing?.redraw(),
        alongX: true,
        downwards: true,
        hover: (at) => {
          scene.cursor = at && Math.floor(at.y * rowCount(scene));
          const { x } = scene.viewport;
          frame.say(at && scene.cursor !== undefined ? describe(scene.cursor, x.low + at.x * (x.high - x.low)) : '');
          drawing?.redraw();
        },
        key: ({ key }) => {
          if (key !== 'ArrowUp' && key !== 'ArrowDown') return false;
          const next = (scene.cursor ?? -1) + (key === 'ArrowDown' ? 1 : -1);
          scene.cursor = Math.max(0, Math.min(rowCount(scene) - 1, next));
          frame.say(describe(scene.cursor));
          drawing?.redraw();
          return true;
        },
      });
      frame.hint(
        `${counted(spikes.timesMs.length, 'spikes')}${trials} · ${silent > 0 ? `${shown(silent)} of ${counted(spikes.neurons.length, 'neurons')} recorded and silent` : 'no neuron silent'} · below: mean rate of ${spikes.neurons.length > 1 ? 'a neuron' : 'the neuron'}`,
      );
      return drawing.dispose;
    });
  },
};

/** Chooses a trial of all neurons, or all trials of one. */
function chooser(scene: Scene, changed: () => void): HTMLElement[] {
  const { neurons, trials } = scene.spikes;
  if (trials < 2) return [];
  const option = (value: string, text: string) => h('option', { value }, plain(text, 80));
  const trial = h(
    'select',
    {
      change: () => {
        scene.trial = Number(trial.value);
        changed();
      },
    },
    ...Array.from({ length: Math.min(trials, mostChoices) }, (_, i) => option(String(i), `${i + 1}`)),
    option('-1', 'all together'),
  );
  const neuron = h(
    'select',
    {
      change: () => {
        scene.one = neuron.value === '' ? undefined : Number(neuron.value);
        scene.cursor = undefined;
        trial.disabled = scene.one !== undefined;
        changed();
      },
    },
    option('', 'all neurons'),
    ...neurons.slice(0, mostChoices).map((name, i) => option(String(i), name)),
  );
  return [h('label', {}, 'Rows', neuron), h('label', {}, 'Trial', trial)];
}
