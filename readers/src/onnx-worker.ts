// The process in which a client's network runs. It is given the network and the images, and has no outcomes, no files, no network.
import { BregmaError, saidBy } from '@bregma/core/errors';
import { parseNpy, writeNpy } from '@bregma/core/npy';
import { closeNetwork } from './offline.ts';
import { openNetwork } from './onnx-engine.ts';
import { refuseForeign } from './refuse-foreign.ts';
import type { NetworkReply, NetworkTask } from './run-network.ts';
import { watchItself } from './watch-itself.ts';

/** Images at a time. */
const batch = 50;

closeNetwork();
const watch = watchItself();

const form =
  'It takes `images`, uint8 [image × y × x × 3], and gives `responses`, float32 [image × neuron], as twins of Bregma do.';

async function run({ network, images, limits }: NetworkTask): Promise<Uint8Array> {
  watch.limit(limits, '');
  await refuseForeign(network);
  const { data, shape } = parseNpy(images, 'images');
  const [count, ...size] = shape;
  const bytes = size.reduce((product, side) => product * side, 1);
  const opened = await openNetwork(network);
  let out: Float32Array | undefined;
  let units = 0;
  for (let start = 0; start < count; start += batch) {
    const end = Math.min(start + batch, count);
    // SAFETY: the scorer keeps images as bytes.
    const shown = (data as Uint8Array).subarray(start * bytes, end * bytes);
    const { responses } = await opened
      .run({ images: { data: shown, shape: [end - start, ...size] } })
      .catch((error: unknown) => {
        throw new BregmaError('bad-input', `The network does not run: ${saidBy(error).message.split('\n')[0]}.`, {
          next: form,
        });
      });
    if (responses?.shape.length !== 2 || responses.shape[0] !== end - start)
      throw new BregmaError(
        'bad-input',
        `The network gives ${responses ? `responses [${responses.shape}]` : 'no responses'}.`,
        { next: form },
      );
    units = responses.shape[1];
    out ??= new Float32Array(units * count);
    for (let i = 0; i < end - start; i++)
      for (let unit = 0; unit < units; unit++) out[unit * count + start + i] = responses.data[i * units + unit];
  }
  const npy = writeNpy({ data: out ?? new Float32Array(0), shape: [units, count] });
  await watch.within();
  return npy;
}

process.once('message', (task: NetworkTask) => {
  const say = (reply: NetworkReply) => process.send?.(reply);
  run(task).then(
    (npy) => say({ npy }),
    (error: unknown) => {
      const { code, message, next } = error instanceof BregmaError ? error : { code: 'failed', ...saidBy(error) };
      say({ failed: { code, message, next } });
    },
  );
});
