import { brief, plain } from '@bregma/core/contracts/plain-text';
import { sqlName } from '@bregma/core/contracts/sql-name';
import type { Unreadable } from '@bregma/core/ledger/unreadable';
import { measured } from '@bregma/core/numbers';
import { schemaOf } from './schema-name.ts';
import type { DataSummary, TwinSummary, Validity } from './summaries.ts';

/** Behind the name in the tree: what decides whether it can be used, how its values came to be first. */
export function dataDescription({ species, kind, licence }: DataSummary): string {
  return [kind, species, licence]
    .filter(Boolean)
    .map((text) => plain(text, 80))
    .join(' · ');
}

/** Behind the name of a twin: how well it predicts, then what it is when its name does not say so. */
export function twinDescription({ title, differs, kind, validity }: TwinSummary): string {
  return [validityText(validity), plain(differs ? title : kind, 80)].join(' · ');
}

/** A record that is there and cannot be read, as a row says it and what can be done about it. */
export function unreadableText({ id, subject, why }: Unreadable, what: 'data set' | 'twin') {
  const tool = what === 'twin' ? 'build_twin' : 'add_data';
  return {
    label: `A ${what} that cannot be read`,
    description: brief(why, 200),
    tooltip: plain(
      `The record ${id} of the ${what} ${subject} cannot be read: ${why}.\nClick it to see what it holds. Make the ${what} anew with ${tool}: the newer record takes its place.`,
    ),
  };
}

/** `r 0.469 [0.420, 0.498] of 0.871`; a validity nobody has measured is not zero. */
export function validityText(validity: Validity | undefined): string {
  if (!validity || validity.pearson === null) return 'validity not measured';
  const { pearson, ci, ceiling } = validity;
  const interval = ci && ci.low !== null && ci.high !== null ? ` [${measured(ci.low)}, ${measured(ci.high)}]` : '';
  return `r ${measured(pearson)}${interval}${ceiling === null ? '' : ` of ${measured(ceiling)}`}`;
}

/** What goes into a notebook or any other text: a fenced `sql` cell over a table, or a `bregma` cell that describes the data set. */
export function cellText(data: DataSummary, table = data.tables[0]?.name): string {
  if (table === undefined) return `\`\`\`bregma\ntool: describe_data\narguments:\n  data: ${data.reference}\n\`\`\`\n`;
  return `\`\`\`sql\n${sqlOf(data, table)}\n\`\`\`\n`;
}

/** A `bregma` cell that runs a twin; what it is to be shown or stimulated with is added by the person. */
export const twinCellText = ({ id }: TwinSummary) =>
  `\`\`\`bregma\ntool: run_twin\narguments:\n  twin: ${id}\n\`\`\`\n`;

/** SQL for the first rows of a table of a release, `id@release`, that was just added. */
export const rowsOf = (reference: string, table: string): string =>
  `SELECT * FROM ${sqlName(schemaOf(reference.slice(0, reference.lastIndexOf('@'))))}.${sqlName(table)} LIMIT 100`;

const sqlOf = ({ schema }: DataSummary, table: string) =>
  `SELECT * FROM ${sqlName(schema)}.${sqlName(table)} LIMIT 100`;
