import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync, renameSync, rmSync, statfsSync, statSync } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { BregmaError, throwIfCancelled } from '@bregma/core/errors';
import { ownFile, ownFolder } from '@bregma/core/storage';
import { within } from '@bregma/core/within';
import { type Answer, again, ask, mustBe, Passing } from './client.ts';
import { markOf, type RemoteFile, rangeOf } from './remote-file.ts';

/** A file that was downloaded whole. */
export interface Downloaded {
  path: string;
  bytes: number;
  sha256: string;
}
type Follow = (done: number, total: number) => void;

/** Largest file that is downloaded whole when its server does not say how large it is. */
const mostUnsaid = 2e9;
/** Room that is left on the disk. */
const spare = 200e6;

/** Downloads that run, each for all who want it. */
const running = new Map<
  string,
  { done: Promise<Downloaded>; follow: Set<Follow>; stop: AbortController; callers: number }
>();

/** Where what is read of a file is kept: by its address, length and mark. */
export function placeOf(file: RemoteFile, folder: string): string {
  const key = createHash('sha256')
    .update([file.url.href, file.bytes, file.mark ?? ''].join('\n'))
    .digest('hex')
    .slice(0, 40);
  return path.join(folder, key);
}

/**
 * The whole file, downloaded once for all who want it at the same time; it goes on until nobody does. What broke off goes on where it
 * stopped, if the file is still the same. Throws `too-large` when there is no room, `corrupt` when length or digest are not those that
 * were said, `conflict` when the file changes meanwhile.
 */
export async function download(
  file: RemoteFile,
  folder: string,
  signal: AbortSignal,
  follow: Follow,
): Promise<Downloaded> {
  throwIfCancelled(signal);
  const place = placeOf(file, folder);
  let one = running.get(place);
  if (!one) {
    const stop = new AbortController();
    const followers = new Set<Follow>();
    const done = whole(file, place, stop.signal, (at, total) => {
      for (const tell of followers) tell(at, total);
    }).finally(() => running.delete(place));
    done.catch(() => {}); // who waits hears of it
    one = { done, follow: followers, stop, callers: 0 };
    running.set(place, one);
  }
  const { done, follow: followers, stop } = one;
  one.callers++;
  followers.add(follow);
  try {
    return await within(done, { signal, cancelled: 'The download was cancelled; what arrived is kept.' });
  } finally {
    followers.delete(follow);
    if (--one.callers === 0) stop.abort();
  }
}

async function whole(file: RemoteFile, place: string, signal: AbortSignal, follow: Follow): Promise<Downloaded> {
  const target = path.join(ownFolder(place), file.name);
  for (const one of [target, `${target}.part`]) ownFile(one);
  // Without a mark nothing says that what is there is what would come.
  if (existsSync(target) && file.mark !== undefined) return checked(file, target, signal);
  const part = `${target}.part`;
  if (file.mark === undefined) rmSync(part, { force: true });
  await again(file.url.href, signal, () => goOn(file, part, signal, follow));
  renameSync(part, target);
  return checked(file, target, signal);
}

async function checked(file: RemoteFile, target: string, signal: AbortSignal): Promise<Downloaded> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(target), hash, { signal });
  const sha256 = hash.digest('hex');
  if (file.sha256 === undefined || file.sha256 === sha256)
    return { path: target, bytes: statSync(target).size, sha256 };
  rmSync(target, { force: true });
  throw new BregmaError('corrupt', `${file.name} has sha256 ${sha256}; its archive says ${file.sha256}.`, {
    next: 'Try again; nothing was added.',
  });
}

async function goOn(file: RemoteFile, part: string, signal: AbortSignal, follow: Follow): Promise<void> {
  const have = file.hasRanges && existsSync(part) ? Math.min(statSync(part).size, file.bytes) : 0;
  if (have > 0 && have === file.bytes) return;
  mustFit(file, path.dirname(part), have);
  const headers: Record<string, string> = have > 0 ? { range: `bytes=${have}-` } : {};
  if (have > 0 && file.mark) headers['if-range'] = file.mark;
  const answer = await ask(file.url, headers, signal);
  mustBe(answer, [200, 206]);
  const goesOn = answer.status === 206 && rangeOf(answer.headers['content-range'])?.from === have;
  if (answer.status === 206 && !goesOn) throw new Passing('the answer is another part than was asked for');
  const mark = markOf(answer.headers);
  if (file.mark !== undefined && mark !== file.mark) throw changed(file, answer);
  let done = goesOn ? have : 0;
  const most = Number.isFinite(file.bytes) ? file.bytes : mostUnsaid;
  const counted = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      done += chunk.length;
      if (done > most) throw tooLong(file, most);
      follow(done, Number.isFinite(file.bytes) ? file.bytes : 0);
      yield chunk;
    }
  };
  try {
    await pipeline(answer.body, counted, createWriteStream(part, { flags: goesOn ? 'a' : 'w' }), { signal });
  } catch (error) {
    if (error instanceof BregmaError) {
      rmSync(part, { force: true });
      throw error;
    }
    throwIfCancelled(signal);
    throw new Passing(error instanceof Error ? error.message : String(error));
  }
  if (Number.isFinite(file.bytes) && done < file.bytes)
    throw new Passing(`it ended after ${done} of ${file.bytes} bytes`);
}

function mustFit({ bytes, name }: RemoteFile, folder: string, have: number): void {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const wanted = (Number.isFinite(bytes) ? bytes : 0) - have + spare;
  if (wanted > free)
    throw new BregmaError('too-large', `${name} has ${bytes} bytes; ${Math.floor(free / 1e6)} MB are free here.`, {
      next: 'Make room, or add a part of the data.',
    });
}

const tooLong = ({ name }: RemoteFile, most: number) =>
  new BregmaError('corrupt', `The server sends more of ${name} than the ${most} bytes that it said.`, {
    next: 'The server is wrong about the length: nothing was added.',
  });

/** The copy here is not what came. */
export const copyChanged = ({ name }: RemoteFile) =>
  new BregmaError('conflict', `The copy of ${name} changed while it was read: nothing was added.`, {
    next: 'Add it again.',
  });

/** Another file lies at the address now. */
export function changed({ name }: RemoteFile, answer?: Answer): BregmaError {
  answer?.body.destroy();
  return new BregmaError('conflict', `${name} changed on its server while it was read: nothing was added.`, {
    next: 'Add it again.',
  });
}
