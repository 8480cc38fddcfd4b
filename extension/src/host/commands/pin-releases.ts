import * as vscode from 'vscode';
import type { Command } from '../app.ts';
import { applyEdits, notebookOf } from '../notebook/cells.ts';
import { notebookInFront } from '../notebook/new-notebook.ts';
import { say } from '../say.ts';

/** Writes the releases and twins that the notebook's results used into its front matter. */
export const pinReleases: Command = {
  async run(app) {
    const { pin, readFrontMatter } = await import('@bregma/notebooks/front-matter');
    const { factsOf } = await import('../notebook/marks.ts');
    const document = notebookInFront();
    const notebook = notebookOf(document);
    const { recorded } = await factsOf(app.at(document.uri), notebook.cells);
    const used = Object.values(recorded).filter(({ status }) => status === 'ok');
    const releases = [...new Set(used.flatMap((one) => one.releases))].sort();
    const twins = [...new Set(used.flatMap(({ arguments: args }) => Object.values(args)))]
      .filter((value): value is string => typeof value === 'string' && /^twin-[0-9a-f]{16}$/.test(value))
      .sort();
    const { problem } = readFrontMatter(notebook.frontMatter);
    if (problem) return say(`${problem} Correct it in a text editor first.`, {}, 'error');
    if (releases.length + twins.length === 0)
      return say('No result of this notebook used a release or a twin yet: run it first.');
    const frontMatter = pin(notebook.frontMatter, { releases, twins }, notebook.eol);
    const edit = vscode.NotebookEdit.updateNotebookMetadata({ ...document.metadata, frontMatter });
    await applyEdits(document, [edit]);
    return say(`Pinned ${[...releases, ...twins].join(', ')}. A result that used another one is marked.`);
  },
};
