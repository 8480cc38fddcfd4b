// Made by `npm run gen` from the files of this folder. Do not edit.
import type { Feature } from '../app.ts';
import { notebooks } from './notebooks.ts';
import { trust } from './trust.ts';

export const features: Feature[] = [notebooks, trust];
