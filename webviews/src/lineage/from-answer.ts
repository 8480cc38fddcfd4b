import type { FromAnswer } from '../kit/answer.ts';
import type { LineageModel } from './model.ts';

/** `trace_claim`: its value is the graph. */
export const lineage: FromAnswer<LineageModel> = {
  tools: [],
  draw: ({ answer }) => ({ ...answer.value, available: answer.completeness?.available ?? undefined }),
};
