// Made by `npm run gen` from the files of this folder. Do not edit.
import type { TestKind } from './test-kind.ts';
import { compareTwins } from './compare-twins.ts';
import { twinAccuracy } from './twin-accuracy.ts';

export const testKinds: TestKind[] = [compareTwins, twinAccuracy];
