import { BregmaError } from '@bregma/core/errors';
import { memberOf } from '@bregma/core/members';
import { parseNpy } from '@bregma/core/npy';
import type { Workspace } from '@bregma/core/workspace';

/**
 * Stimulus indices, given in place or as an object: a JSON array, JSON with member `stimuli`, or a one-dimensional NPY.
 * Throws `bad-input` unless they are different whole numbers from 0.
 */
export function readStimuli(given: number[] | string, workspace: Pick<Workspace, 'objects'>): number[] {
  const stimuli = typeof given === 'string' ? parseStimuli(workspace.objects.get(given), given) : given;
  const bad = stimuli.find(
    (stimulus, i) => !Number.isInteger(stimulus) || stimulus < 0 || stimuli.indexOf(stimulus) !== i,
  );
  if (bad !== undefined || stimuli.length === 0)
    throw new BregmaError(
      'bad-input',
      stimuli.length === 0 ? 'There are no stimuli.' : `Stimulus ${bad} is no index, or is named twice.`,
      { next: 'Give each stimulus once, as its index from 0; ask for presentations with repeats.' },
    );
  return stimuli;
}

function parseStimuli(bytes: Buffer, digest: string): number[] {
  const first = bytes.toString('latin1', 0, 1);
  const found =
    first === '[' || first === '{' ? fromJson(JSON.parse(bytes.toString('utf8'))) : [...parseNpy(bytes).data];
  if (!Array.isArray(found))
    throw new BregmaError('bad-input', `Object ${digest} holds no list of stimuli.`, {
      next: 'Pass the stimuli object that design_experiment made, or the indices.',
    });
  return found.map(Number);
}

function fromJson(value: unknown): unknown {
  return Array.isArray(value) ? value : memberOf(value, 'stimuli');
}
