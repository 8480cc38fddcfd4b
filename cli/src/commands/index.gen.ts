// Made by `npm run gen` from the files of this folder. Do not edit.
import type { Command } from '../command.ts';
import { agree } from './agree.ts';
import { allow } from './allow.ts';
import { approve } from './approve.ts';
import { benchmark } from './benchmark.ts';
import { call } from './call.ts';
import { doctor } from './doctor.ts';
import { exportCrate } from './export-crate.ts';
import { merge } from './merge.ts';
import { replay } from './replay.ts';
import { run } from './run.ts';
import { scorer } from './scorer.ts';
import { serve } from './serve.ts';
import { start } from './start.ts';
import { trace } from './trace.ts';
import { trust } from './trust.ts';
import { verify } from './verify.ts';
import { witness } from './witness.ts';

export const commands: Command[] = [agree, allow, approve, benchmark, call, doctor, exportCrate, merge, replay, run, scorer, serve, start, trace, trust, verify, witness];
