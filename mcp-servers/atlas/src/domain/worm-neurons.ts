/** A neuron of the hermaphrodite worm: its one name, its class, and where of the class it lies. */
export interface WormNeuron {
  name: string;
  neuronClass: string;
  /** left or right, where the class has both; null for one of the middle. */
  side: 'left' | 'right' | null;
  /** Its mirror image, or null. */
  partner: string | null;
}

const numbers = (count: number) => Array.from({ length: count }, (_, i) => String(i + 1));

/** The 118 classes of White et al. 1986 (Phil Trans R Soc B 314:1) with the ends that make their members' names. */
const families: { classes: string; ends: string[] }[] = [
  {
    classes:
      'ADA ADE ADF ADL AFD AIA AIB AIM AIN AIY AIZ ALM ALN ASE ASG ASH ASI ASJ ASK AUA AVA AVB AVD AVE AVF AVH AVJ' +
      ' AVK AWA AWB AWC BAG BDU CAN FLP HSN I1 I2 LUA M2 M3 MC NSM OLL PDE PHA PHB PHC PLM PLN PVC PVD PVN PVP PVQ PVW' +
      ' RIA RIB RIC RIF RIG RIM RIP RIV RMF RMG RMH SDQ URB URX',
    ends: ['L', 'R'],
  },
  {
    classes: 'ALA AQR AVG AVL AVM DVA DVB DVC I3 I4 I5 I6 M1 M4 M5 MI PDA PDB PQR PVM PVR PVT RID RIH RIR RIS',
    ends: [''],
  },
  { classes: 'AS VB', ends: numbers(11) },
  { classes: 'CEP OLQ SAA SIA SIB SMB SMD URA URY', ends: ['DL', 'DR', 'VL', 'VR'] },
  { classes: 'DA', ends: numbers(9) },
  { classes: 'DB', ends: numbers(7) },
  { classes: 'DD VC', ends: numbers(6) },
  { classes: 'IL1 IL2 RMD', ends: ['DL', 'DR', 'L', 'R', 'VL', 'VR'] },
  { classes: 'RME', ends: ['D', 'L', 'R', 'V'] },
  { classes: 'SAB', ends: ['D', 'VL', 'VR'] },
  { classes: 'VA', ends: numbers(12) },
  { classes: 'VD', ends: numbers(13) },
];

const neurons: WormNeuron[] = families.flatMap(({ classes, ends }) =>
  classes.split(' ').flatMap((neuronClass) =>
    ends.map((end) => {
      const mirrored = end.replace(/[LR]$/, (letter) => (letter === 'L' ? 'R' : 'L'));
      const isPaired = mirrored !== end && ends.includes(mirrored);
      return {
        name: neuronClass + end,
        neuronClass,
        side: isPaired ? (end.endsWith('L') ? 'left' : 'right') : null,
        partner: isPaired ? neuronClass + mirrored : null,
      };
    }),
  ),
);

/** The 302 neurons by name. */
export const wormNeurons: ReadonlyMap<string, WormNeuron> = new Map(neurons.map((neuron) => [neuron.name, neuron]));

/** The 118 classes. */
export const wormClasses: readonly string[] = [...new Set(neurons.map(({ neuronClass }) => neuronClass))];

/** The one name of a neuron, however a source writes it: without the zero of "DB01", without blanks, in capitals where that makes it one. */
export function wormName(written: string): string {
  const plain = written.trim().replace(/^(AS|DA|DB|DD|VA|VB|VC|VD)0(?=[0-9]$)/i, '$1');
  return wormNeurons.has(plain.toUpperCase()) ? plain.toUpperCase() : plain;
}

/** What a connectome of the hermaphrodite covers: see `domain` of a data set. */
export const wormDomain = {
  what: 'neurons of the hermaphrodite',
  size: 302,
  source: 'White et al. 1986',
  sql: "SELECT count(DISTINCT name) FROM this.neurons WHERE cell_type = 'neuron'",
};
