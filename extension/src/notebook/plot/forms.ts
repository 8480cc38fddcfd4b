import { image } from '@bregma/webviews/image/from-columns';
import type { ViewForm } from '@bregma/webviews/kit/plot-form';
import { matrix } from '@bregma/webviews/matrix/from-columns';
import { points } from '@bregma/webviews/points/from-columns';
import { raster } from '@bregma/webviews/raster/from-columns';
import { tuning } from '@bregma/webviews/tuning/from-columns';

const volume: ViewForm = {
  says: 'slices through a brain atlas, with the names of its regions',
  members: {},
  example: 'view: volume\ndata: mouse-ccfv3-50um@2017',
};

/** The views that a plot cell can name. */
export const viewForms: Record<string, ViewForm> = { tuning, raster, points, matrix, image, volume };
