// Made by `npm run gen` from the files of this folder. Do not edit.
import type { Command } from '../app.ts';
import { connectClaudeCode } from './connect-claude-code.ts';
import { connectCodex } from './connect-codex.ts';
import { disconnectClaudeCode } from './disconnect-claude-code.ts';
import { disconnectCodex } from './disconnect-codex.ts';
import { doctor } from './doctor.ts';
import { openReport } from './open-report.ts';
import { openWalkthrough } from './open-walkthrough.ts';
import { runFirstLoop } from './run-first-loop.ts';
import { showRecord } from './show-record.ts';

export const commands: Command[] = [connectClaudeCode, connectCodex, disconnectClaudeCode, disconnectCodex, doctor, openReport, openWalkthrough, runFirstLoop, showRecord];
