import { randomBytes } from 'node:crypto';
import type { BenchmarkCard } from '@bregma/core/contracts/benchmark';
import type { Probe } from '@bregma/core/contracts/score';
import type { ToolContext, ToolOutcome } from '@bregma/core/mcp/tool';
import { askScorer } from '@bregma/core/scorer/client';
import type { ServicePlace } from '@bregma/core/service/place';
import { workspaceIdentity } from '@bregma/core/witness/identity';

/** Tries one intervention on a hidden circuit, and spends one of its probes. */
export async function probeCircuit(
  place: ServicePlace,
  card: BenchmarkCard,
  probe: Probe,
  { workspace: { ledger } }: ToolContext,
): Promise<ToolOutcome<Record<string, unknown>>> {
  const workspace = workspaceIdentity(ledger);
  const nonce = randomBytes(16).toString('hex');
  const { rates, left } = await askScorer(place, 'probe', { benchmark: card.name, workspace, nonce, probe });
  return {
    value: { benchmark: card.name, probe, unit: 'spikes / s', neurons: card.units.names, rates, left },
    kind: 'simulated',
    n: { count: rates.length, of: 'neurons' },
    licence: [card.licence],
    cite: card.cite,
  };
}
