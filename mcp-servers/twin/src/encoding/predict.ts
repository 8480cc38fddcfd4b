import type { TwinCard } from '@bregma/core/contracts/twin';
import type { ToolContext } from '@bregma/core/mcp/tool';
import { fileOf } from '../twin-files.ts';
import { type ImageStack, runEncodingNetwork } from './features.ts';
import { isForeign, predictApart } from './foreign-network.ts';

/** Runs a twin's network over images; predictions [neuron × image], spikes per window. */
export function predictAll(
  twin: TwinCard,
  images: ImageStack,
  context: Pick<ToolContext, 'workspace' | 'signal' | 'progress'>,
): Promise<Float32Array> {
  const network = context.workspace.objects.get(fileOf(twin, 'network.onnx'));
  if (isForeign(twin)) return predictApart(network, images, context.signal);
  return runEncodingNetwork(network, images, context.signal, (done) =>
    context.progress({ done, total: images.count, message: `${twin.id} predicts` }),
  );
}
