import type { TwinCard } from '@bregma/core/contracts/twin';
import { recordingNamed } from '@bregma/core/experiment/exposure';
import { stimulusDigests } from '@bregma/core/identity/digests';
import { sameTrials } from '@bregma/core/identity/same-neurons';
import { findDataset } from '@bregma/core/ledger/catalogue';
import { parseNpy } from '@bregma/core/npy';
import type { Workspace } from '@bregma/core/workspace';
import type { DistinctData } from './distinct.ts';

/** What tested stimuli are to what was fitted, the nearest first: predictions of each are claims of their own. */
export const domains = ['in-domain', 'other recording', 'other animal', 'chosen images', 'synthetic images'] as const;
/** One of `domains`. */
export type Domain = (typeof domains)[number];

/**
 * Each tested set, divided by what its stimuli are to the twin; nearest first. Synthetic: made by gradient in this workspace. Chosen: in
 * another recording, among the stimuli that a design ranked first. twin: undefined where its kind is fitted anew, on the other stimuli of this
 * very recording. sets: rows of `data`.
 */
export async function setsByDomain(
  twin: TwinCard | undefined,
  data: DistinctData,
  sets: Int32Array[],
  workspace: Workspace,
): Promise<Map<Domain, Int32Array[]>> {
  const of = await domainOf(twin, data, workspace);
  return new Map(
    domains.flatMap((domain): [Domain, Int32Array[]][] => {
      const own = sets.map((rows) => rows.filter((row) => of(row) === domain));
      return own.some(({ length }) => length > 0) ? [[domain, own.filter(({ length }) => length > 0)]] : [];
    }),
  );
}

async function domainOf(
  twin: TwinCard | undefined,
  data: DistinctData,
  workspace: Workspace,
): Promise<(row: number) => Domain> {
  const made = madeImages(workspace);
  const pixels = made.size > 0 ? stimulusDigests(stackOf(data)) : [];
  const isFitted = await sameRecording(twin, data, workspace);
  const chosen = twin ? await chosenStimuli(workspace) : new Set<string>();
  const elsewhere = twin && isOtherAnimal(twin, data, workspace) ? 'other animal' : 'other recording';
  return (row) => {
    if (made.has(pixels[row])) return 'synthetic images';
    if (isFitted(row)) return 'in-domain';
    return chosen.has(data.digests[row]) ? 'chosen images' : elsewhere;
  };
}

const stackOf = ({ images: { data, count, height, width } }: DistinctData) => ({
  data,
  shape: [count, height, width, 3],
});

/** Whether a row was measured in the recording that the twin was fitted on, whatever release it lies in now. */
async function sameRecording(
  twin: TwinCard | undefined,
  { identity, units }: DistinctData,
  workspace: Workspace,
): Promise<(row: number) => boolean> {
  const own = twin && (await recordingNamed(twin.data, workspace));
  if (!own) return () => twin === undefined;
  if (own.recording === identity.recording) return () => true;
  const same = sameTrials(own, identity, workspace);
  return (row) => units.members[row].every((column) => same[column].length > 0);
}

/** Both cards name who was recorded, and not the same. */
function isOtherAnimal(twin: TwinCard, { release }: DistinctData, { ledger }: Workspace): boolean {
  const [fitted, asked] = [findDataset(ledger, twin.data).card, release.card];
  return (
    fitted.subject !== undefined &&
    asked.subject !== undefined &&
    (fitted.subject !== asked.subject || fitted.species !== asked.species)
  );
}

/** Digests of all images [y × x × 3] that designs of this workspace made. */
function madeImages({ ledger, objects }: Workspace): ReadonlySet<string> {
  const stacks = designs(ledger).flatMap(({ outputs, arguments: asked }) =>
    asked.synthesise === undefined ? [] : outputs.slice(0, 1),
  );
  return new Set(
    [...new Set(stacks)]
      .filter((stack) => objects.has(stack))
      .flatMap((stack) => stimulusDigests(parseNpy(objects.get(stack)))),
  );
}

/** Digests of all stimuli that designs of this workspace ranked first. */
async function chosenStimuli(workspace: Workspace): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const { outputs, releases, arguments: asked } of designs(workspace.ledger)) {
    const [list] = outputs;
    // Without a count all candidates were ranked, and none was chosen.
    if (asked.synthesise !== undefined || asked.count === undefined || !workspace.objects.has(list)) continue;
    const subject = await recordingNamed(releases[0], workspace);
    const chosen: unknown = JSON.parse(workspace.objects.get(list).toString('utf8'));
    if (subject && Array.isArray(chosen)) for (const one of chosen) found.add(subject.stimuli[Number(one)]);
  }
  return found;
}

const designs = (ledger: Workspace['ledger']) =>
  ledger.list('activity').flatMap(({ body }) => {
    const isDesign = body.tool === 'design_experiment' && body.status === 'ok' && body.outputs.length > 0;
    return isDesign ? [body] : [];
  });
