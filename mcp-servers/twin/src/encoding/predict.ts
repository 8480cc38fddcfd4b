import type { TwinCard } from '@bregma/core/contracts/twin';
import { BregmaError } from '@bregma/core/errors';
import type { ToolContext } from '@bregma/core/mcp/tool';
import { parseNpy } from '@bregma/core/npy';
import type { Workspace } from '@bregma/core/workspace';
import { type ImageStack, runEncodingNetwork } from './features.ts';

/** Runs a twin's network over images; predictions [neuron × image], spikes per window. */
export function predictAll(
  twin: TwinCard,
  images: ImageStack,
  context: Pick<ToolContext, 'workspace' | 'signal' | 'progress'>,
): Promise<Float32Array> {
  const network = context.workspace.objects.get(fileOf(twin, 'network.onnx'));
  return runEncodingNetwork(network, images, context.signal, (done) =>
    context.progress({ done, total: images.count, message: `${twin.id} predicts` }),
  );
}

/** Variance of one trial of each neuron, as the twin learned it from the data it was fitted on. */
export function trialVarianceOf(twin: TwinCard, workspace: Workspace): Float64Array {
  return parseNpy(workspace.objects.get(fileOf(twin, 'trial-variance.npy'))).data as Float64Array;
}

function fileOf(twin: TwinCard, name: string): string {
  const file = twin.files.find((candidate) => candidate.name === name);
  if (file) return file.object;
  throw new BregmaError('bad-input', `Twin ${twin.id} is of kind ${twin.kind}, which has no ${name}.`, {
    next: 'Use an encoding twin.',
  });
}
