import type { SqlFunction } from './sql-function.ts';

/** A taxon and all cell sets below it. */
export const cellsIn: SqlFunction = {
  name: 'cells_in',
  answers: 'Which cell sets a taxon holds, at every level',
  takes: [
    { name: 'taxon', holds: 'accession or label of a cell set: class, subclass, supertype or cluster' },
    {
      name: 'taxonomy',
      holds: 'table of cell sets with the columns cell_set_accession, cell_label, labelset, parent_cell_set_accession',
      optional: true,
    },
  ],
  tables: ['taxonomy'],
  gives: [
    { name: 'accession, label, level, parent', holds: 'as in the taxonomy' },
    { name: 'steps', holds: 'levels below the taxon; 0 is the taxon itself' },
  ],
  defined: [
    'The cell set itself and every one that leads to it by its parent. An accession is compared as it is written; where none is equal, labels whatever their case, with or without the number that a label begins with ("01 IT-ET Glut" is "IT-ET Glut" too).',
    'A label is that of every level at which it stands: level tells them apart.',
    'Cells of a table are chosen by the column that names their cell set: WHERE cluster IN (SELECT label FROM cells_in(…)).',
    'Without `taxonomy` it is the newest added table that has these four columns, as that of mouse-wmb-taxonomy. The answer names the release that was used.',
    'Refused: a taxon that the taxonomy does not have.',
  ],
  example:
    "SELECT c.* FROM my_cells.obs c WHERE c.cluster IN (SELECT label FROM cells_in('IT-ET Glut') WHERE level = 'cluster')",
  standard: {
    parameter: 'taxonomy',
    columns: ['cell_set_accession', 'cell_label', 'labelset', 'parent_cell_set_accession'],
    add: 'mouse-wmb-taxonomy',
  },
  macro: (standard) => `CREATE MACRO cells_in(taxon, taxonomy := ${standard}) AS TABLE
WITH RECURSIVE _bregma_t AS (SELECT t.cell_set_accession::VARCHAR AS _i, t.parent_cell_set_accession::VARCHAR AS _p, t.cell_label::VARCHAR AS _l, t.labelset::VARCHAR AS _v FROM query_table(taxonomy) t),
_bregma_m AS (SELECT _i, CASE WHEN _i = (taxon)::VARCHAR THEN 1 ELSE 2 END AS _o FROM _bregma_t
  WHERE _i = (taxon)::VARCHAR OR lower(_l) = lower((taxon)::VARCHAR) OR lower(regexp_replace(_l, '^[0-9]+ +', '')) = lower((taxon)::VARCHAR)),
_bregma_f AS (SELECT CASE WHEN (SELECT count(*) FROM _bregma_m) > 0 THEN true
  ELSE error('cells_in: the taxonomy has no cell set ''' || coalesce((taxon)::VARCHAR, 'NULL') || '''.')::BOOLEAN END AS _ok),
_bregma_d(_i, _steps) AS (SELECT _i, 0 FROM _bregma_m, _bregma_f WHERE _ok AND _o = (SELECT min(_o) FROM _bregma_m)
  UNION SELECT t._i, d._steps + 1 FROM _bregma_t t JOIN _bregma_d d ON t._p = d._i WHERE d._steps < 100)
SELECT t._i AS accession, t._l AS label, t._v AS level, t._p AS parent, min(d._steps) AS steps FROM _bregma_d d JOIN _bregma_t t ON t._i = d._i
GROUP BY ALL ORDER BY steps, t._i`,
};
