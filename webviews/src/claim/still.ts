import type { Still } from '../kit/still.ts';
import type { ClaimModel } from './model.ts';

/** The claim in words, and what each test of each prediction found, newest first. */
export function still({ id, state, content, results }: ClaimModel): Still {
  const rows = content.predictions.flatMap((prediction) => {
    const expected = `${prediction.metric} ${prediction.direction} ${prediction.size}`;
    const found = results.filter((one) => one.prediction === prediction.id).reverse();
    return (found.length > 0 ? found.map(inWords) : ['not tested']).map((words) => [prediction.id, expected, words]);
  });
  return {
    parts: [
      { is: 'text', text: `${state} ${id}` },
      { is: 'quote', text: content.claim },
      { is: 'text', text: `Rivals: ${content.rivals.join(' · ')}` },
      { is: 'table', columns: ['Prediction', 'Expected', 'Found'].map((name) => ({ name })), rows },
    ],
  };
}

function inWords({ verdict, estimate, low, high, n, test, postHoc, chosen }: ClaimModel['results'][number]): string {
  const limits = [postHoc, chosen].filter((text) => text !== undefined).map((text) => `. ${text}`);
  return `${verdict}: ${estimate ?? 'not measured'} (${low} to ${high}), n = ${n.count} ${n.of}, ${test}${limits.join('')}`;
}
