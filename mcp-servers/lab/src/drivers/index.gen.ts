// Made by `npm run gen` from the files of this folder. Do not edit.
import type { LabDriver } from './driver.ts';
import { rehearsal } from './rehearsal.ts';
import { replayRig } from './replay-rig.ts';

export const drivers: LabDriver[] = [rehearsal, replayRig];
