import { BregmaError } from '@bregma/core/errors';
import { importNative } from '@bregma/core/native';
import type { InferenceSession, Tensor } from 'onnxruntime-node';

type Runtime = typeof import('onnxruntime-node');
/** Element types that the engine hands in and out. */
export type NumberArray = Float32Array | Float64Array | Uint8Array;

/** One tensor in or out of a network, C order. */
export interface Block<Data extends NumberArray = NumberArray> {
  data: Data;
  shape: number[];
}

/** Threads are fixed, so that one twin gives the same bytes on every machine. */
const threads = 2;

/** A network that is ready to run. */
export interface Network {
  run(inputs: Record<string, Block>): Promise<Record<string, Block>>;
  close(): Promise<void>;
}

/** Opens an ONNX model on the processor. Throws `missing` without ONNX Runtime and `corrupt` when the model cannot be read. */
export async function openNetwork(model: Uint8Array): Promise<Network> {
  const ort = await importNative<Runtime>('onnxruntime-node', import.meta.url);
  let session: InferenceSession;
  try {
    session = await ort.InferenceSession.create(model, {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      logSeverityLevel: 3,
      // Idle threads sleep: many small products in a row otherwise burn four times the processor time waiting (measured).
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    });
  } catch (error) {
    throw new BregmaError(
      'corrupt',
      `ONNX Runtime cannot open the network: ${error instanceof Error ? error.message.split('\n')[0] : error}.`,
    );
  }
  return {
    async run(inputs) {
      const feeds: Record<string, Tensor> = {};
      // SAFETY: `elementType` names the type of this very array.
      for (const [name, { data, shape }] of Object.entries(inputs))
        feeds[name] = new ort.Tensor(elementType(data), data as never, shape);
      const results = await session.run(feeds);
      return Object.fromEntries(
        Object.entries(results).map(([name, tensor]) => [
          name,
          // SAFETY: the networks here give tensors of numbers.
          { data: tensor.data as NumberArray, shape: [...tensor.dims] },
        ]),
      );
    },
    close: () => session.release(),
  };
}

/** Shape of each value. */
export const shapesOf = (values: Record<string, Block>): Map<string, number[]> =>
  new Map(Object.entries(values).map(([name, { shape }]) => [name, shape]));

function elementType(data: NumberArray): 'float32' | 'float64' | 'uint8' {
  if (data instanceof Float64Array) return 'float64';
  return data instanceof Float32Array ? 'float32' : 'uint8';
}
