import path from 'node:path';
import type { DataArray, Table } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import { writeNpy } from '@bregma/core/npy';
import { readRegular } from '../read/regular-file.ts';
import { giftiValues } from '../read/space/gifti-data.ts';
import { checkTriangles } from '../read/space/surfaces.ts';
import { childrenOf, textIn, type XmlNode, xmlTree } from '../read/space/xml-tree.ts';
import type { FileFormat, FormatKit } from './format.ts';

/** Bytes of a GIFTI file that are read: it is text in memory. */
const largestGifti = 250e6;

/** GIFTI surfaces, labels and maps (nitrc.org/projects/gifti): an array for each DataArray, named for its intent. */
export const gifti: FileFormat = {
  name: 'gifti',
  title: 'GIFTI surface data',
  extensions: ['.gii'],
  options: [],
  async read(file, _options, kit) {
    const name = path.basename(file);
    const root = xmlTree(readRegular(file, largestGifti).toString('utf8'), name);
    if (root.name !== 'GIFTI')
      throw new BregmaError('bad-input', `${name} is XML of '${root.name.slice(0, 40)}', and no GIFTI.`, {
        next: 'Check the file; .gii files of GIFTI 1.0 are read.',
      });
    const arrays: DataArray[] = [];
    const files = [file];
    const warnings: string[] = [];
    const read: { intent: string; data: ArrayLike<number | bigint>; shape: number[] }[] = [];
    for (const node of childrenOf(root, 'DataArray')) {
      const intent = (node.attribute('Intent') ?? '').replace(/^NIFTI_INTENT_/, '').toLowerCase() || 'none';
      const values = await giftiValues(node, file, kit);
      // SAFETY: numbers or bigints, read one by one.
      read.push({ intent, data: values.data as unknown as ArrayLike<number | bigint>, shape: values.shape });
      if (values.file) files.push(values.file);
      const used = arrays.filter((array) => array.name === intent || array.name.startsWith(`${intent}_`)).length;
      arrays.push({
        name: used === 0 ? intent : `${intent}_${used + 1}`,
        description: describe(node, intent),
        object: kit.objects.put(writeNpy(values), 'application/x-npy').object,
        dtype: values.dtype,
        shape: values.shape,
        axes: axesOf(intent, values.shape.length),
        unit: intent === 'pointset' ? 'mm' : undefined,
      });
    }
    if (arrays.length === 0)
      throw new BregmaError('bad-input', `${name} holds no data.`, {
        next: 'Write it again with at least one DataArray.',
      });
    const [points, corners] = ['pointset', 'triangle'].map((intent) => read.find((one) => one.intent === intent));
    if (points && corners) checkTriangles(corners.data, points.shape[0], name);
    return {
      shape: 'tables',
      tables: await labelTable(root, kit),
      arrays,
      warnings,
      files,
      card: { modality: 'surface of the brain (GIFTI)' },
    };
  },
};

const axesOf = (intent: string, length: number): string[] => {
  const first = intent === 'triangle' ? 'triangle' : 'vertex';
  const second = { pointset: 'xyz', triangle: 'corner' }[intent] ?? 'component';
  return [first, second, 'axis2', 'axis3', 'axis4', 'axis5'].slice(0, length);
};

/** The space of a point set, and what its metadata call the array. */
function describe(node: XmlNode, intent: string): string {
  const pairs = childrenOf(childrenOf(node, 'MetaData')[0], 'MD').map((one) => [
    textIn(one, 'Name'),
    textIn(one, 'Value'),
  ]);
  const name = pairs.find(([key]) => key === 'Name')?.[1];
  const space = textIn(childrenOf(node, 'CoordinateSystemTransformMatrix')[0], 'DataSpace')?.replace(
    /^NIFTI_XFORM_/,
    '',
  );
  const place = intent === 'pointset' ? `space ${space ?? 'not stated'}, axes RAS` : undefined;
  const structure = pairs.find(([key]) => key === 'AnatomicalStructurePrimary')?.[1];
  return [name, structure, place].filter(Boolean).join('; ') || `GIFTI ${intent}`;
}

async function labelTable(root: XmlNode, kit: FormatKit): Promise<Table[]> {
  const labels = childrenOf(childrenOf(root, 'LabelTable')[0], 'Label');
  if (labels.length === 0) return [];
  const colour = (name: string) => Float64Array.from(labels, (label) => Number(label.attribute(name) ?? Number.NaN));
  await kit.duck.make('labels', {
    key: labels.map((label) => label.attribute('Key') ?? label.attribute('Index') ?? ''),
    name: labels.map((label) => label.text.trim()),
    red: colour('Red'),
    green: colour('Green'),
    blue: colour('Blue'),
    alpha: colour('Alpha'),
  });
  return [
    await kit.duck.table('SELECT * FROM labels', {
      name: 'labels',
      description: 'What each value of a label array is',
    }),
  ];
}
