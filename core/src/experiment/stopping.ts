import { accessSync, constants, lstatSync } from 'node:fs';
import path from 'node:path';
import type { NewRecord } from '../ledger/records.ts';
import { codeOf, ownFolder, writeWhole } from '../storage.ts';

/** The kill switch of a workspace: while this file exists no trial starts, in any process. A person makes and removes it. */
export function killSwitch(bregma: string): string {
  return path.join(bregma, 'STOP');
}

/** Lets no trial start in a workspace, in any process, until a person takes the file away. by: who stops. */
export function stopEverything(bregma: string, by: string): void {
  ownFolder(bregma);
  makeStop(killSwitch(bregma), by);
}

/** Whatever lies there already stops: a link is not followed. */
function makeStop(file: string, by: string): void {
  if (stopReason(file) === undefined) writeWhole(file, `${by}\n`);
}

/** Stops one experiment, from any process. */
export function stopFile(bregma: string, experiment: string): string {
  return path.join(bregma, `STOP-${experiment}`);
}

/**
 * Asks a running experiment to stop before its next trial, whichever process runs it: its driver looks for this file. Needs no
 * server and no ledger. Returns the record that says who asked.
 */
export function requestStop(bregma: string, experiment: string, client: string): NewRecord {
  makeStop(stopFile(bregma, experiment), client);
  return { kind: 'stop', subject: experiment, body: { experiment, client } };
}

/** Why this stop file stops a session, or undefined when it is known not to exist. */
export function stopReason(file: string): string | undefined {
  try {
    lstatSync(file); // a link that leads nowhere stops, too
    return `${path.basename(file)} exists`;
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') return `${file} cannot be looked at`;
  }
  try {
    accessSync(path.dirname(file), constants.R_OK | constants.X_OK);
    return undefined;
  } catch {
    return `${path.dirname(file)} cannot be looked into`;
  }
}
