// Made by `npm run gen` from the folders of views. Do not edit.
import type { Still } from './kit/still.ts';
import type { Models } from './models.gen.ts';
import { still as chart } from './chart/still.ts';
import { still as claim } from './claim/still.ts';
import { still as drawing } from './drawing/still.ts';
import { still as image } from './image/still.ts';
import { still as matrix } from './matrix/still.ts';
import { still as points } from './points/still.ts';
import { still as raster } from './raster/still.ts';
import { still as rates } from './rates/still.ts';
import { still as table } from './table/still.ts';
import { still as tuning } from './tuning/still.ts';
import { still as validity } from './validity/still.ts';
import { still as volume } from './volume/still.ts';

export const stills = {
  chart,
  claim,
  drawing,
  image,
  matrix,
  points,
  raster,
  rates,
  table,
  tuning,
  validity,
  volume,
} satisfies { [Name in keyof Models]?: (model: Models[Name]) => Still };
