// Made by `npm run gen` from the files of this folder. Do not edit.
import type { Tool } from '@bregma/core/mcp/tool';
import { controlRun } from './control-run.ts';
import { findRecords } from './find-records.ts';
import { freezeHypothesis } from './freeze-hypothesis.ts';
import { planExperiment } from './plan-experiment.ts';
import { recordHypothesis } from './record-hypothesis.ts';
import { runExperiment } from './run-experiment.ts';
import { testHypothesis } from './test-hypothesis.ts';
import { traceClaim } from './trace-claim.ts';

export const tools: Tool[] = [controlRun, findRecords, freezeHypothesis, planExperiment, recordHypothesis, runExperiment, testHypothesis, traceClaim];
