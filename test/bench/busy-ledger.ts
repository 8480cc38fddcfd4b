// What the extension host of a real editor costs while an agent writes 50 records a second into a folder of 20,000: the trees and
// a hypothesis card are open. Before that, what it costs when nothing is written.
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Ledger } from '@bregma/core/ledger/ledger';
import { openEditor } from '../e2e/editor.ts';
import { tourWorkspace } from '../e2e/tour-workspace.ts';
import { pick } from '../e2e/workbench.ts';
import { anyRecord } from '../fixtures/records.ts';

const seconds = 20;
const perSecond = 50;
const before = 20_000;

process.env.BREGMA_TEST_DIST ??= '1';
const folder = path.join(tmpdir(), `bregma-busy-${process.pid}`);
const activity = anyRecord('activity', 'query_data', { tool: 'query_data', status: 'ok' });

/** Ticks of the processor that the extension host, its threads included, has used. A tick is 10 ms (proc_pid_stat(5)). */
function usedTicks(pid: string): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

/** The extension host of an editor that was started with this folder of extensions. */
function extensionHosts(): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--type=extensionHost');
    } catch {
      return false;
    }
  });
}

const others = new Set(extensionHosts());
try {
  const { tested } = await tourWorkspace(folder);
  const writer = new Ledger(path.join(folder, '.bregma'));
  writer.append(Array.from({ length: before }, () => activity));
  const editor = await openEditor({ folder });
  try {
    await editor.page.locator('.activitybar [aria-label^="Bregma"]').first().click();
    await editor.command('Bregma: Open Hypothesis…');
    await pick(editor.page, tested, tested);
    await editor.frame('.bregma-hypothesis .numbers');
    const [host] = extensionHosts().filter((pid) => !others.has(pid));
    await sleep(5000);
    const share = async (work: () => Promise<unknown>) => {
      const [ticks, from] = [usedTicks(host), performance.now()];
      await work();
      return (((usedTicks(host) - ticks) * 10) / (performance.now() - from)) * 100;
    };
    const idle = await share(() => sleep(seconds * 1000));
    const busy = await share(async () => {
      for (let i = 0; i < seconds * perSecond; i++) {
        writer.append([activity]);
        await sleep(1000 / perSecond);
      }
    });
    console.log(
      `extension host over ${before.toLocaleString('en')} records: ${idle.toFixed(1)} % of one core when nothing is written, ${busy.toFixed(1)} % with ${perSecond} records a second`,
    );
  } finally {
    await editor.close();
    writer.close();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
