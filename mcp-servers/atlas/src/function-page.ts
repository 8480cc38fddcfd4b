import type { Page } from '@bregma/core/mcp/listed-pages';
import { sqlFunctions } from './sql-functions/index.gen.ts';
import type { SqlFunction } from './sql-functions/sql-function.ts';

/** One page for each function of SQL that is ours: `bregma://sql/NAME`. */
export const functionPages: Page[] = sqlFunctions.map((one) => ({
  uri: `bregma://sql/${one.name}`,
  title: one.answers,
  text: () => pageOf(one),
}));

const list = (items: string[]) => items.map((item) => `- ${item}`).join('\n');

/** Markdown: how it is called, what it takes and gives, its definition, an example. */
function pageOf({ name, answers, takes, tables, gives, defined, example }: SqlFunction): string {
  const called = takes.map((one) => (one.optional ? `${one.name} := …` : one.name)).join(', ');
  const taken = takes.map(
    (one) =>
      `\`${one.name}\`: ${one.holds}${tables.includes(one.name) ? ' (id.table, or a name of WITH)' : ''}${one.optional ? '; optional' : ''}`,
  );
  const given =
    gives.length > 0 ? `## Gives rows of\n${list(gives.map((one) => `\`${one.name}\`: ${one.holds}`))}\n\n` : '';
  return `# ${name}: ${answers}

\`${gives.length > 0 ? 'FROM ' : ''}${name}(${called})\` in query_data. Columns are named as they are, without the name of their table.

## Takes
${list(taken)}

${given}## Defined
${list(defined)}

## Example
\`\`\`sql
${example}
\`\`\`
`;
}
