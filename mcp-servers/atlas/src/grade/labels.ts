import type { DatasetRelease } from '@bregma/core/contracts/dataset';

/** A column that says of what sort each row is. */
export interface LabelColumn {
  table: string;
  column: string;
  /** What is sorted: neurons, stimuli … */
  of: string;
}

/** Columns that say it, the best first; a table that is named here is looked for before any other. */
const candidates: { table?: string; columns: string[]; of: string }[] = [
  { table: 'neurons', columns: ['cell_type', 'type', 'class', 'super_class'], of: 'neurons' },
  { table: 'stimuli', columns: ['digest'], of: 'stimuli' },
  { table: 'cell_sets', columns: ['labelset'], of: 'cell sets' },
  {
    columns: ['cell_type', 'celltype', 'cluster', 'stimulus', 'condition', 'trial_type', 'region', 'label'],
    of: 'rows',
  },
];

/** The columns by which a release can be sorted, the best first. */
export function labelColumns({ tables }: DatasetRelease): LabelColumn[] {
  return candidates.flatMap(({ table, columns, of }) =>
    tables
      .filter(({ name }) => table === undefined || name === table)
      .flatMap(({ name, columns: present }) =>
        columns
          .filter((column) => present.some((one) => one.name === column))
          .map((column) => ({ table: name, column, of: table === undefined ? `rows of ${name}` : of })),
      ),
  );
}

/** Columns whose values name things that other releases name too. */
const keyNames =
  /^(id|name|acronym|root_id|structure_id|neuron_id|gene|gene_symbol|gene_id|symbol|cell_set_accession|cell_type|class|region)$/i;

/** Columns by which a release could be joined. */
export const keyColumns = ({ tables }: DatasetRelease): { table: string; column: string }[] =>
  tables.flatMap(({ name, columns }) =>
    columns
      .filter((column) => keyNames.test(column.name) && /VARCHAR/i.test(column.type ?? 'VARCHAR'))
      .map((column) => ({ table: name, column: column.name })),
  );
