import { serveFromCommandLine } from '@bregma/core/mcp/main';
import { shippedSkills } from '@bregma/core/mcp/skills';
import { longName } from '@bregma/core/server-names';
import { tools } from './tools/index.gen.ts';

await serveFromCommandLine({
  name: longName('lab'),
  title: 'Bregma lab',
  instructions:
    'Hypotheses and experiments. Record, freeze, then test: a test spends error budget before numbers are shown. run_experiment needs a plan that a person approved with bregma approve; no tool can approve.',
  tools,
  skills: () => shippedSkills('lab'),
  pages: async () => (await import('./pages.ts')).pages,
});
