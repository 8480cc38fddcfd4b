// Made by `npm run gen` from the files of this folder. Do not edit.
import type { Command } from '../app.ts';
import { connectClaudeCode } from './connect-claude-code.ts';
import { connectCodex } from './connect-codex.ts';
import { disconnectClaudeCode } from './disconnect-claude-code.ts';
import { disconnectCodex } from './disconnect-codex.ts';
import { doctor } from './doctor.ts';
import { editHypothesis } from './edit-hypothesis.ts';
import { exportSigningKey } from './export-signing-key.ts';
import { freezeHypothesis } from './freeze-hypothesis.ts';
import { importSigningKey } from './import-signing-key.ts';
import { insertIntoNotebook } from './insert-into-notebook.ts';
import { newHypothesis } from './new-hypothesis.ts';
import { openBoard } from './open-board.ts';
import { openHypothesis } from './open-hypothesis.ts';
import { openPlan } from './open-plan.ts';
import { openReport } from './open-report.ts';
import { openWalkthrough } from './open-walkthrough.ts';
import { releaseKillSwitch } from './release-kill-switch.ts';
import { runFirstLoop } from './run-first-loop.ts';
import { showCard } from './show-card.ts';
import { showRecord } from './show-record.ts';
import { stopEverything } from './stop-everything.ts';
import { stopExperiment } from './stop-experiment.ts';
import { supersedeHypothesis } from './supersede-hypothesis.ts';

export const commands: Command[] = [connectClaudeCode, connectCodex, disconnectClaudeCode, disconnectCodex, doctor, editHypothesis, exportSigningKey, freezeHypothesis, importSigningKey, insertIntoNotebook, newHypothesis, openBoard, openHypothesis, openPlan, openReport, openWalkthrough, releaseKillSwitch, runFirstLoop, showCard, showRecord, stopEverything, stopExperiment, supersedeHypothesis];
