import { execFile } from 'node:child_process';
import path from 'node:path';
import { DoctorReport } from '@bregma/core/contracts/doctor';
import type { ServerPlaces } from '../servers.ts';
import { childEnvironment } from '../servers.ts';

/** What `bregma doctor` finds, run as the servers are: with the editor's Node, in a process of its own, so that no native module enters the editor. */
export function machineReport(places: ServerPlaces): Promise<DoctorReport> {
  const args = [
    '--disable-warning=ExperimentalWarning',
    path.join(places.extension, 'servers/bregma.mjs'),
    'doctor',
    '--json',
    '--workspace',
    places.workspace,
  ];
  return new Promise((resolve, reject) => {
    // Its exit code is 1 when something is missing: the report counts, not the code.
    execFile(process.execPath, args, { env: childEnvironment(places), timeout: 30_000 }, (error, stdout) => {
      try {
        resolve(DoctorReport.parse(JSON.parse(stdout)));
      } catch {
        reject(error ?? new Error(`bregma doctor printed no report: ${stdout.slice(0, 200)}`));
      }
    });
  });
}
