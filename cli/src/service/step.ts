import { unknownName } from '@bregma/core/errors';
import { nearest } from '@bregma/core/nearest';
import type { CommandInput } from '../command.ts';

/** A step of a command that has several, by the first word behind its name. Throws `unknown-name` with the nearest. */
export function runStep(
  command: string,
  steps: Record<string, (input: CommandInput) => Promise<number>>,
  input: CommandInput,
): Promise<number> {
  const [step = ''] = input.positionals;
  if (Object.hasOwn(steps, step)) return steps[step]({ ...input, positionals: input.positionals.slice(1) });
  throw unknownName('step', step, nearest(step, Object.keys(steps), 1), `bregma ${command} --help`, `of ${command}`);
}
