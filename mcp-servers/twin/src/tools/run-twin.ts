import type { TwinCard } from '@bregma/core/contracts/twin';
import { BregmaError } from '@bregma/core/errors';
import { datasetRef, findDataset, findTwin } from '@bregma/core/ledger/catalogue';
import { defineTool, type ToolContext } from '@bregma/core/mcp/tool';
import * as z from 'zod';
import { findKind } from '../find-kind.ts';
import { Perturb, perturbForm } from '../perturb.ts';
import { probeNames } from '../probes/probe.ts';
import { backends } from '../spiking/engines/engine.ts';
import { refuseUseless } from '../takes.ts';

const input = z.object({
  twin: z.string(),
  data: z.string().optional().describe('Images to show; default: those of its own data'),
  stimuli: z.array(z.number().int().min(0)).max(5000).optional().describe('Indices; default: all'),
  probe: z.enum(probeNames).optional().describe('Drawn images: tuning of each neuron'),
  stimulate: z.array(z.string()).max(300).optional().describe('Neurons of a connectome twin'),
  // Advertised as any object with its form in words; read as Perturb.
  perturb: z.looseObject({}).pipe(Perturb).optional().describe(perturbForm),
  readout: z.array(z.string()).min(1).optional().describe('Neurons or type:NAME whose rate is the effect'),
  duration_ms: z.number().min(1).max(60_000).default(500),
  trials: z.number().int().min(1).max(1000).default(10),
  controls: z.number().int().min(0).max(100).default(5),
  backend: z.enum(backends).default('auto'),
  seed: z.number().int().min(0).default(0),
  limit: z.number().int().min(1).max(50).default(10),
});

export const runTwin = defineTool({
  name: 'run_twin',
  question: 'What does a twin predict for these stimuli, or for stimulating these neurons?',
  input,
  output: z.looseObject({ predictions: z.looseObject({ object: z.string() }), shape: z.array(z.number()) }),
  effect: 'compute',
  view: 'simulation',
  async run({ twin: id, ...request }, context) {
    const twin = findTwin(context.workspace.ledger, id);
    const kind = findKind(twin.kind);
    const { data, duration_ms: durationMs, ...rest } = request;
    const takesData = 'data' in kind.takes.run;
    if (data !== undefined && !takesData) refuseOtherRelease(twin, data, context);
    refuseUseless(kind, 'run', takesData ? request : { ...request, data: undefined }, input.shape);
    return kind.run(twin, { ...rest, durationMs, data: takesData ? data : undefined }, context);
  },
});

/** A twin whose stimuli are its own neurons runs on its own data: neuron ids do not persist between releases. */
function refuseOtherRelease(twin: TwinCard, data: string, { workspace }: ToolContext): void {
  const asked = datasetRef(findDataset(workspace.ledger, data));
  if (asked === twin.data) return;
  throw new BregmaError(
    'bad-input',
    `${twin.id} is a twin of ${twin.data}, not of ${asked}: ids do not persist between releases.`,
    { next: `Leave data out, or build a twin of ${asked}.` },
  );
}
