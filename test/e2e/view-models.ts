// Samples of views, at the sizes at which drawing is tested.
export { sample as chartModel } from '@bregma/webviews/chart/sample';
export { sample as imageModel } from '@bregma/webviews/image/sample';
export { sample as jsonModel } from '@bregma/webviews/json/sample';
export { sample as rasterModel } from '@bregma/webviews/raster/sample';
export { sample as ratesModel } from '@bregma/webviews/rates/sample';
export { sample as tuningModel } from '@bregma/webviews/tuning/sample';
export { sample as validityModel } from '@bregma/webviews/validity/sample';

import { sample as points } from '@bregma/webviews/points/sample';
import { sample as table } from '@bregma/webviews/table/sample';

export const pointsModel = (count = 100_000) => points(count);
export const tableModel = (rows = 100_000) => table(rows);
