import type { Question } from '../contracts/question.ts';
import type { Check } from '../table-tests/table-test.ts';
import type { Columns } from './sample.ts';

/** Levels at least that name units, and rows that such a unit has at least on average. */
const fewest = { levels: 4, rows: 2 };

/**
 * A doubt where rows count as units of their own and a column that nobody named says otherwise: texts of which each lies in one
 * group alone and in several rows, as a mouse does whose cells were measured. Rows of one mouse are alike (Lazic 2010, BMC Neurosci
 * 11:5). value: how many there are.
 */
export function nestedChecks(table: Columns, { columns, subject, unit, paired, family }: Question): Check[] {
  const [group] = [columns.group].flat();
  if (group === undefined || subject !== undefined || unit !== undefined || paired) return [];
  const read = new Set([...Object.values(columns).flat(), family]);
  return Object.entries(table).flatMap(([name, values]): Check[] => {
    if (read.has(name)) return [];
    const groupsOf = new Map<string, Set<unknown>>();
    let rows = 0;
    for (const [row, value] of values.entries()) {
      if (typeof value !== 'string') continue;
      rows++;
      groupsOf.set(value, (groupsOf.get(value) ?? new Set()).add(table[group][row]));
    }
    const levels = groupsOf.size;
    const isUnit = levels >= fewest.levels && rows >= fewest.rows * levels && rows === values.length;
    if (!isUnit || [...groupsOf.values()].some(({ size }) => size > 1)) return [];
    return [
      {
        what: `rows of one ${name}, each in one group: if it is what was sampled, name it as subject`,
        value: levels,
        fine: false,
      },
    ];
  });
}
