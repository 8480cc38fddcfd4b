import { plain } from '@bregma/core/contracts/plain-text';
import { unknownName } from '@bregma/core/errors';
import type { Offer } from '@bregma/notebooks/dataset-pictures/offers';
import * as vscode from 'vscode';
import type { AtlasEntry } from '../../store/queries/atlas-offers.ts';
import type { App } from '../app.ts';
import { mustBeTrusted, openFolder } from '../lab/guards.ts';
import { longWork } from '../long-work.ts';
import { viewIntents } from '../view-intents.ts';

/** Shows a picture of a data set of the workspace: chosen, or given by reference and name of the picture. */
export async function explore(app: App, given: unknown, picture: unknown): Promise<void> {
  const { store } = openFolder(app);
  const entries = await store.ask.atlasOffers();
  const entry = typeof given === 'string' ? named(entries, given) : await pickEntry(entries);
  if (!entry) return;
  const offer = entry.offers.find(({ what }) => what === picture) ?? (await pickOffer(entry));
  if (!offer) return;
  const title = `${offer.label} · ${entry.reference}`;
  const model = await longWork(`Opening ${plain(title, 100)}`, (signal) => load(app, entry, offer, signal));
  if (model)
    app.show({
      view: offer.view,
      key: `atlas ${entry.reference} ${offer.what}`,
      title,
      model,
      intents: viewIntents(app),
    });
}

function named(entries: AtlasEntry[], wanted: string): AtlasEntry {
  const found = entries.findLast(({ reference }) => reference === wanted || reference.split('@')[0] === wanted);
  if (found) return found;
  throw unknownName('data set', wanted, [], 'add_data brings it here.', 'in this folder');
}

async function pickEntry(entries: AtlasEntry[]): Promise<AtlasEntry | undefined> {
  if (entries.length === 0) {
    void vscode.window.showInformationMessage(
      'There is no data set in this folder yet. An agent adds one with add_data; a notebook does with a bregma cell.',
    );
    return undefined;
  }
  const items = entries.map((entry) => ({
    label: plain(entry.title, 100),
    description: plain(entry.reference, 100),
    detail: entry.species && plain(entry.species, 100),
    entry,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: 'Atlas Explorer: which data set?',
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return picked?.entry;
}

async function pickOffer({ offers, reference }: AtlasEntry): Promise<Offer | undefined> {
  const items = offers.map((offer) => ({
    label: plain(offer.label, 100),
    description: plain(offer.detail, 100),
    offer,
  }));
  return (
    await vscode.window.showQuickPick(items, { title: `What of ${plain(reference, 80)}?`, matchOnDescription: true })
  )?.offer;
}

/** Reads the store; what is too large for that is summed by the atlas server first. Undefined when it was cancelled. */
async function load(app: App, { reference }: AtlasEntry, { what }: Offer, signal: AbortSignal): Promise<unknown> {
  const { store } = openFolder(app);
  const first = await store.ask.atlasModel(reference, what);
  if (signal.aborted) return undefined;
  if ('model' in first) return first.model;
  mustBeTrusted('Summing a large connectome');
  const answer = await app.servers.call(
    'atlas',
    'query_data',
    { sql: first.sql, limit: 0, timeout_s: 300 },
    { signal },
  );
  // SAFETY: query_data answers with the object of its whole table as `result`.
  const { object } = (answer.value as { result: { object: string } }).result;
  const second = await store.ask.atlasModel(reference, what, { object, activity: answer.activity });
  return 'model' in second ? second.model : undefined;
}
