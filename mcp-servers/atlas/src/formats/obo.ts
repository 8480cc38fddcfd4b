import path from 'node:path';
import { parseObo } from '../read/ontology/obo-text.ts';
import { storeOntology } from '../read/ontology/store-ontology.ts';
import { readRegular } from '../read/regular-file.ts';
import type { FileFormat } from './format.ts';

/** Uberon with all that it imports has 0.1 GB. */
const largestObo = 400e6;

/** Terms of an ontology in the text of the OBO library. */
export const obo: FileFormat = {
  name: 'obo',
  title: 'Ontology (OBO)',
  extensions: ['.obo'],
  options: [],
  async read(file, _, kit) {
    const name = path.basename(file);
    return storeOntology(parseObo(readRegular(file, largestObo).toString('utf8'), name), name, kit);
  },
};
