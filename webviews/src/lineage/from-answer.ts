import type { Adapter } from '../kit/answer.ts';
import type { LineageModel } from './model.ts';

/** `trace_claim`: its value is the graph. */
export const lineage: Adapter = ({ answer }): LineageModel => ({
  ...answer.value,
  available: answer.completeness?.available ?? undefined,
});
