import type { TwinCard } from '@bregma/core/contracts/twin';
import { BregmaError } from '@bregma/core/errors';
import { parseNpy } from '@bregma/core/npy';
import type { Workspace } from '@bregma/core/workspace';

/** The object of one of the files of a twin. Throws `corrupt` when its card lacks it. */
export function fileOf({ id, files }: TwinCard, name: string): string {
  const file = files.find((candidate) => candidate.name === name);
  if (file) return file.object;
  throw new BregmaError('corrupt', `${id} has no ${name}.`, { next: 'Build it again.' });
}

/** Variance of one trial of each neuron, as the twin learned it from the data it was fitted on, in squared units of the data. */
export function trialVarianceOf(twin: TwinCard, workspace: Workspace): Float64Array {
  // SAFETY: build_twin writes this file as f8.
  return parseNpy(workspace.objects.get(fileOf(twin, 'trial-variance.npy'))).data as Float64Array;
}
