import { serveFromCommandLine } from '@bregma/core/mcp/main';
import { shippedSkills } from '@bregma/core/mcp/skills';
import { longName } from '@bregma/core/server-names';
import { tools } from './tools/index.gen.ts';

await serveFromCommandLine({
  name: longName('atlas'),
  title: 'Bregma atlas',
  instructions:
    'Brain data with provenance. find_data, then add_data, then query_data (SQL) or trace_connections. Ids are strings. Every answer has kind, n and an activity id; null means not measured.',
  tools,
  skills: () => shippedSkills('atlas'),
  pages: async () => (await import('./pages.ts')).pages,
  cards: { grade: async () => (await import('./grade/grade.ts')).gradeOf },
});
