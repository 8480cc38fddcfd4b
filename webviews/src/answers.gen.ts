// Made by `npm run gen` from the folders of views. Do not edit.
import type { FromAnswer } from './kit/answer.ts';
import type { Models } from './models.gen.ts';
import { card } from './card/from-answer.ts';
import { lineage } from './lineage/from-answer.ts';
import { matrix } from './matrix/from-answer.ts';
import { raster } from './raster/from-answer.ts';
import { rates } from './rates/from-answer.ts';
import { table } from './table/from-answer.ts';
import { validity } from './validity/from-answer.ts';

export const byView = {
  card,
  lineage,
  matrix,
  raster,
  rates,
  table,
  validity,
} satisfies { [Name in keyof Models]?: FromAnswer<Models[Name]> };

/** The same as a list. */
export const answers = Object.entries(byView).map(([view, from]): { view: string; from: FromAnswer<unknown> } => ({ view, from }));
