import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import * as z from 'zod';
import { childEnvironment, type ServerPlaces } from '../servers.ts';

/** The parts of `report.json` that the editor speaks of. */
const Report = z.object({
  test: z.object({ verdict: z.string(), activity: z.string(), reasons: z.array(z.string()) }),
  hypothesis: z.object({ id: z.string() }),
});
export type LoopReport = z.infer<typeof Report>;

/** Runs `bregma start` over the folder with the editor's Node. A line of its own for each step; throws with its last words when it fails. */
export function runStart(
  places: ServerPlaces,
  options: { approval: 'person' | 'demonstration'; signal: AbortSignal; onLine(line: string): void },
): Promise<LoopReport> {
  const { approval, signal, onLine } = options;
  const args = [
    '--disable-warning=ExperimentalWarning',
    path.join(places.extension, 'servers/bregma.mjs'),
    'start',
    '--out',
    places.workspace,
    approval === 'person' ? '--await-approval' : '--yes',
  ];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      env: childEnvironment(places),
      cwd: places.workspace,
      stdio: ['ignore', 'ignore', 'pipe'],
      signal,
    });
    let rest = '';
    let last = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines.filter((one) => one.trim() !== '')) {
        last = line.trim();
        onLine(line);
      }
    });
    child.once('error', (error) => {
      if (!signal.aborted) reject(error);
    });
    child.once('close', (code) => {
      if (signal.aborted) reject(new BregmaError('cancelled', 'Cancelled. What was recorded so far stays.'));
      else if (code !== 0)
        reject(new BregmaError('failed', rest.trim() || last || `The loop ended with code ${code}.`));
      else resolve(readReport(places.workspace));
    });
  });
}

function readReport(folder: string): LoopReport {
  return Report.parse(JSON.parse(readFileSync(path.join(folder, 'report.json'), 'utf8')));
}
