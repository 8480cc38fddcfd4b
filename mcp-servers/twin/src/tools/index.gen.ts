// Made by `npm run gen` from the files of this folder. Do not edit.
import type { Tool } from '@bregma/core/mcp/tool';
import { buildTwin } from './build-twin.ts';
import { designExperiment } from './design-experiment.ts';
import { findTwins } from './find-twins.ts';
import { getRun } from './get-run.ts';
import { runTwin } from './run-twin.ts';
import { scoreTwin } from './score-twin.ts';
import { validateTwin } from './validate-twin.ts';
import { valueDecision } from './value-decision.ts';

export const tools: Tool[] = [buildTwin, designExperiment, findTwins, getRun, runTwin, scoreTwin, validateTwin, valueDecision];
