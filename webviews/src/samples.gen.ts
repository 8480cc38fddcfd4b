// Made by `npm run gen` from the folders of views. Do not edit.
import type { Models } from './models.gen.ts';
import { sample as activity } from './activity/sample.ts';
import { sample as approval } from './approval/sample.ts';
import { sample as board } from './board/sample.ts';
import { sample as card } from './card/sample.ts';
import { sample as chart } from './chart/sample.ts';
import { sample as claim } from './claim/sample.ts';
import { sample as comparison } from './comparison/sample.ts';
import { sample as doctor } from './doctor/sample.ts';
import { sample as draft } from './draft/sample.ts';
import { sample as drawing } from './drawing/sample.ts';
import { sample as hypothesis } from './hypothesis/sample.ts';
import { sample as image } from './image/sample.ts';
import { sample as json } from './json/sample.ts';
import { sample as lineage } from './lineage/sample.ts';
import { sample as matrix } from './matrix/sample.ts';
import { sample as points } from './points/sample.ts';
import { sample as raster } from './raster/sample.ts';
import { sample as rates } from './rates/sample.ts';
import { sample as skeletons } from './skeletons/sample.ts';
import { sample as table } from './table/sample.ts';
import { sample as tuning } from './tuning/sample.ts';
import { sample as validity } from './validity/sample.ts';
import { sample as volume } from './volume/sample.ts';

export const samples = {
  activity,
  approval,
  board,
  card,
  chart,
  claim,
  comparison,
  doctor,
  draft,
  drawing,
  hypothesis,
  image,
  json,
  lineage,
  matrix,
  points,
  raster,
  rates,
  skeletons,
  table,
  tuning,
  validity,
  volume,
} satisfies { [Name in keyof Models]: () => Models[Name] };
