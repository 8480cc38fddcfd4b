import type { TwinCard } from '@bregma/core/contracts/twin';
import type { ToolContext } from '@bregma/core/mcp/tool';
import { type ConnectomeData, loadConnectome } from './data.ts';

/** Opens the wiring of a release for a call, with its progress. */
export async function openConnectome(
  reference: string,
  { workspace, signal, progress }: ToolContext,
): Promise<ConnectomeData> {
  const report = (share: number) => progress({ done: share, total: 1, message: 'reading connections' });
  const data = await loadConnectome(reference, workspace, {
    signal,
    onProgress: (done, total) => report(done / total),
  });
  report(1);
  return data;
}

/** The card, without its id, of a twin that is its connectome and its options: nothing is fitted, so nothing is stored but the card. */
export function wiringCard(
  { name, title, cite }: { name: string; title: string; cite: string[] },
  { reference, release, connectome, tables }: ConnectomeData,
  options: Record<string, unknown>,
  seed: number,
  summary: Record<string, unknown>,
): Omit<TwinCard, 'id'> {
  const { length: neurons } = connectome.neurons;
  return {
    kind: name,
    title,
    data: reference,
    fittedOn: { part: 'all', n: neurons, of: 'neurons' },
    exposure: release.card.exposure,
    options,
    seed,
    files: [],
    summary: { neurons, edges: connectome.pre.length, dataKind: release.card.kind, tables, ...summary },
    cite,
  };
}
