import type { DataArray, DatasetRelease } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import { datasetRef } from '@bregma/core/ledger/catalogue';
import { parseNpy } from '@bregma/core/npy';
import type { ImageModel } from '@bregma/webviews/image/model';
import { packed } from '@bregma/webviews/kit/pack';
import type { MatrixModel } from '@bregma/webviews/matrix/model';
import { captionFor } from './caption.ts';
import { readColumns } from './columns.ts';
import type { ReadObject } from './connectome.ts';

/** Bytes of stimuli that are shown at most. */
const mostImageBytes = 40_000_000;

/** The stimuli of a recording, as many as can be shown. */
export function stimulusImages(release: DatasetRelease, read: ReadObject): ImageModel {
  const array = arrayOf(release, 'stimuli');
  const { data, shape, dtype } = parseNpy(read(array.object), 'the stimuli');
  const [count, height, width, channels = 1] = shape;
  if (dtype !== 'u1') throw new BregmaError('bad-input', `The stimuli of ${datasetRef(release)} are ${dtype}, not u1.`);
  const size = height * width * channels;
  const shown = Math.min(count, Math.floor(mostImageBytes / size));
  return {
    ...captionFor(release, 'stimuli', { count, of: 'images' }),
    completeness: { returned: shown, available: count, of: 'images' },
    scale: 'grey',
    ...(channels === 1 ? { low: 0, high: 255 } : {}),
    images: Array.from({ length: shown }, (_, i) => ({
      label: `image ${i}`,
      values: packed(
        Uint8Array.from((data as Uint8Array).subarray(i * size, (i + 1) * size)),
        channels === 1 ? [height, width] : [height, width, channels],
      ),
    })),
  };
}

/** Mean response of each neuron to each stimulus over the repeats that were measured. */
export function responseMatrix(release: DatasetRelease, read: ReadObject): MatrixModel {
  const array = arrayOf(release, 'responses');
  const { data, shape } = parseNpy(read(array.object), 'the responses');
  const [neurons, stimuli, repeats = 1] = shape;
  const means = Float32Array.from({ length: neurons * stimuli }, (_, at) => {
    let [sum, n] = [0, 0];
    for (let repeat = 0; repeat < repeats; repeat++) {
      const value = Number(data[at * repeats + repeat]);
      if (Number.isNaN(value)) continue;
      sum += value;
      n++;
    }
    return n > 0 ? sum / n : Number.NaN;
  });
  return {
    ...captionFor(release, repeats > 1 ? `mean responses over up to ${repeats} repeats` : 'responses', {
      count: neurons,
      of: 'neurons',
    }),
    // A mean over repeats is computed from what was measured.
    kind: repeats > 1 && release.card.kind === 'measured' ? 'derived' : release.card.kind,
    rows: { of: 'neuron', names: numbered(neurons) },
    columns: { of: 'stimulus', names: numbered(stimuli) },
    value: { label: 'Response', unit: array.unit },
    dense: packed(means, [neurons, stimuli]),
    scale: means.some((value) => value < 0) ? 'diverging' : 'linear',
  };
}

/** How each neuron responds when each other is stimulated. */
export async function causalMatrix(release: DatasetRelease, read: ReadObject): Promise<MatrixModel> {
  const array = arrayOf(release, 'responses');
  const { data, shape } = parseNpy(read(array.object), 'the responses');
  const table = release.tables.find(({ name }) => name === 'neurons');
  const column = table?.columns.some(({ name }) => name === 'name') ? 'name' : 'id';
  const [names] = table ? await readColumns(read(table.object), [column]) : [numbered(shape[0])];
  const words = names.length === shape[0] ? names.map(String) : numbered(shape[0]);
  return {
    ...captionFor(release, 'responses to stimulation', {
      count: Float64Array.from(data as Float64Array).filter((value) => !Number.isNaN(value)).length,
      of: 'pairs measured',
    }),
    rows: { of: 'responding neuron', names: words },
    columns: { of: 'stimulated neuron', names: shape[1] === words.length ? words : numbered(shape[1]) },
    value: { label: 'Response', unit: array.unit },
    dense: packed(Float64Array.from(data as Float64Array), shape),
    scale: 'diverging',
  };
}

const numbered = (count: number) => Array.from({ length: count }, (_, i) => String(i));

function arrayOf(release: DatasetRelease, name: string): DataArray {
  const array = release.arrays.find((candidate) => candidate.name === name);
  if (array) return array;
  throw new BregmaError('missing', `${datasetRef(release)} has no array '${name}'.`);
}
