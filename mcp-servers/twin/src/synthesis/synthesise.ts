import type { TwinCard } from '@bregma/core/contracts/twin';
import { BregmaError } from '@bregma/core/errors';
import type { ToolContext, ToolOutcome } from '@bregma/core/mcp/tool';
import { agreeOnProbes } from './agree.ts';
import { scoreControl } from './control.ts';
import { driveNeurons } from './drive.ts';
import type { Synthesise } from './request.ts';
import { openStudio } from './studio.ts';
import { tellApart } from './tell-apart.ts';

/** Pictures that are shown beside an answer at most; all are objects. */
const mostShown = 8;

type Goal = Synthesise['goal'];
/** How many twins each goal is about. */
const twinsOf: Record<Goal, 1 | 2> = {
  exciting: 1,
  suppressing: 1,
  separate: 2,
  control: 2,
  agree: 2,
};
const makers = {
  exciting: driveNeurons,
  suppressing: driveNeurons,
  separate: tellApart,
  control: scoreControl,
  agree: agreeOnProbes,
};

/** Makes images for twins by gradient, and says what the twins predict for them beside noise images. */
export async function synthesise(
  twins: TwinCard[],
  asked: Synthesise,
  seed: number,
  context: ToolContext,
): Promise<ToolOutcome<{ stimuli: { object: string } } & Record<string, unknown>>> {
  if (twins.length !== twinsOf[asked.goal])
    throw new BregmaError(
      'bad-input',
      `${asked.goal} takes ${twinsOf[asked.goal]} twin${twinsOf[asked.goal] > 1 ? 's' : ''}; ${twins.length} given.`,
    );
  const studio = openStudio(twins, asked, seed, context);
  const { kept, value, n } = await makers[asked.goal](studio, asked);
  const { release, reference } = studio.data;
  return {
    value: { goal: asked.goal, stimuli: kept.stack, ...value, limits: limitsInWords(studio.limits, asked) },
    kind: 'predicted',
    n,
    release: [reference],
    licence: [release.card.licence],
    cite: [
      'Walker et al. 2019, Nat Neurosci 22:2060',
      'Bashivan, Kar & DiCarlo 2019, Science 364:eaav9436',
      'Golan et al. 2020, PNAS 117:29330',
      ...release.card.cite,
    ],
    inputs: [...twins.map(({ id }) => id), reference],
    outputs: [kept.stack.object, ...kept.png],
    images: kept.png.slice(0, mostShown),
    seed,
  };
}

function limitsInWords(
  { height, width, mean, contrast, cutoff, falloff }: ReturnType<typeof openStudio>['limits'],
  { starts, steps }: Synthesise,
) {
  return {
    pixels: [height, width],
    range: [0, 255],
    meanGrey: mean,
    largestContrast: contrast,
    highestCyclesPerImage: cutoff,
    spectrum: falloff === 0 ? 'flat' : `1 / f^${falloff}`,
    ...{ starts, steps },
  };
}
