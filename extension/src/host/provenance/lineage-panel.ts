import type { Trace } from '@bregma/core/provenance/trace';
import type { LineageModel } from '@bregma/webviews/lineage/model';
import * as vscode from 'vscode';
import * as z from 'zod';
import type { App } from '../app.ts';
import { storeOf } from './asking.ts';

/** Nodes that the view is given; it folds them. */
const mostNodes = 6000;
const Id = z.object({ id: z.string().max(200) });

/** Shows what a claim, a record, a twin, a data set or an object rests on. */
export async function showLineagePanel(app: App, id: string): Promise<void> {
  const store = storeOf(app);
  if (!store) return;
  let closed = false;
  // The panel takes as long to open as the lineage takes to read: neither waits for the other.
  const { panel, update } = app.show({
    view: 'lineage',
    key: `lineage ${id}`,
    about: id,
    title: 'Lineage',
    model: undefined,
    intents: { open: (payload) => vscode.commands.executeCommand('bregma.showRecord', Id.parse(payload).id) },
    onClose: () => {
      closed = true;
    },
  });
  const options = { location: vscode.ProgressLocation.Window, title: 'Reading the lineage' };
  try {
    const trace = await vscode.window.withProgress(options, () => store.ask.trace(id, mostNodes));
    if (closed) return;
    if (trace.roots.length === 0) {
      panel.dispose();
      void vscode.window.showErrorMessage(`'${id.slice(0, 60)}' is not on record in this folder.`);
      return;
    }
    panel.title = titleOf(trace, id);
    update(modelOf(trace));
  } catch (error) {
    if (!closed) panel.dispose();
    throw error;
  }
}

function titleOf({ roots, nodes }: Trace, id: string): string {
  const root = nodes.find((node) => node.id === roots[0]);
  const label = (root?.label ?? id).replace(/[\p{Cc}\p{Cf}]/gu, ' ');
  return `Lineage: ${label.length > 30 ? `${label.slice(0, 29)}…` : label}`;
}

function modelOf({ roots, nodes, edges, available }: Trace): LineageModel {
  return {
    roots,
    nodes,
    edges: edges.map(({ from, to, as }) => [from, to, as]),
    available,
  };
}
