import { captionOf, type FromAnswer, objectUri } from '../kit/answer.ts';
import { packed } from '../kit/pack.ts';
import type { MatrixModel } from './model.ts';

/** Cells that are drawn at most; the object has all of them. */
const most = 1_000_000;

/** `run_twin` of a twin that predicts every response: neurons × stimuli. */
export const matrix: FromAnswer<MatrixModel> = {
  tools: ['run_twin'],
  async draw(call) {
    const { shape, predictions, spikes, strongest, unit } = call.answer.value ?? {};
    if (!call.array || !predictions || spikes || strongest || !Array.isArray(shape)) return undefined;
    const [rows, columns]: number[] = shape;
    if (!(rows * columns <= most)) return undefined;
    const data = await call.array(objectUri(predictions));
    return {
      ...captionOf(call, 'Predicted responses'),
      rows: { of: 'neuron', names: numbered(rows) },
      columns: { of: 'stimulus', names: numbered(columns) },
      value: { label: 'response', unit: typeof unit === 'string' ? unit : undefined },
      dense: packed(data, [rows, columns]),
    };
  },
};

const numbered = (count: number) => Array.from({ length: count }, (_, i) => String(i));
