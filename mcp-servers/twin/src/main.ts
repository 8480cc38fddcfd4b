import { serveFromCommandLine } from '@bregma/core/mcp/main';
import { shippedSkills } from '@bregma/core/mcp/skills';
import { longName } from '@bregma/core/server-names';
import { tools } from './tools/index.gen.ts';

await serveFromCommandLine({
  name: longName('twin'),
  title: 'Bregma twin',
  instructions:
    'Digital twins of neural data. Judge a twin by validate_twin on data it was not fitted on, beside its noise ceiling and its control, before you believe run_twin. Long jobs return a run_id for get_run.',
  tools,
  skills: () => shippedSkills('twin'),
  pages: async () => (await import('./pages.ts')).pages,
});
