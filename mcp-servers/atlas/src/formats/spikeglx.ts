import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import { Collect } from '../read/container/collect.ts';
import { type Container, type ContainerNode, Tree } from '../read/container/container.ts';
import { openRegular, readRegular } from '../read/regular-file.ts';
import type { FileFormat } from './format.ts';

/** Most bytes of a file of metadata. */
const largestMeta = 2e7;

/** What SpikeGLX writes beside a recording of Neuropixels: its settings and channels, and the samples where the .bin lies there. */
export const spikeglx: FileFormat = {
  name: 'spikeglx',
  title: 'Neuropixels metadata (SpikeGLX)',
  extensions: ['.meta'],
  options: ['leave_out'],
  async read(file, options, kit) {
    const name = path.basename(file);
    const said = settingsOf(readRegular(file, largestMeta).toString('utf8'), name);
    const channels = Number(said.nSavedChans);
    const rateHz = Number(said.imSampRate ?? said.niSampRate ?? said.obSampRate);
    if (!Number.isSafeInteger(channels) || channels < 1 || !(rateHz > 0))
      throw new BregmaError(
        'bad-input',
        `${name} states no nSavedChans and sample rate: it is no metadata of SpikeGLX.`,
        {
          next: 'Give the .meta file that SpikeGLX wrote.',
        },
      );
    const binary = kit.resolve(file.replace(/\.meta$/, '.bin'));
    const samples = existsSync(binary) ? binary : undefined;
    const container = openSamples(samples, channels);
    try {
      const collect = new Collect(new Tree(container), kit, options);
      for (const [key, value] of Object.entries(said)) collect.fact(name, key, value);
      await collectChannels(collect, said['~snsChanMap']);
      const node = collect.tree.array('/samples');
      if (!node) collect.warnings.push(`${path.basename(binary)} does not lie beside it: there are no samples.`);
      else if (said.fileSizeBytes !== undefined && Number(said.fileSizeBytes) !== container.bytes)
        throw new BregmaError(
          'corrupt',
          `${path.basename(binary)} has ${container.bytes} bytes, its metadata say ${said.fileSizeBytes}.`,
          { next: 'Copy the recording again; nothing was added.' },
        );
      else if (!collect.isLeftOut('/samples'))
        await collect.array(node, 'samples', {
          axes: ['time', 'channel'],
          unit: 'raw',
          description: `Samples as stored, at ${rateHz} Hz; volts follow from imAiRangeMax, imMaxInt and the gains in about.`,
        });
      const files = samples === undefined ? [file] : [file, samples];
      return {
        shape: 'tables',
        ...(await collect.finish()),
        card: { modality: 'electrophysiology (SpikeGLX)' },
        files,
      };
    } finally {
      container.close();
    }
  },
};

function settingsOf(text: string, name: string): Record<string, string> {
  const lines = text.split(/\r?\n/).filter((line) => line !== '');
  const strange = lines.findIndex((line) => !/^~?\w+=/.test(line));
  if (strange >= 0 || lines.length === 0)
    throw new BregmaError(
      'bad-input',
      `${name} has no name=value in line ${Math.max(0, strange) + 1}: it is no metadata of SpikeGLX.`,
      {
        next: 'Give the .meta file that SpikeGLX wrote.',
      },
    );
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

/** The channels that were saved, from a header and one `(name;channel:order)` each (SpikeGLX, "Metadata", snsChanMap). */
async function collectChannels(collect: Collect, map: string | undefined): Promise<void> {
  const rows = [...(map ?? '').matchAll(/\(([^;()]+);(\d+):(\d+)\)/g)];
  if (rows.length === 0) return;
  await collect.table({
    name: 'channels',
    description: 'Channels in the order of the samples: name, number, place in the order of display.',
    rows: rows.length,
    step: rows.length,
    columns: [
      { name: 'channel', type: 'INTEGER' },
      { name: 'name', type: 'VARCHAR' },
      { name: 'number', type: 'INTEGER' },
      { name: 'display_order', type: 'INTEGER' },
    ],
    batch: async () => [
      Int32Array.from(rows, (_, i) => i),
      rows.map(([, name]) => name),
      Int32Array.from(rows, ([, , number]) => Number(number)),
      Int32Array.from(rows, ([, , , order]) => Number(order)),
    ],
  });
}

/** The samples, 16 bits each, little-endian, channel by channel, as a tree of one array. */
function openSamples(file: string | undefined, channels: number): Container {
  const root: ContainerNode = { path: '/', kind: 'group', attributes: {} };
  if (file === undefined)
    return { nodes: [root], bytes: 0, read: () => Promise.reject(new Error('There are no samples.')), close() {} };
  const { size } = statSync(file);
  const rows = Math.floor(size / (2 * channels));
  const opened = openRegular(file, Number.POSITIVE_INFINITY);
  return {
    nodes: [
      root,
      {
        path: '/samples',
        kind: 'array',
        attributes: {},
        shape: [rows, channels],
        type: { kind: 'scalar', scalar: 'i2' },
      },
    ],
    bytes: size,
    async read(_path, start = 0, count = rows) {
      const bytes = new Uint8Array(Math.min(count, rows - start) * channels * 2);
      bytes.set(opened.read(start * channels * 2, bytes.length));
      return { kind: 'numbers', scalar: 'i2', data: new Int16Array(bytes.buffer) };
    },
    close: () => opened.close(),
  };
}
