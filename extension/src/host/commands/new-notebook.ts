import type { Command } from '../app.ts';
import { openNew } from '../notebook/export.ts';

const first = `# Untitled

Ask an atlas in SQL. \`SHOW ALL TABLES\` lists what was added to this folder; \`add_data\` adds more.

\`\`\`sql name=tables
SELECT table_schema, table_name FROM information_schema.tables
\`\`\`
`;

/** Makes an empty notebook in the folder and opens it. */
export const newNotebook: Command = {
  id: 'bregma.newNotebook',
  run: (app) => openNew(app, 'notebook', first),
};
