import { BregmaError } from '@bregma/core/errors';

/**
 * Values of an array as responses, in its order: numbers, NaN where nothing was measured. shape: of the array; name: its file. Throws
 * `bad-input` with the place of a 64-bit integer that would lose digits, or of an infinite value.
 */
export function responsesOf(values: ArrayLike<number | bigint>, shape: number[], name: string): Float64Array {
  const data = Float64Array.from(values, Number);
  for (let at = 0; at < data.length; at++) {
    const value = values[at];
    if (typeof value === 'bigint' && BigInt(data[at]) !== value)
      throw new BregmaError(
        'bad-input',
        `${name} holds ${value} at ${placeOf(at, shape)}: as a response it would lose its last digits.`,
        { next: 'Responses are numbers up to 2^53; ids belong into a table.' },
      );
    if (Math.abs(data[at]) === Number.POSITIVE_INFINITY)
      throw new BregmaError('bad-input', `${name} holds an infinite response at ${placeOf(at, shape)}.`, {
        next: 'Write NaN for what was not measured.',
      });
  }
  return data;
}

/** The place of an element in C order, as [2, 0]. */
function placeOf(at: number, shape: number[]): string {
  const place: number[] = [];
  let rest = at;
  for (const length of [...shape].reverse()) {
    place.unshift(rest % length);
    rest = Math.floor(rest / length);
  }
  return `[${place.join(', ')}]`;
}
