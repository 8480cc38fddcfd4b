import type { Still } from '../kit/still.ts';
import type { ChartModel } from './model.ts';

/** The chart as views and figures draw it. */
export const still = (model: ChartModel): Still => ({ parts: [{ is: 'plot', model }] });
