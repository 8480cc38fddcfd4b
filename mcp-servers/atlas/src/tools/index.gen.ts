// Made by `npm run gen` from the files of this folder. Do not edit.
import type { ToolEntry } from '@bregma/core/mcp/listed-tools';

export const tools: ToolEntry[] = [
  { name: 'add_data', load: async () => (await import('./add-data.ts')).addData },
  { name: 'analyse_data', load: async () => (await import('./analyse-data.ts')).analyseData },
  { name: 'describe_data', load: async () => (await import('./describe-data.ts')).describeData },
  { name: 'draw_chart', load: async () => (await import('./draw-chart.ts')).drawChart },
  { name: 'find_data', load: async () => (await import('./find-data.ts')).findData },
  { name: 'get_run', load: async () => (await import('./get-run.ts')).getRun },
  { name: 'join_data', load: async () => (await import('./join-data.ts')).joinData },
  { name: 'locate_points', load: async () => (await import('./locate-points.ts')).locatePoints },
  { name: 'query_data', load: async () => (await import('./query-data.ts')).queryData },
  { name: 'trace_connections', load: async () => (await import('./trace-connections.ts')).traceConnections },
];
