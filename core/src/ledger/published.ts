import path from 'node:path';
import type { PageManifest, Publication } from '../contracts/published-page.ts';
import { ObjectStore } from '../objects/objects.ts';
import { recordLook } from './look.ts';
import { whereWritable } from './shown.ts';

/** What a page shows, before it is on record. */
export type PageShown = Omit<PageManifest, 'cells'> & { cells: Omit<PageManifest['cells'][number], 'record'>[] };

/**
 * Puts on record that a notebook is published as a page: what it shows by digest, and the results that it shows. Undefined in a store
 * that cannot be written. bregma: the store's folder; client: who publishes.
 */
export function publishPage(bregma: string, client: string, shown: PageShown): Promise<Publication | undefined> {
  const startedAt = new Date();
  return whereWritable(bregma, async (ledger) => {
    const cells = shown.cells.map((cell) => ({
      ...cell,
      record: cell.activity && ledger.byId(cell.activity)?.hash,
    }));
    const manifest = JSON.stringify({ ...shown, cells } satisfies PageManifest);
    const inputs = [...new Set(cells.flatMap(({ activity, record }) => (activity && record ? [activity] : [])))];
    const given = { notebook: shown.notebook, as: 'html' };
    const look = { server: 'bregma', client, startedAt, given, inputs, shown: manifest };
    const objects = new ObjectStore(path.join(bregma, 'objects'));
    return { manifest, activity: await recordLook('export', look, { ledger, objects }) };
  });
}
