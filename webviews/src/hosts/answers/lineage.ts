import type { LineageModel } from '@bregma/core/contracts/views/lineage';
import type { Adapter } from './adapter.ts';

/** `trace_claim`: its value is the graph. */
export const lineage: Adapter = ({ answer }): LineageModel => ({
  ...answer.value,
  available: answer.completeness?.available ?? undefined,
});
