import type { DatasetRelease } from '../contracts/dataset.ts';
import type { PlanTwin } from '../contracts/experiment.ts';
import type { TwinCard } from '../contracts/twin.ts';
import { BregmaError } from '../errors.ts';
import { groupCopies, seenAmong } from '../identity/copies.ts';
import { lookAlikes } from '../identity/look-alikes.ts';
import { identityOf, type RecordingIdentity } from '../identity/recording.ts';
import { matchNeurons, sameTrials } from '../identity/same-neurons.ts';
import { findDataset } from '../ledger/catalogue.ts';
import type { Workspace } from '../workspace.ts';

type Store = Pick<Workspace, 'ledger' | 'objects'>;

/** What a twin has seen, as a plan keeps it. A part whose stimuli the card does not list counts as all. */
export function seenBy(card: TwinCard): PlanTwin {
  const { part, indices, also } = card.fittedOn;
  const known = part !== 'all' && indices !== undefined;
  const fittedOn = known ? [...indices].sort((a, b) => a - b) : 'all';
  return { twin: card.id, data: card.data, fittedOn, ...(also && { also }) };
}

/** Whether a release holds responses to stimuli. An array that somebody calls responses makes none. */
export const isRecording = ({ shape, arrays }: DatasetRelease): boolean =>
  (shape === 'stimulus-response' || shape === 'causal-responses') && arrays.some(({ name }) => name === 'responses');

/** The recording of this reference, or undefined where the workspace holds none of that name. */
export async function recordingNamed(reference: string, workspace: Store): Promise<RecordingIdentity | undefined> {
  try {
    const release = findDataset(workspace.ledger, reference);
    return isRecording(release) ? await identityOf(release, workspace) : undefined;
  } catch (error) {
    if (error instanceof BregmaError && error.code === 'unknown-name') return undefined;
    throw error;
  }
}

/**
 * at: which neuron of the twin each neuron of the subject is, −1 for one that the twin does not know; of: how many the twin has.
 * undefined where none can be shown to be the same.
 */
export async function neuronsOfTwin(
  twin: PlanTwin,
  subject: string,
  workspace: Store,
): Promise<{ at: Int32Array; of: number } | undefined> {
  const [fitted, asked] = [await recordingNamed(twin.data, workspace), await recordingNamed(subject, workspace)];
  if (!fitted || !asked) return undefined;
  const at = matchNeurons(fitted, asked, workspace);
  return at.some((place) => place >= 0) ? { at, of: fitted.neurons.length } : undefined;
}

/**
 * Which stimuli of a recording a twin was fitted on, by what they are: whatever the release, the name and the order in which they
 * lie; also where they are the same pictures in disguise, and where what was measured at them is what it was fitted on, whatever
 * pictures are said to have been shown. Without a recording of its own to compare with, a twin counts as fitted on all.
 */
async function digestsSeen(
  { also = [], ...twin }: PlanTwin,
  recording: RecordingIdentity,
  workspace: Store,
): Promise<ReadonlySet<string>> {
  const seen = new Set(await digestsSeenOf(twin, recording, workspace));
  for (const data of also)
    for (const digest of await digestsSeenOf({ twin: twin.twin, data, fittedOn: 'all' }, recording, workspace))
      seen.add(digest);
  return seen;
}

async function digestsSeenOf(
  twin: Omit<PlanTwin, 'also'>,
  recording: RecordingIdentity,
  workspace: Store,
): Promise<ReadonlySet<string>> {
  const own = await recordingNamed(twin.data, workspace);
  if (!own) return new Set(recording.stimuli);
  const columns = twin.fittedOn === 'all' ? [...own.stimuli.keys()] : twin.fittedOn;
  const fitted = new Set(columns.flatMap((column) => [own.stimuli[column], own.looks[column]]));
  const seen = new Set(recording.stimuli.filter((digest, i) => fitted.has(digest) || fitted.has(recording.looks[i])));
  if (own.recording === recording.recording && own.pictures === recording.pictures) return seen;
  const places = (own.pictures && recording.pictures && lookAlikes(own.pictures, recording.pictures, workspace)) || [];
  for (const [column, place] of places.entries())
    if (place >= 0 && fitted.has(own.stimuli[place])) seen.add(recording.stimuli[column]);
  const learned = new Set(columns);
  for (const [column, same] of sameTrials(own, recording, workspace).entries())
    if (same.some((at) => learned.has(at))) seen.add(recording.stimuli[column]);
  return seen;
}

/** Positions of what a twin was fitted on among `stimuli`, digests of a recording; default: all of its columns. Ascending. */
export async function seenInRecording(
  twin: PlanTwin,
  recording: RecordingIdentity,
  workspace: Store,
  stimuli: readonly string[] = recording.stimuli,
): Promise<number[]> {
  return seenAmong(stimuli, await digestsSeen(twin, recording, workspace));
}

/** Which of `stimuli` the twin was fitted on, where the subject is a recording of this workspace; as `seenInRecording`. */
export async function seenByContent(
  twin: PlanTwin,
  subject: string,
  stimuli: number[],
  workspace: Store,
): Promise<number[]> {
  const recording = await recordingNamed(subject, workspace);
  if (!recording) return [];
  const seen = new Set(await seenInRecording(twin, recording, workspace));
  return stimuli.filter((stimulus) => seen.has(stimulus));
}

/**
 * Which of `stimuli` the twin was fitted on, as far as a plan alone can say: where its subject is the very release that the twin
 * was fitted on. Of other releases the lab asks `seenByContent`.
 */
export function seenStimuli(twin: PlanTwin, subject: string, stimuli: number[]): number[] {
  if (twin.also?.includes(subject)) return [...stimuli];
  if (twin.data !== subject) return [];
  if (twin.fittedOn === 'all') return [...stimuli];
  const seen = new Set(twin.fittedOn);
  return stimuli.filter((stimulus) => seen.has(stimulus));
}

/** Units of inference among `stimuli` of a subject: each different stimulus with all that looks like it, in order of appearance. */
export async function unitsOf(subject: string, stimuli: number[], workspace: Store): Promise<number[][]> {
  const recording = await recordingNamed(subject, workspace);
  if (!recording) return stimuli.map((stimulus) => [stimulus]);
  const { members } = groupCopies(stimuli.map((stimulus) => recording.looks[stimulus]));
  return members.map((places) => places.map((place) => stimuli[place]));
}
