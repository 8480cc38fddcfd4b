import { plain } from '@bregma/core/contracts/plain-text';
import { cellText } from '../../catalogue/words.ts';
import type { App, Command } from '../app.ts';
import { openNew } from '../notebook/new-notebook.ts';

const empty = `# Untitled

Nothing was added to this folder yet. “Add Data…” in the view Data, or in the menu of a file, adds a table, an array or a recording; the
cell below lists the data sets that can be had without a file.

\`\`\`bregma name=known
tool: find_data
\`\`\`
`;

/** Makes a notebook that begins with the person's own data, or else with what was added last, and opens it. */
export const newNotebook: Command = {
  run: async (app) => openNew(app, 'notebook', await opening(app)),
};

async function opening({ store }: App): Promise<string> {
  const data = store && store.seq() > 0 ? (await store.ask.catalogue()).data : [];
  const first = data.find(({ exposure }) => exposure === 'private') ?? data[0];
  if (!first) return empty;
  return `# Untitled\n\n${plain(first.title, 200).replace(/[\\`*[\]<>#|~]/g, '\\$&')}, \`${first.reference}\`.\n\n${cellText(first)}`;
}
