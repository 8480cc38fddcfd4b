import type { Still } from '../kit/still.ts';
import type { DrawingModel } from './model.ts';

/** The drawing is still already. */
export const still = ({ light, dark, alt }: DrawingModel): Still => ({ parts: [{ is: 'drawing', light, dark, alt }] });
