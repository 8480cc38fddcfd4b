// Made by `npm run gen` from the folders of views. Do not edit.
import type { ViewForm } from './kit/plot-form.ts';
import { image } from './image/from-columns.ts';
import { matrix } from './matrix/from-columns.ts';
import { points } from './points/from-columns.ts';
import { raster } from './raster/from-columns.ts';
import { tuning } from './tuning/from-columns.ts';
import { volume } from './volume/from-columns.ts';

export const forms = {
  image,
  matrix,
  points,
  raster,
  tuning,
  volume,
} satisfies Record<string, ViewForm>;
