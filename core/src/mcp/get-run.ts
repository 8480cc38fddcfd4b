import * as z from 'zod';
import { defineTool } from './tool.ts';

/** Progress and answer of a long job; the same tool in every server that hands out run ids. */
export const getRun = defineTool({
  name: 'get_run',
  question: 'How far is a long job, and what did it answer?',
  input: z.object({
    run_id: z.string().describe('From the tool that started it'),
    wait_s: z.number().min(0).max(30).default(20).describe('Wait this long for the end'),
    cancel: z.boolean().default(false),
  }),
  output: z.looseObject({ run_id: z.string(), state: z.string() }),
  effect: 'read',
  handOver: false,
  digits: 'all',
  async run({ run_id, wait_s, cancel }, context) {
    if (cancel) context.runs.cancel(run_id);
    await context.runs.wait(run_id, wait_s * 1000, context.signal);
    const status = context.runs.status(run_id);
    return { value: { ...status }, kind: 'derived', inputs: status.activity ? [status.activity] : [] };
  },
});
