import * as z from 'zod/mini';
import { Caption } from '../kit/caption.ts';

/** Any JSON value. */
export const JsonModel = z.extend(Caption, { value: z.unknown() });
export type JsonModel = z.infer<typeof JsonModel>;
