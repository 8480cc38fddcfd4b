import type { Table } from '@bregma/core/contracts/dataset';
import type { FormatKit } from '../../formats/format.ts';

/** A number that a release has when it is the one that was published. */
export interface Expected {
  what: string;
  sql: string;
  value: number;
}

/**
 * Tables `neurons` and `edges` from tables of DuckDB `nodes(id, …)` and `links(pre, post, weight)`: connections with an end that is no
 * neuron of the release are left out, and counted. expected: what is said where the numbers are others.
 */
export async function broughtConnectome(
  expected: Expected[],
  kit: FormatKit,
): Promise<{ tables: Table[]; arrays: []; warnings: string[] }> {
  const neurons = await kit.duck.table('SELECT * FROM nodes ORDER BY id', { name: 'neurons' });
  const edges = await kit.duck.table(
    "SELECT l.pre, l.post, sum(l.weight)::DOUBLE AS weight, 'chemical' AS kind FROM links l SEMI JOIN nodes a ON a.id = l.pre SEMI JOIN nodes b ON b.id = l.post GROUP BY l.pre, l.post ORDER BY l.pre, l.post",
    { name: 'edges', columns: { weight: { unit: 'synapses' } } },
  );
  const warnings: string[] = [];
  const [{ outside }] = await kit.duck.rows(
    'SELECT count(*)::DOUBLE AS outside FROM links WHERE pre NOT IN (SELECT id FROM nodes) OR post NOT IN (SELECT id FROM nodes)',
  );
  if (Number(outside) > 0)
    warnings.push(`${Number(outside)} rows join segments that are no neurons of the release: they are left out.`);
  for (const { what, sql, value } of expected) {
    const [row] = await kit.duck.rows(`SELECT (${sql})::DOUBLE AS found`);
    if (Number(row.found) !== value)
      warnings.push(`${what}: ${Number(row.found)} here, ${value} in the published release: these are other files.`);
  }
  return { tables: [neurons, edges], arrays: [], warnings };
}
