import type { LineageModel } from '@bregma/core/contracts/views/lineage';
import type { Trace } from '@bregma/core/provenance/trace';
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
  const trace = await store.ask.trace(id, mostNodes);
  if (trace.roots.length === 0) {
    void vscode.window.showErrorMessage(`'${id.slice(0, 60)}' is not on record in this folder.`);
    return;
  }
  const root = trace.nodes.find((node) => node.id === trace.roots[0]);
  const label = (root?.label ?? id).replace(/[\p{Cc}\p{Cf}]/gu, ' ');
  app.show({
    view: 'lineage',
    key: `lineage ${trace.roots[0]}`,
    title: `Lineage: ${label.length > 30 ? `${label.slice(0, 29)}…` : label}`,
    model: modelOf(trace),
    intents: { open: (payload) => vscode.commands.executeCommand('bregma.showRecord', Id.parse(payload).id) },
  });
}

function modelOf({ roots, nodes, edges, available }: Trace): LineageModel {
  return {
    roots,
    nodes,
    edges: edges.map(({ from, to, as }) => [from, to, as]),
    available,
  };
}
