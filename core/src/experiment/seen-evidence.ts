import type { Activity } from '../contracts/activity.ts';
import { sameTrials } from '../identity/same-neurons.ts';
import { datasetRef, listDatasets } from '../ledger/catalogue.ts';
import { lookNames } from '../ledger/look.ts';
import type { Workspace } from '../workspace.ts';
import { listExperiments } from './experiments.ts';
import { isRecording, recordingNamed } from './exposure.ts';
import { findPlanned } from './planned.ts';

type Store = Pick<Workspace, 'ledger' | 'objects'>;

/** A call after which something of measured responses was known. */
export interface Exposure {
  /** Number of its record: what was frozen before it was made without it. */
  seq: number;
  /** Id of the record. */
  id: string;
  tool: string;
  /** Recording, `id@release`, of which something was shown. */
  recording: string;
  /** Which of its columns; all when left out. */
  stimuli?: number[];
  /** trials: single responses could be read. summary: only numbers over many. */
  shows: 'trials' | 'summary';
}

/** Tools that compute from measured responses and show what came out. */
const summaries = new Set(['validate_twin', 'score_twin']);
/** Tools that read the values of a release, where they name its responses. */
const readers = new Set<string>(['query_data', 'analyse_data', 'draw_chart', 'join_data', ...lookNames]);

/**
 * Everything on record that showed something of measured responses, oldest first: experiments, from their first trial;
 * validations; queries and resources that read responses.
 */
export function listExposures({ ledger }: Pick<Store, 'ledger'>): Exposure[] {
  const experiments = listExperiments(ledger).flatMap(({ id, startSeq, start, end }): Exposure[] => {
    const stimuli = findPlanned(ledger, start.plan);
    if (!stimuli || end?.delivered === 0) return [];
    return [{ seq: startSeq, id, tool: 'run_experiment', recording: start.subject, stimuli, shows: 'trials' }];
  });
  const responses = new Map(
    listDatasets(ledger)
      .filter(isRecording)
      .flatMap((release) =>
        release.arrays
          .filter(({ name }) => name === 'responses')
          .map(({ object }) => [object, datasetRef(release)] as const),
      ),
  );
  const calls = ledger.list('activity').flatMap(({ seq, id, body }): Exposure[] =>
    shownBy(body, responses).map((recording) => ({
      seq,
      id,
      tool: body.tool,
      recording,
      shows: summaries.has(body.tool) ? 'summary' : 'trials',
    })),
  );
  return [...experiments, ...calls].sort((a, b) => a.seq - b.seq);
}

/** Whether a call gave an answer, or failed with words that may tell a value. */
export const mayShow = ({ status, releases }: Pick<Activity, 'status' | 'releases'>): boolean =>
  status === 'ok' || releases.length > 0;

/** Recordings of which a call showed something. responses: recording of each object that holds measured responses. */
function shownBy(body: Activity, responses: Map<string, string>): string[] {
  if (!mayShow(body)) return [];
  if (summaries.has(body.tool)) return body.releases;
  if (!readers.has(body.tool)) return [];
  const words = JSON.stringify(body.arguments ?? {});
  const objects = [...responses].filter(([object]) => body.inputs.includes(object) || words.includes(object));
  const named = /responses/i.test(words) ? body.releases : [];
  return [...new Set([...objects.map(([, recording]) => recording), ...named])];
}

/** What was shown of these trials before a moment, newest first, each with the stimuli that it showed. */
export interface SeenTrials {
  exposure: Exposure;
  stimuli: number[];
}

/**
 * Which of `stimuli` of a recording were seen in its trials by what is on record before `seq`: the same measurements, under
 * whatever name they were added. Empty where the subject is no recording of this workspace.
 */
export async function seenBefore(
  seq: number,
  subject: string,
  stimuli: number[],
  workspace: Store,
  shows: readonly Exposure['shows'][] = ['trials', 'summary'],
): Promise<SeenTrials[]> {
  const tested = await recordingNamed(subject, workspace);
  if (!tested) return [];
  const found: SeenTrials[] = [];
  for (const exposure of listExposures(workspace)) {
    if (exposure.seq >= seq || !shows.includes(exposure.shows)) continue;
    const shown = await recordingNamed(exposure.recording, workspace);
    const same = shown && sameTrials(shown, tested, workspace);
    if (!same) continue;
    const told = exposure.stimuli && new Set(exposure.stimuli.map((column) => shown.stimuli[column]));
    const seen = stimuli.filter((stimulus) => same[stimulus]?.some((at) => !told || told.has(shown.stimuli[at])));
    if (seen.length > 0) found.push({ exposure, stimuli: seen });
  }
  return found.reverse();
}

/** "12 of the 40 stimuli were seen before: run_experiment exp-1 showed their trials" */
export function seenInWords([{ exposure, stimuli }]: [SeenTrials, ...SeenTrials[]], of: number): string {
  const what = exposure.shows === 'trials' ? 'showed their trials' : 'showed what they say of twins';
  return `${stimuli.length} of the ${of} stimuli are evidence that was seen already: ${exposure.tool} ${exposure.id} ${what}`;
}
