import type { TwinCard } from '@bregma/core/contracts/twin';
import { seenBy, seenInRecording } from '@bregma/core/experiment/exposure';
import { groupCopies } from '@bregma/core/identity/copies';
import { identityOf } from '@bregma/core/identity/recording';
import type { ToolContext } from '@bregma/core/mcp/tool';
import { loadEncoding } from '../data.ts';
import type { Rival } from '../kinds/kind.ts';
import { trialVarianceOf } from '../twin-files.ts';
import { predictAll } from './predict.ts';

/** What an encoding twin predicts for every image of a data set; default: its own. */
export async function encodingRival(twin: TwinCard, given: string | undefined, context: ToolContext): Promise<Rival> {
  const { images, reference, release } = loadEncoding(given ?? twin.data, context.workspace);
  const identity = await identityOf(release, context.workspace);
  const predictions = await predictAll(twin, images, context);
  return {
    ...{ reference, release, predictions },
    available: groupCopies(identity.stimuli).members.map(([first]) => first),
    neurons: predictions.length / images.count,
    stimuli: images.count,
    variance: trialVarianceOf(twin, context.workspace),
    seen: new Set(await seenInRecording(seenBy(twin), identity, context.workspace)),
  };
}
