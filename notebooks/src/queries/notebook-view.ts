import { BregmaError, unknownName } from '@bregma/core/errors';
import { findDataset } from '@bregma/core/ledger/catalogue';
import { nearest } from '@bregma/core/nearest';
import { openParquet } from '@bregma/readers/parquet';
import { forms as viewForms } from '@bregma/webviews/forms.gen';
import type { ImageModel } from '@bregma/webviews/image/model';
import type { Columns, Spec } from '@bregma/webviews/kit/plot-form';
import { offersOf } from '../dataset-pictures/offers.ts';
import { answerOf, captionOf } from '../draw/answer.ts';
import { chartRows } from '../draw/chart-rows.ts';
import type { Picture } from '../draw/draw.ts';
import { columnsOf, unknownColumn } from '../plot/columns.ts';
import { columnsIn, readSpec } from '../plot/form.ts';
import { isObject } from '../tools.ts';
import { atlasModel } from './atlas-model.ts';
import type { Records } from './records.ts';

/** Rows that are read, and images of a data set that a cell shows, at most. */
const most = { rows: 500_000, images: 120 };

/**
 * The picture of a plot cell with `view:`, over the answer of an activity or, without one, over the data set that it names. raw:
 * what the cell says. Throws what is wrong in it, with the nearest names.
 */
export async function notebookView(store: Records, raw: unknown, activity?: string): Promise<Picture> {
  const { form, spec } = readSpec(raw, viewForms);
  const view = String(spec.view);
  if (activity === undefined || !form.draw) return datasetView(store, spec);
  const record = store.ledger.find('activity', activity);
  if (record?.kind !== 'activity')
    throw new BregmaError('missing', `There is no record ${activity} in this workspace.`, {
      next: 'Run the cell that it draws.',
    });
  const answer = answerOf(record, store.objects);
  const columns = await readColumns(store, record.body.tool, answer.value, String(spec.data), columnsIn(form, spec));
  if (columns.length === 0) throw new BregmaError('bad-input', `'${spec.data}' has no rows: there is nothing to draw.`);
  const { completeness: _, ...caption } = captionOf(answer, String(spec.title ?? `${spec.data}: ${view}`));
  return { view, model: form.draw(columns, spec, caption) };
}

async function readColumns(
  { objects }: Records,
  tool: string,
  value: unknown,
  of: string,
  wanted: string[],
): Promise<Columns> {
  const kept = isObject(value) ? (tool === 'query_data' ? value.result : value.spikes) : undefined;
  if (!isObject(kept)) {
    const { rows, note } = await chartRows(tool, value, objects);
    return columnsOf([...new Set(rows.flatMap(Object.keys))], rows, of, note);
  }
  const { columns, available, read } = openParquet(objects.get(String(kept.object)));
  const names = columns.map(({ name }) => name);
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown !== undefined) throw unknownColumn(unknown, names, of);
  const end = Math.min(available, most.rows);
  const note = end < available ? `Drawn from the first ${end} of ${available} rows.` : undefined;
  return columnsOf(names, await read(0, end, wanted), of, note);
}

/** One of the pictures that the atlas explorer offers. */
async function datasetView(store: Records, { view, data, picture, title }: Spec): Promise<Picture> {
  const release = findDataset(store.ledger, String(data));
  const offers = offersOf(release).filter((offer) => offer.view === view && offer.what !== 'type-matrix');
  const names = offers.map(({ what }) => what);
  if (offers.length === 0)
    throw new BregmaError('bad-input', `${data} has nothing that view: ${view} draws.`, {
      next: 'The atlas explorer shows what a data set has; a sql cell reaches its tables.',
    });
  const offer = picture === undefined ? offers[0] : offers.find(({ what }) => what === picture);
  if (!offer) throw unknownName(`picture of ${data}`, String(picture), nearest(String(picture), names));
  const made = await atlasModel(store, String(data), offer.what);
  if (!('model' in made)) throw new BregmaError('failed', `${data} has to be summed first.`);
  // SAFETY: atlasModel makes the model of the view that the offer names, and every model is an object.
  const model = view === 'image' ? firstImages(made.model as ImageModel) : (made.model as object);
  return { view: offer.view, model: { ...model, ...(title !== undefined && { title }) } };
}

function firstImages(model: ImageModel): ImageModel {
  const available = model.completeness?.available ?? model.images.length;
  if (model.images.length <= most.images) return model;
  return {
    ...model,
    images: model.images.slice(0, most.images),
    completeness: { returned: most.images, available, of: 'images' },
    note: `The first ${most.images} of ${available}; the atlas explorer shows the others.`,
  };
}
