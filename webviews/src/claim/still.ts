import type { Still } from '../kit/still.ts';
import type { ClaimModel } from './model.ts';

/** The claim in words, and what the newest test of each prediction found. */
export function still({ id, state, content, results }: ClaimModel): Still {
  const rows = content.predictions.map((prediction) => {
    const result = results.findLast((one) => one.prediction === prediction.id);
    const found = result
      ? `${result.verdict}: ${result.estimate ?? 'not measured'} (${result.low} to ${result.high}), n = ${result.n.count} ${result.n.of}, ${result.test}`
      : 'not tested';
    return [prediction.id, `${prediction.metric} ${prediction.direction} ${prediction.size}`, found];
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
