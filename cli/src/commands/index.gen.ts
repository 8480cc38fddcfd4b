// Made by `npm run gen` from the files of this folder. Do not edit.
import type { Command } from '../command.ts';
import { approve } from './approve.ts';
import { call } from './call.ts';
import { doctor } from './doctor.ts';
import { replay } from './replay.ts';
import { serve } from './serve.ts';
import { verify } from './verify.ts';

export const commands: Command[] = [approve, call, doctor, replay, serve, verify];
