import { BregmaError, sayError } from '@bregma/core/errors';
import { nearest } from '@bregma/core/nearest';
import { memoryLimitMiB, type QueryFailure, type QueryRelease } from './protocol.ts';

/** Words that DuckDB takes for its own wherever a name could stand (duckdb_keywords(), category reserved, and type_function). */
export const reservedWords = new Set(
  'all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create default deferrable desc describe distinct do else end except false fetch for foreign from group having in initially intersect into lambda lateral leading limit not null offset on only or order pivot pivot_longer pivot_wider placing primary qualify references returning select show some summarize symmetric table then to trailing true union unique unpivot using variadic when where window with anti asof at authorization between by cross full glob ilike inner is join left like natural outer positional right semi similar'.split(
    ' ',
  ),
);

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
      return {
        code: broken.code,
        message: `${reference} cannot be read: ${broken.message}`,
        next: broken.next,
        fields: { release: reference },
      };
  }
  if (error instanceof BregmaError) return sayError(error);
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
  const macro = /Function "(\w+)" is a Macro Function|Catalog Error: \S+ is not an aggregate function/.exec(message);
  if (macro)
    return {
      code: 'bad-input',
      message,
      next: 'A function of ours takes no FILTER, DISTINCT or OVER: write sem(CASE WHEN condition THEN x END) and GROUP BY; bregma://sql/NAME says what each gives.',
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
      fields: { what: 'data set', id: unknown, nearest: near },
    };
  }
  const word = /syntax error at or near "(\w+)"/i.exec(message)?.[1];
  if (word && reservedWords.has(word.toLowerCase()))
    return {
      code: 'bad-input',
      message,
      next: `${word} is a word of SQL: as a name it is written "${word}", in quotation marks.`,
    };
  if (/out of range/i.test(message) && /stddev|var_|variance|corr|covar|regr|skew|kurt|sem/i.test(message))
    return {
      code: 'bad-input',
      message: `${message} Some value is NaN or infinite, or too large.`,
      next: 'Leave such values out: WHERE isfinite(x); describe_data says which columns keep NaN.',
    };
  const table = /Table with name (\S+) does not exist/.exec(message)?.[1];
  if (table !== undefined) return unknownTable(table, lower, releases);
  const { message: short, next } = inOtherWords.find(({ when }) => when.test(message)) ?? {};
  return { code: 'bad-input', message: short?.(message) ?? message, next: next ?? whatThereIs };
}

const whatThereIs =
  'describe_data lists tables and columns. Write id_with_underscores.table, or quote: "id@release".table.';

/** What DuckDB complains of, shorter where it tells too much, and the next step. */
const inOtherWords: { when: RegExp; message?(full: string): string; next: string }[] = [
  {
    when: /No function matches [\s\S]*VARCHAR/,
    message: (full) => full.split('. You might need')[0].concat('.'),
    next: 'Text is no number: CAST(x AS DOUBLE), or TRY_CAST, which gives NULL where a value is none. describe_data says why a column is text, and the option of add_data that changes it.',
  },
  {
    when: /No function matches/,
    message: (full) => full.split('. You might need')[0].concat('.'),
    next: 'Cast its arguments, as CAST(x AS DOUBLE); of a list, list_transform or unnest takes the values.',
  },
  {
    when: /^Conversion Error/,
    next: 'TRY_CAST(x AS TYPE) gives NULL where a value is none of that type; try_strptime(x, format) where a text is no date.',
  },
  {
    when: /^Out of Range Error: cannot take/,
    next: 'Some value is outside of what the function is of: take the others with WHERE x > 0, or write CASE WHEN x > 0 THEN ln(x) END, which is NULL elsewhere.',
  },
  {
    when: /^Out of Range Error[\s\S]*[Oo]verflow/,
    next: 'Whole numbers have 64 bits here: cast one to DOUBLE, or to HUGEINT, which has 128 and loses no digit.',
  },
  {
    when: /must appear in the GROUP BY|GROUP BY clause/,
    next: 'Name every column that is not aggregated in GROUP BY, or write GROUP BY ALL.',
  },
  {
    when: /syntax error/,
    next: 'One SELECT, WITH, FROM, VALUES, DESCRIBE, SUMMARIZE or SHOW in the SQL of DuckDB; names with blanks or signs stand in quotation marks.',
  },
];

/** A table that no data set has, with the nearest among those of the data sets that the statement names. */
function unknownTable(table: string, lower: string, releases: QueryRelease[]): QueryFailure['failed'] {
  const named = releases.filter(({ reference, aliases }) =>
    [reference, ...aliases].some((name) => lower.includes(name.toLowerCase())),
  );
  const tables = named.flatMap((release) =>
    release.tables.map(({ name }) => ({ name, written: writtenOf(release, name) })),
  );
  const found = nearest(
    table,
    tables.map(({ name }) => name),
  );
  // Named alone a table is of no data set: what is to be written names both.
  const near = tables.filter(({ name }) => found.includes(name)).map(({ written }) => written);
  return {
    code: 'unknown-name',
    message: `There is no table '${table}'.${near.length > 0 ? ` Did you mean ${near.slice(0, 5).join(', ')}?` : ''}`,
    next:
      tables.length > 0
        ? `There are ${tables
            .slice(0, 20)
            .map(({ written }) => written)
            .join(', ')}; describe_data lists their columns.`
        : whatThereIs,
    fields: { what: 'table', id: table, nearest: near },
  };
}

/** A table as it stands after FROM. */
function writtenOf({ reference, aliases }: QueryRelease, name: string): string {
  const quoted = (word: string) => (/^[a-z_]\w*$/i.test(word) && !reservedWords.has(word) ? word : `"${word}"`);
  return `${quoted(aliases.find((alias) => /^[a-z_]\w*$/.test(alias)) ?? reference)}.${quoted(name)}`;
}
