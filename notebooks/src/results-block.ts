import { splitResults } from '@bregma/core/notebook-results';
import { blocksOf } from './fence.ts';

/** A notebook's text in three: `above + (results ?? '') + below` is the text. */
export interface TakenResults {
  above: string;
  results?: string;
  /** What somebody wrote below the block; empty where it stands at the end. */
  below: string;
}

/** A whole block, as an HTML comment of its own. */
const form = /^<!-- bregma results[^\S\n]*\r?\n(?:(?!-->|<!--)[^\n]*\n)*-->[^\S\n]*\r?\n?$/;

/** Takes the block that says which activity each cell shows out of a text. Who adds to the end of a file writes below it; of several the last counts. */
export function takeResults(text: string): TakenResults {
  const { body, results } = splitResults(text);
  if (results !== undefined || !body.includes('<!-- bregma results')) return { above: body, results, below: '' };
  let [at, length, offset] = [-1, 0, 0];
  for (const { lines, fence } of blocksOf(body)) {
    const block = lines.join('');
    if (!fence && form.test(block)) [at, length] = [offset, block.length];
    offset += block.length;
  }
  if (at < 0) return { above: body, below: '' };
  return { above: body.slice(0, at), results: body.slice(at, at + length), below: body.slice(at + length) };
}
