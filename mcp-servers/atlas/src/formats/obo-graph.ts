import path from 'node:path';
import { parseOboGraph } from '../read/ontology/obo-graph.ts';
import { storeOntology } from '../read/ontology/store-ontology.ts';
import { readRegular } from '../read/regular-file.ts';
import type { FileFormat } from './format.ts';

/** JSON is parsed as one text, of which the engine holds half a gigabyte. */
const largestGraph = 400e6;

/** Terms of an ontology as OBO graphs in JSON; other JSON is refused with the step to take. */
export const oboGraph: FileFormat = {
  name: 'obo-graph',
  title: 'Ontology (OBO graphs, JSON)',
  extensions: ['.json'],
  options: [],
  async read(file, _, kit) {
    const name = path.basename(file);
    return storeOntology(parseOboGraph(readRegular(file, largestGraph).toString('utf8'), name), name, kit);
  },
};
