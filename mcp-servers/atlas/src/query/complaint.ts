import { BregmaError } from '@bregma/core/errors';
import { nearest } from '@bregma/core/nearest';
import { memoryLimitMiB, type QueryFailure, type QueryRelease } from './protocol.ts';

/** What went wrong with a statement, in DuckDB's words where they help, with the nearest names and the next step. */
export function complaint(
  error: unknown,
  sql: string,
  releases: QueryRelease[],
  unavailable: Map<string, BregmaError>,
): QueryFailure['failed'] {
  const lower = sql.toLowerCase();
  for (const { reference, aliases } of releases) {
    const broken = unavailable.get(reference);
    if (broken && [reference, ...aliases].some((name) => lower.includes(name.toLowerCase())))
      return { code: broken.code, message: `${reference} cannot be read: ${broken.message}`, next: broken.next };
  }
  if (error instanceof BregmaError) return { code: error.code, message: error.message, next: error.next };
  const message = (error instanceof Error ? error.message : String(error))
    .split(/\n\n?LINE \d/)[0]
    .replace(/^Failed to (extract statements|prepare): /, '')
    .slice(0, 1500);
  if (/disabled by configuration|configuration has been locked|Permission Error|read-only/i.test(message))
    return { code: 'not-allowed', message, next: 'SQL here reaches the added data sets and nothing else.' };
  if (/Out of Memory|failed to (allocate|pin)|bad_alloc/i.test(message))
    return {
      code: 'too-large',
      message: `The query needs more than ${memoryLimitMiB} MiB of memory.`,
      next: 'Filter or aggregate earlier, or take fewer columns.',
    };
  const schema = /schema "([^"]*)" does not exist|Catalog "([^"]*)" does not exist/.exec(message);
  const unknown = schema?.[1] ?? schema?.[2];
  if (unknown !== undefined) {
    const near = nearest(
      unknown,
      releases.flatMap(({ reference, aliases }) => [...aliases, reference]),
    );
    return {
      code: 'unknown-name',
      message: `No added data set '${unknown}'.${near.length > 0 ? ` Did you mean ${near.map((name) => (/^[a-z_]\w*$/.test(name) ? name : `"${name}"`)).join(', ')}?` : ''}`,
      next: 'find_data lists data sets, add_data adds one, SHOW ALL TABLES lists what can be read.',
    };
  }
  return {
    code: 'bad-input',
    message,
    next: 'describe_data lists tables and columns. Write id_with_underscores.table, or quote: "id@release".table.',
  };
}
