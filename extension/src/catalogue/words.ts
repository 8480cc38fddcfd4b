import { plain } from '@bregma/core/contracts/plain-text';
import type { DataSummary, TwinSummary, Validity } from './summaries.ts';

/** Behind the name in the tree: what decides whether it can be used. */
export function dataDescription({ species, kind, licence }: DataSummary): string {
  return [species, kind, licence]
    .filter(Boolean)
    .map((text) => plain(text, 80))
    .join(' · ');
}

export function twinDescription({ kind, validity }: TwinSummary): string {
  return [plain(kind, 60), validityText(validity)].join(' · ');
}

/** `r 0.469 [0.420, 0.498] of 0.871`; a validity nobody has measured is not zero. */
export function validityText(validity: Validity | undefined): string {
  if (!validity || validity.pearson === null) return 'validity not measured';
  const { pearson, ci, ceiling } = validity;
  const interval = ci && ci.low !== null && ci.high !== null ? ` [${ci.low.toFixed(3)}, ${ci.high.toFixed(3)}]` : '';
  return `r ${pearson.toFixed(3)}${interval}${ceiling === null ? '' : ` of ${ceiling.toFixed(3)}`}`;
}

/** What goes into a notebook or any other text: a fenced `sql` cell over a table, or a `bregma` cell that describes the data set. */
export function cellText(data: DataSummary, table = data.tables[0]?.name): string {
  if (table === undefined) return `\`\`\`bregma\ntool: describe_data\narguments:\n  data: ${data.reference}\n\`\`\`\n`;
  return `\`\`\`sql\n${sqlOf(data, table)}\n\`\`\`\n`;
}

/** A `bregma` cell that runs a twin; what it is to be shown or stimulated with is added by the person. */
export const twinCellText = ({ id }: TwinSummary) =>
  `\`\`\`bregma\ntool: run_twin\narguments:\n  twin: ${id}\n\`\`\`\n`;

const sqlOf = ({ schema }: DataSummary, table: string) =>
  `SELECT * FROM ${identifier(schema)}.${identifier(table)} LIMIT 100`;

const identifier = (name: string) => (/^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`);
