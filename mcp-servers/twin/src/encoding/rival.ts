import type { TwinCard } from '@bregma/core/contracts/twin';
import type { ToolContext } from '@bregma/core/mcp/tool';
import { loadEncoding } from '../data.ts';
import type { Rival } from '../kinds/kind.ts';
import { trialVarianceOf } from '../twin-files.ts';
import { predictAll } from './predict.ts';

/** What an encoding twin predicts for every image of a data set; default: its own. */
export async function encodingRival(twin: TwinCard, given: string | undefined, context: ToolContext): Promise<Rival> {
  const { images, reference, release } = loadEncoding(given ?? twin.data, context.workspace);
  const predictions = await predictAll(twin, images, context);
  const available = Array.from({ length: images.count }, (_, i) => i);
  return {
    ...{ reference, release, predictions, available },
    neurons: predictions.length / images.count,
    stimuli: images.count,
    variance: trialVarianceOf(twin, context.workspace),
    seen: new Set(twin.data === reference ? (twin.fittedOn.indices ?? available) : []),
  };
}
