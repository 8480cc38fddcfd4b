import { sha256 } from '@bregma/core/canonical';
import { indexOf } from '@bregma/core/ledger/ledger-index';
import type { Trace } from '@bregma/core/provenance/trace';
import { traceRecord } from '@bregma/core/provenance/walk';
import { readTwins } from '../read-lab.ts';
import { inSteps, type ReadStore } from './query.ts';

/** Most characters of a label: a record may hold anything. */
const mostText = 400;
/** Most characters of an id. Nothing that Bregma names has a longer one. */
const mostId = 200;

/** What a record rests on, back to raw files, nothing collapsed but objects, at most `limit` nodes. No roots: it is not on record. */
export async function trace({ ledger, task }: ReadStore, id: string, limit: number): Promise<Trace> {
  await inSteps(task, indexOf(ledger).steps());
  const found = traceRecord(ledger, id, { limit, ungrouped: true }).trace;
  const twins = found.nodes.filter(({ kind }) => kind === 'twin').map((node) => node.id);
  const names = new Map(twins.length === 0 ? [] : readTwins(ledger, twins).map((twin) => [twin.id, twin.title]));
  const nodes = found.nodes.map((node) => ({
    ...node,
    id: shortId(node.id),
    label: (names.get(node.id) ?? String(node.label)).slice(0, mostText),
    status: node.status === undefined ? undefined : String(node.status).slice(0, mostText),
  }));
  const edges = found.edges.map((edge) => ({ ...edge, from: shortId(edge.from), to: shortId(edge.to) }));
  return { ...found, roots: found.roots.map(shortId), nodes, edges };
}

/** An id that a record made up may be a megabyte: it is told apart from others by its digest. */
const shortId = (id: string): string => (id.length <= mostId ? id : `${id.slice(0, 100)}… ${sha256(id)}`);
