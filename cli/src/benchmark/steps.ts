import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { benchmarks } from '@bregma/benchmarks/index.gen';
import { plainJson } from '@bregma/core/contracts/plain-text';
import { BregmaError, unknownName } from '@bregma/core/errors';
import { nearest } from '@bregma/core/nearest';
import { parseNpy } from '@bregma/core/npy';
import { askScorer, scorerPlace } from '@bregma/core/scorer/client';
import { keepPlace, servicePlace } from '@bregma/core/service/place';
import { scorerService } from '@bregma/core/service/service';
import { writeWhole } from '@bregma/core/storage';
import { openWorkspace } from '@bregma/core/workspace';
import type { CommandInput } from '../command.ts';
import { connectServer } from '../servers.ts';
import { placeAsked } from '../service/asked.ts';
import { leaderboardPage } from './leaderboard.ts';

/** Keeps where the scorer is, once it answered. */
export async function joinHere({ values }: CommandInput): Promise<number> {
  const place = placeAsked(scorerService, values) ?? scorerPlace();
  const { benchmarks: held } = await askScorer(place, 'list', {});
  console.log(`Noted in ${keepPlace(scorerService, place)}: a scorer with ${held.length} benchmarks.`);
  return 0;
}

/** Lists what the scorer holds, or what one could take in. */
export async function listHere(): Promise<number> {
  const place = servicePlace(scorerService);
  if (!place) {
    console.log('No scorer is named (`bregma benchmark join`). These are registered: `bregma scorer add NAME`.');
    for (const { name, title, exposure, sealed } of [...benchmarks].sort((a, b) => (a.name < b.name ? -1 : 1)))
      console.log(`${name.padEnd(12)} ${title}\n${' '.repeat(13)}${exposure}, sealed ${sealed.slice(0, 16)}`);
    return 0;
  }
  const { benchmarks: held } = await askScorer(place, 'list', {});
  for (const { card, left } of held)
    console.log(
      `${card.name.padEnd(12)} ${card.task}\n${' '.repeat(13)}${card.metric} in steps of ${card.step}, ${card.exposure}; ${left.person} of ${card.budget.person} askings of yours are left`,
    );
  return 0;
}

const wanted = (value: unknown, what: string): string => {
  if (typeof value === 'string' && value !== '') return value;
  throw new BregmaError('bad-input', `${what} is missing.`, { next: 'bregma benchmark --help' });
};

/** Writes what a benchmark gives away. */
export async function getHere({ positionals: [name], values }: CommandInput): Promise<number> {
  const place = scorerPlace();
  const folder = path.resolve(wanted(values.out, '--out FOLDER'));
  const { benchmarks: held } = await askScorer(place, 'list', {});
  const card = held.map((one) => one.card).find((one) => one.name === name);
  if (!card) {
    const known = held.map((one) => one.card.name);
    throw unknownName('benchmark', name ?? '', nearest(name ?? '', known), `The scorer has: ${known.join(', ')}.`);
  }
  mkdirSync(folder, { recursive: true });
  for (const { name: array, sha256 } of card.arrays) {
    const { npy } = await askScorer(place, 'array', { benchmark: card.name, sha256 });
    writeWhole(path.join(folder, `${array}.npy`), Buffer.from(npy, 'base64'));
  }
  writeWhole(path.join(folder, 'benchmark.json'), `${JSON.stringify(card, undefined, 2)}\n`);
  console.log(
    card.arrays.length > 0
      ? `${card.arrays.map(({ name: array }) => `${array}.npy`).join(', ')} are in ${folder}`
      : `${card.name} gives no arrays away: its inputs are ${card.data ?? 'names'}. Its card is in ${folder}`,
  );
  return 0;
}

/** Has a twin or predictions scored, through the tool: there is one way in. */
export async function runHere({ positionals: [benchmark], values, workspace }: CommandInput): Promise<number> {
  const given = { benchmark: wanted(benchmark, 'The name of a benchmark'), tried: values.tried, after: values.after };
  const handedIn =
    values.predictions === undefined
      ? { twin: wanted(values.twin, '--twin TWIN or --predictions FILE.npy'), network: values.network === true }
      : { predictions: storedPredictions(String(values.predictions), workspace) };
  const twin = await connectServer('twin', workspace);
  try {
    const { isError, answer } = await twin.tryCall('score_twin', { ...given, ...handedIn });
    console.log(plainJson(answer, process.stdout.isTTY ? 2 : 0));
    return isError ? 1 : 0;
  } finally {
    await twin.close();
  }
}

/** Puts a file of predictions among the objects of the workspace. Throws `corrupt` when it is no NPY file. */
function storedPredictions(file: string, folder: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new BregmaError('missing', `${file} cannot be read: ${error instanceof Error ? error.message : error}.`);
  }
  parseNpy(bytes, path.basename(file));
  const workspace = openWorkspace(folder);
  try {
    return workspace.objects.put(bytes, 'application/x-npy').object;
  } finally {
    workspace.close();
  }
}

/** Writes the leaderboard. */
export async function leaderboardHere({ positionals: [benchmark], values }: CommandInput): Promise<number> {
  const file = path.resolve(wanted(values.out, '--out FILE.html'));
  const place = scorerPlace();
  const [{ benchmarks: held }, { key, receipts }] = [
    await askScorer(place, 'list', {}),
    await askScorer(place, 'log', { benchmark }),
  ];
  const cards = held.map(({ card }) => card).filter(({ name }) => benchmark === undefined || name === benchmark);
  writeWhole(file, leaderboardPage(cards, receipts, key));
  console.log(`${receipts.length} scores on ${cards.length} benchmarks are in ${file}`);
  return 0;
}
