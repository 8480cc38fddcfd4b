import type { Trace } from '@bregma/core/provenance/trace';
import { traceRecord } from '@bregma/core/provenance/walk';
import { indexOf } from '@bregma/core/store/ledger-index';
import { inSteps, type ReadStore } from './query.ts';

/** Most characters of a label: a record may hold anything. */
const mostText = 400;

/** What a record rests on, back to raw files, nothing collapsed but objects, at most `limit` nodes. No roots: it is not on record. */
export async function trace({ ledger, task }: ReadStore, id: string, limit: number): Promise<Trace> {
  await inSteps(task, indexOf(ledger).steps());
  const found = traceRecord(ledger, id, { limit, ungrouped: true }).trace;
  const nodes = found.nodes.map((node) => ({
    ...node,
    label: String(node.label).slice(0, mostText),
    status: node.status === undefined ? undefined : String(node.status).slice(0, mostText),
  }));
  return { ...found, nodes };
}
