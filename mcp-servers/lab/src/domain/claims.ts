import { recordKinds } from '@bregma/core/contracts/answer';
import { type Lineage, lineageOf } from '@bregma/core/provenance/lineage';
import type { Ledger } from '@bregma/core/store/ledger';

/** The lineage of the whole ledger. */
export function readLineage(ledger: Ledger): Lineage {
  const records = recordKinds.flatMap((kind) => ledger.list(kind));
  return lineageOf(records.sort((a, b) => a.seq - b.seq));
}

/** Where a trace of `id` starts: the node of that name; for a hypothesis also its tests; for a data set also without release. */
export function rootsOf(lineage: Lineage, id: string): string[] {
  const name = lineage.alias.get(id) ?? id;
  const found = lineage.nodes.get(name);
  if (!found)
    return [...lineage.nodes.values()]
      .filter((node) => node.kind === 'dataset' && node.id.startsWith(`${name}@`))
      .map((node) => node.id)
      .slice(-1);
  if (found.kind !== 'hypothesis') return [name];
  const tests = lineage.edges
    .filter(({ from, to }) => from === name && lineage.nodes.get(to)?.kind === 'test')
    .map(({ to }) => to);
  return [name, ...new Set(tests)];
}
