import { writeNpy } from '@bregma/core/npy';
import { literal } from '@bregma/readers/sql-text';
import { networkContract } from '../read/network/contract.ts';
import { readModel } from '../read/network/model.ts';
import type { FileFormat, FormatKit } from './format.ts';

/** A network of a person's own whose layers describe images: what it wants to be shown is said, and looked at before it is kept. */
export const onnx: FileFormat = {
  name: 'onnx',
  title: 'ONNX network for images',
  extensions: ['.onnx'],
  options: ['size', 'channels', 'range', 'mean', 'scale', 'layers'],
  async read(file, options, kit) {
    const model = await readModel(file, kit);
    const contract = networkContract(options, model);
    const { bytes } = model;
    return {
      shape: 'tables',
      tables: [
        await kit.duck.table(
          `SELECT * FROM (VALUES ${contract.channels
            .map(
              ({ name, mean, scale }, i) =>
                `(${i}, ${literal(name)}, ${mean}::DOUBLE, ${scale}::DOUBLE, ${contract.side})`,
            )
            .join(', ')}) AS t("index", channel, mean, scale, side) ORDER BY "index"`,
          {
            name: 'input',
            description: `The input ${contract.input}: (grey level − mean) / scale of images of side × side pixels`,
            columns: {
              mean: { unit: 'grey levels, 0–255' },
              scale: { unit: 'grey levels, 0–255' },
              side: { unit: 'pixels' },
            },
          },
        ),
        await layersTable(contract.input, contract.layers, kit),
      ],
      arrays: [
        {
          name: 'network',
          description: 'The network as one ONNX file, byte by byte',
          object: kit.objects.put(writeNpy({ data: bytes, shape: [bytes.length] }), 'application/x-npy').object,
          dtype: 'u1',
          shape: [bytes.length],
          axes: ['byte'],
        },
      ],
      warnings: model.notes,
      files: model.files,
      card: { kind: 'derived' },
    };
  },
};

const layersTable = (input: string, layers: string[], { duck }: FormatKit) =>
  duck.table(
    `SELECT * FROM (VALUES ${layers.map((name, i) => `(${i}, ${literal(name)}, ${literal(input)})`).join(', ')}) AS t("index", layer, input) ORDER BY "index"`,
    {
      name: 'layers',
      description: 'Values of the network that describe an image, from the image inwards',
      columns: {},
    },
  );
