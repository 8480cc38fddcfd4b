import type { DatasetRelease } from '@bregma/core/contracts/dataset';
import { readCausalResponses } from '@bregma/readers/causal-responses';
import { countMeasured } from '@bregma/readers/measured';
import { meanResponses, readImages, readRecording } from '@bregma/readers/recording';
import { arrayOf, type ReadObject } from '@bregma/readers/release';
import type { ImageModel } from '@bregma/webviews/image/model';
import { packed } from '@bregma/webviews/kit/pack';
import type { MatrixModel } from '@bregma/webviews/matrix/model';
import { captionFor } from './caption.ts';

/** Bytes of stimuli that are shown at most. */
const mostImageBytes = 40_000_000;

/** The stimuli of a recording, as many as can be shown. */
export function stimulusImages(release: DatasetRelease, read: ReadObject): ImageModel {
  const { data, count, height, width, channels } = readImages(release, read);
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
        Uint8Array.from(data.subarray(i * size, (i + 1) * size)),
        channels === 1 ? [height, width] : [height, width, channels],
      ),
    })),
  };
}

/** Mean response of each neuron to each stimulus over the repeats that were measured. */
export function responseMatrix(release: DatasetRelease, read: ReadObject): MatrixModel {
  const recording = readRecording(release, ['neuron', 'stimulus'], read);
  const { neurons, stimuli, repeats, unit } = recording;
  const means = Float32Array.from(meanResponses(recording));
  return {
    ...captionFor(release, repeats > 1 ? `mean responses over up to ${repeats} repeats` : 'responses', {
      count: neurons,
      of: 'neurons',
    }),
    // A mean over repeats is computed from what was measured.
    kind: repeats > 1 && release.card.kind === 'measured' ? 'derived' : release.card.kind,
    rows: { of: 'neuron', names: numbered(neurons) },
    columns: { of: 'stimulus', names: numbered(stimuli) },
    value: { label: 'Response', unit },
    dense: packed(means, [neurons, stimuli]),
    scale: means.some((value) => value < 0) ? 'diverging' : 'linear',
  };
}

/** How each neuron responds when each other is stimulated. */
export async function causalMatrix(release: DatasetRelease, read: ReadObject): Promise<MatrixModel> {
  const { names, responses } = await readCausalResponses(release, read);
  return {
    ...captionFor(release, 'responses to stimulation', { count: countMeasured(responses), of: 'pairs measured' }),
    rows: { of: 'responding neuron', names },
    columns: { of: 'stimulated neuron', names },
    value: { label: 'Response', unit: arrayOf(release, 'responses').unit },
    dense: packed(responses, [names.length, names.length]),
    scale: 'diverging',
  };
}

const numbered = (count: number) => Array.from({ length: count }, (_, i) => String(i));
