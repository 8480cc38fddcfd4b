import { BregmaError, unknownName } from '@bregma/core/errors';
import { memberOf } from '@bregma/core/members';
import type { Workspace } from '@bregma/core/workspace';
import type { EarlierResult } from './earlier-result.ts';
import { objectsNamed } from './objects-named.ts';
import type { QueryRelease } from './protocol.ts';

const parquet = 'application/vnd.apache.parquet';

/**
 * The earlier calls that a statement names: `"act-…".result` is the kept table of a query, and likewise any other table that an
 * answer keeps, by its name there; and the objects that it names by digest. Throws `unknown-name` where there is no such call, `bad-input` where it kept no table.
 */
export function resultsNamed(sql: string, { ledger, objects }: Pick<Workspace, 'ledger' | 'objects'>): EarlierResult[] {
  const ids = new Set(sql.match(/\bact-[0-9a-f]{16}\b/g));
  const calls = [...ids].map((id) => {
    const record = ledger.find('activity', id);
    if (record?.kind !== 'activity')
      throw unknownName('call', id, [], 'The id of a call stands in its answer as activity.', 'in this workspace');
    const { releases, valueKind, answer, answerObject } = record.body;
    const whole = answer ?? (answerObject && JSON.parse(objects.get(answerObject).toString('utf8')));
    const tables = tablesIn(whole);
    if (tables.length === 0)
      throw new BregmaError('bad-input', `${record.body.tool} ${id} kept no table.`, {
        next: 'query_data keeps its rows as result.',
      });
    return { reference: id, id, aliases: [], tables, activity: { releases, valueKind } };
  });
  return [...calls, ...objectsNamed(sql, { ledger, objects })];
}

/** Tables that an answer keeps: members of its value that are Parquet objects. */
function tablesIn(answer: unknown): QueryRelease['tables'] {
  // SAFETY: the call path wrote it; what it holds is looked at, member by member.
  const value = (answer as { value?: unknown } | undefined)?.value;
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    const [object, mediaType] = [memberOf(member, 'object'), memberOf(member, 'mediaType')];
    return typeof object === 'string' && mediaType === parquet ? [{ name, object }] : [];
  });
}
