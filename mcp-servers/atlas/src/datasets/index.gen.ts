// Made by `npm run gen` from the files of this folder. Do not edit.
import type { DatasetFamily } from './adapter.ts';
import { celegansCausal } from './celegans-causal.ts';
import { celegansExtrasynaptic } from './celegans-extrasynaptic.ts';
import { celegans } from './celegans.ts';
import { drosophilaFlyvis } from './drosophila-flyvis.ts';
import { drosophilaLarva } from './drosophila-larva.ts';
import { flywire } from './flywire.ts';
import { humanEnigma } from './human-enigma.ts';
import { humanReceptors } from './human-receptors.ts';
import { macaqueV4 } from './macaque-v4.ts';
import { mouseCcfv3 } from './mouse-ccfv3.ts';
import { mouseV1Antolik } from './mouse-v1-antolik.ts';
import { mouseWmbTaxonomy } from './mouse-wmb-taxonomy.ts';
import { zebrafishTectum } from './zebrafish-tectum.ts';

export const datasets: DatasetFamily[] = [celegansCausal, celegansExtrasynaptic, celegans, drosophilaFlyvis, drosophilaLarva, flywire, humanEnigma, humanReceptors, macaqueV4, mouseCcfv3, mouseV1Antolik, mouseWmbTaxonomy, zebrafishTectum];
