import type { Connectome } from '../domain/connectome.ts';

/** What sets one kind of propagation twin apart. */
export interface PropagationModel {
  name: string;
  title: string;
  cite: string[];
  /** Responses [responding × stimulated] over all neurons of the connectome, fraction of the stimulus. options: parsed. */
  respond(connectome: Connectome, options: Record<string, unknown>, signal: AbortSignal): Promise<Float64Array>;
}
