import type { ViewForm } from './form.ts';
import { image } from './image.ts';
import { matrix } from './matrix.ts';
import { points } from './points.ts';
import { raster } from './raster.ts';
import { tuning } from './tuning.ts';

const volume: ViewForm = {
  says: 'slices through a brain atlas, with the names of its regions',
  members: {},
  example: 'view: volume\ndata: mouse-ccfv3-50um@2017',
};

/** The views that a plot cell can name. */
export const viewForms: Record<string, ViewForm> = { tuning, raster, points, matrix, image, volume };
