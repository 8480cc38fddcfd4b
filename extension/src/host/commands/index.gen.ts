// Made by `npm run gen` from the files of this folder. Do not edit.
import type { Command } from '../app.ts';
import { compare } from './compare.ts';
import { connectClaudeCode } from './connect-claude-code.ts';
import { connectCodex } from './connect-codex.ts';
import { disconnectClaudeCode } from './disconnect-claude-code.ts';
import { disconnectCodex } from './disconnect-codex.ts';
import { doctor } from './doctor.ts';
import { editHypothesis } from './edit-hypothesis.ts';
import { exportCrate } from './export-crate.ts';
import { exportSigningKey } from './export-signing-key.ts';
import { freezeHypothesis } from './freeze-hypothesis.ts';
import { importSigningKey } from './import-signing-key.ts';
import { newHypothesis } from './new-hypothesis.ts';
import { openBoard } from './open-board.ts';
import { openHypothesis } from './open-hypothesis.ts';
import { openPlan } from './open-plan.ts';
import { openProvenance } from './open-provenance.ts';
import { releaseKillSwitch } from './release-kill-switch.ts';
import { replay } from './replay.ts';
import { showLineage } from './show-lineage.ts';
import { showRecord } from './show-record.ts';
import { stopEverything } from './stop-everything.ts';
import { stopExperiment } from './stop-experiment.ts';
import { supersedeHypothesis } from './supersede-hypothesis.ts';
import { verify } from './verify.ts';

export const commands: Command[] = [compare, connectClaudeCode, connectCodex, disconnectClaudeCode, disconnectCodex, doctor, editHypothesis, exportCrate, exportSigningKey, freezeHypothesis, importSigningKey, newHypothesis, openBoard, openHypothesis, openPlan, openProvenance, releaseKillSwitch, replay, showLineage, showRecord, stopEverything, stopExperiment, supersedeHypothesis, verify];
