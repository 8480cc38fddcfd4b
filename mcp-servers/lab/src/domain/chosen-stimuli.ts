import type { PlanContent } from '@bregma/core/contracts/experiment';
import { recordingNamed, seenInRecording } from '@bregma/core/experiment/exposure';
import { groupCopies } from '@bregma/core/identity/copies';
import { logGamma } from '@bregma/core/statistics/gamma';
import type { Random } from '@bregma/core/statistics/random';
import type { Workspace } from '@bregma/core/workspace';

type Design = PlanContent['design'];
type Store = Pick<Workspace, 'ledger' | 'objects'>;

/** Chance below which a plan's stimuli are taken to be those that a design ranked first. */
const byChance = 1e-3;

/** Stimuli that a plan's test is about: all that are shown, but those of a random sample beside them. */
export function testedStimuli(design: Pick<Design, 'stimuli' | 'tested'>): number[] {
  return design.tested ?? design.stimuli;
}

/** Stimuli of a recording that no twin was fitted on, one of each with its copies; undefined where the subject is no recording. */
export async function openStimuli(
  { subject, twins }: Pick<PlanContent, 'subject' | 'twins'>,
  workspace: Store,
): Promise<number[] | undefined> {
  const recording = await recordingNamed(subject.id, workspace);
  if (!recording) return undefined;
  const seen = new Set<number>();
  for (const twin of twins)
    for (const stimulus of await seenInRecording(twin, recording, workspace)) seen.add(stimulus);
  return groupCopies(recording.stimuli).members.flatMap(([first]) => (seen.has(first) ? [] : [first]));
}

/** As many stimuli as were chosen, drawn from all that could have been: among them may be chosen ones. Ascending. */
export function randomBeside(chosen: number[], open: number[], random: Random): number[] {
  return random
    .shuffle(open)
    .slice(0, chosen.length)
    .sort((a, b) => a - b);
}

/**
 * Says when the tested stimuli were taken from among others because they separate the twins: the plan took them from a design,
 * or they are, beyond chance, those that a design on record before the plan ranked first, however they were typed in.
 * planned: number of the plan's record.
 */
export async function chosenHow(
  content: PlanContent,
  planned: number,
  workspace: Store,
): Promise<{ says: string; open: number[] } | undefined> {
  const open = await openStimuli(content, workspace);
  const tested = testedStimuli(content.design);
  if (!open || tested.length >= open.length) return undefined;
  const rankings = rankingsBefore(planned, content, workspace);
  const chosen = rankings.some(
    ({ id, order }) => id === content.design.proposedBy || isTopOf(tested, order, open.length),
  );
  if (!chosen) return undefined;
  return {
    says: `The ${tested.length} stimuli were chosen of ${open.length} because they separate the twins: the estimate is about stimuli like these, and is larger than for stimuli taken at random`,
    open,
  };
}

/** Lists that designs on this recording ranked, best first. */
function rankingsBefore(
  planned: number,
  { subject }: Pick<PlanContent, 'subject'>,
  { ledger, objects }: Store,
): { id: string; order: number[] }[] {
  return ledger.list('activity').flatMap(({ id, seq, body }) => {
    if (body.tool !== 'design_experiment' || body.status !== 'ok' || seq > planned) return [];
    if (!body.releases.includes(subject.id)) return [];
    const [list] = body.outputs;
    if (list === undefined || !objects.has(list)) return [{ id, order: [] }];
    const order: unknown = JSON.parse(objects.get(list).toString('utf8'));
    return [{ id, order: Array.isArray(order) ? order.map(Number) : [] }];
  });
}

/** Whether so many of the tested stimuli stand first in a ranking that chance does so in less than one of a thousand. */
function isTopOf(tested: number[], order: number[], open: number): boolean {
  const top = new Set(order.slice(0, tested.length));
  const shared = tested.filter((stimulus) => top.has(stimulus)).length;
  return top.size > 0 && atLeastShared(shared, { open, top: top.size, drawn: tested.length }) < byChance;
}

/** P(at least `shared` of `drawn` taken at random of `open` are among `top`): the tail of the hypergeometric distribution. */
function atLeastShared(shared: number, { open, top, drawn }: { open: number; top: number; drawn: number }): number {
  const choose = (n: number, k: number) => logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
  let sum = 0;
  for (let k = Math.max(shared, drawn + top - open); k <= Math.min(top, drawn); k++)
    sum += Math.exp(choose(top, k) + choose(open - top, drawn - k) - choose(open, drawn));
  return sum;
}
