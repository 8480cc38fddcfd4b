// Made by `npm run gen` from the files of this folder. Do not edit.
import type { ToolEntry } from '@bregma/core/mcp/listed-tools';

export const tools: ToolEntry[] = [
  { name: 'control_run', load: async () => (await import('./control-run.ts')).controlRun },
  { name: 'find_records', load: async () => (await import('./find-records.ts')).findRecords },
  { name: 'freeze_hypothesis', load: async () => (await import('./freeze-hypothesis.ts')).freezeHypothesis },
  { name: 'plan_experiment', load: async () => (await import('./plan-experiment.ts')).planExperiment },
  { name: 'record_hypothesis', load: async () => (await import('./record-hypothesis.ts')).recordHypothesis },
  { name: 'run_experiment', load: async () => (await import('./run-experiment.ts')).runExperiment },
  { name: 'test_hypothesis', load: async () => (await import('./test-hypothesis.ts')).testHypothesis },
  { name: 'trace_claim', load: async () => (await import('./trace-claim.ts')).traceClaim },
];
