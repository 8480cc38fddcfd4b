import type { SqlFunction } from './sql-function.ts';

/** A region and all that lies within it. */
export const descendants: SqlFunction = {
  name: 'descendants',
  answers: 'Which regions lie within a region',
  takes: [
    { name: 'region', holds: 'acronym, id or name' },
    { name: 'tree', holds: 'table of regions with the columns id, parent, acronym, name', optional: true },
  ],
  tables: ['tree'],
  gives: [
    { name: 'id, acronym, name, parent', holds: 'as in the tree' },
    { name: 'steps', holds: 'levels below the region; 0 is the region itself' },
  ],
  defined: [
    'The region itself, and every region that leads to it by `parent`, however far below. An acronym is compared as it is written; where none is equal, ids, then names whatever their case.',
    'Without `tree` it is the newest added table that has these four columns, as that of mouse-ccfv3-50um. The answer names the release that was used.',
    'Refused: a region that the tree does not have.',
  ],
  example:
    "SELECT count(*) FROM my_data.cells WHERE region IN (SELECT acronym FROM descendants('VIS', tree := mouse_ccfv3_50um.structures))",
  standard: { parameter: 'tree', columns: ['id', 'parent', 'acronym', 'name'], add: 'mouse-ccfv3-50um' },
  macro: (standard) => `CREATE MACRO descendants(region, tree := ${standard}) AS TABLE
WITH RECURSIVE _bregma_t AS (SELECT t.id::VARCHAR AS _i, t.parent::VARCHAR AS _p, t.acronym::VARCHAR AS _a, t.name::VARCHAR AS _n FROM query_table(tree) t),
_bregma_m AS (SELECT _i, CASE WHEN _a = (region)::VARCHAR THEN 1 WHEN _i = (region)::VARCHAR THEN 2 ELSE 3 END AS _o FROM _bregma_t
  WHERE _a = (region)::VARCHAR OR _i = (region)::VARCHAR OR lower(_n) = lower((region)::VARCHAR)),
_bregma_f AS (SELECT CASE WHEN (SELECT count(*) FROM _bregma_m) > 0 THEN true
  ELSE error('descendants: the tree has no region ''' || coalesce((region)::VARCHAR, 'NULL') || '''; its acronyms are compared as they are written.')::BOOLEAN END AS _ok),
_bregma_d(_i, _steps) AS (SELECT _i, 0 FROM _bregma_m, _bregma_f WHERE _ok AND _o = (SELECT min(_o) FROM _bregma_m)
  UNION SELECT t._i, d._steps + 1 FROM _bregma_t t JOIN _bregma_d d ON t._p = d._i WHERE d._steps < 100)
SELECT t._i AS id, t._a AS acronym, t._n AS name, t._p AS parent, min(d._steps) AS steps FROM _bregma_d d JOIN _bregma_t t ON t._i = d._i
GROUP BY ALL ORDER BY steps, t._i`,
};
