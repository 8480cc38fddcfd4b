// Made by `npm run gen` from the files of this folder. Do not edit.
import type { Benchmark } from './benchmark.ts';
import { circuitAnonymous } from './circuit-anonymous.ts';
import { circuitNamed } from './circuit-named.ts';
import { larvaControl } from './larva-control.ts';
import { mouseV1 } from './mouse-v1.ts';
import { v4ChosenImages } from './v4-chosen-images.ts';
import { v4InDomain } from './v4-in-domain.ts';
import { v4OtherAnimal } from './v4-other-animal.ts';
import { wormCausal } from './worm-causal.ts';

export const benchmarks: Benchmark[] = [circuitAnonymous, circuitNamed, larvaControl, mouseV1, v4ChosenImages, v4InDomain, v4OtherAnimal, wormCausal];
