import type { Command } from '../app.ts';
import { openNew } from '../notebook/new-notebook.ts';

const first = `# Untitled

Ask an atlas in SQL. The cell below lists what was added to this folder; \`add_data\` adds more.

\`\`\`sql name=tables
SELECT database_name AS release, table_name AS "table", estimated_size AS rows FROM duckdb_tables()
\`\`\`
`;

/** Makes an empty notebook in the folder and opens it. */
export const newNotebook: Command = {
  id: 'bregma.newNotebook',
  run: (app) => openNew(app, 'notebook', first),
};
