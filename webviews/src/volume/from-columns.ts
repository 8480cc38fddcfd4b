import type { ViewForm } from '../kit/plot-form.ts';

/** A volume is drawn of a data set alone. */
export const volume: ViewForm = {
  says: 'slices through a brain atlas, with the names of its regions',
  members: {},
  example: 'view: volume\ndata: mouse-ccfv3-50um@2017',
};
