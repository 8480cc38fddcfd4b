// Made by `npm run gen` from the files of this folder. Do not edit.
import type { ToolEntry } from '@bregma/core/mcp/listed-tools';

export const tools: ToolEntry[] = [
  { name: 'build_twin', load: async () => (await import('./build-twin.ts')).buildTwin },
  { name: 'design_experiment', load: async () => (await import('./design-experiment.ts')).designExperiment },
  { name: 'find_twins', load: async () => (await import('./find-twins.ts')).findTwins },
  { name: 'get_run', load: async () => (await import('./get-run.ts')).getRun },
  { name: 'run_twin', load: async () => (await import('./run-twin.ts')).runTwin },
  { name: 'score_twin', load: async () => (await import('./score-twin.ts')).scoreTwin },
  { name: 'validate_twin', load: async () => (await import('./validate-twin.ts')).validateTwin },
  { name: 'value_decision', load: async () => (await import('./value-decision.ts')).valueDecision },
];
