import * as z from 'zod/mini';
import { Caption } from '../kit/caption.ts';

/** A finished drawing, once for a light and once for a dark ground. It is shown as an image: nothing in it can run or load. */
export const DrawingModel = z.extend(Caption, {
  /** What a screen reader says. */
  alt: z.string(),
  /** Texts of SVG files. */
  light: z.string(),
  dark: z.string(),
});
export type DrawingModel = z.infer<typeof DrawingModel>;
