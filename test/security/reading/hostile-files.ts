import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { writeNpy } from '@bregma/core/npy';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Connection, connect } from '../../fixtures/client.ts';
import { image } from '../../fixtures/image.ts';
import { peakOf, pidOf } from '../../fixtures/processes.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'bregma-hostile-'));
const at = (name: string) => path.join(folder, name);
let atlas: Connection;
beforeAll(async () => {
  writeFileSync(at('good.csv'), 'a,b\n1,2\n');
  writeFileSync(at('one.npy'), writeNpy({ data: new Float64Array(2), shape: [2, 1] }));
  atlas = await connect('atlas', folder);
});
afterAll(async () => {
  await atlas.close();
  rmSync(folder, { recursive: true, force: true });
});

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}

/** A PNG that is what it says: grey, all black, a hundredth of a byte a pixel. */
function blackPng(width: number, height: number): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head[8] = 8;
  const rows = deflateSync(Buffer.alloc((width + 1) * height), { level: 9 });
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', rows), chunk('IEND', new Uint8Array())]);
}

/** A zip in whose list one file stands many times, each time under another name. */
function overlapping(times: number): Buffer {
  const zip = Buffer.from(zipSync({ '00000.png': image('png', 9) }));
  const end = zip.length - 22;
  const list = zip.readUInt32LE(end + 16);
  const entries = Array.from({ length: times }, (_, i) => {
    const entry = Buffer.from(zip.subarray(list, end));
    entry.write(String(i).padStart(5, '0'), 46, 'latin1');
    return entry;
  });
  const last = Buffer.from(zip.subarray(end));
  last.writeUInt16LE(times, 8);
  last.writeUInt16LE(times, 10);
  last.writeUInt32LE(
    entries.reduce((sum, { length }) => sum + length, 0),
    12,
  );
  return Buffer.concat([zip.subarray(0, list), ...entries, last]);
}

const images = (stimuli: string) => ({
  source: 'images',
  format: 'stimulus-response',
  options: { stimuli, responses: 'one.npy' },
});

test.each([
  [
    'a picture of 4,096 × 12,000 pixels in fifty kilobytes',
    () => {
      mkdirSync(at('tall'));
      writeFileSync(at('tall/a.png'), blackPng(4096, 12_000));
      return images('tall');
    },
    'too-large',
  ],
  [
    'a zip of 2,000 files that share their bytes',
    () => {
      writeFileSync(at('overlap.zip'), overlapping(2000));
      return images('overlap.zip');
    },
    'corrupt',
  ],
  [
    'a zip with a picture of 100 MB of zeros',
    () => {
      writeFileSync(at('zeros.zip'), zipSync({ 'a.png': new Uint8Array(1e8) }, { level: 1 }));
      return images('zeros.zip');
    },
    'too-large',
  ],
  [
    'a link to a device without end, as an array',
    () => {
      symlinkSync('/dev/zero', at('zero.npy'));
      return { source: 'zero.npy' };
    },
    'not-allowed',
  ],
  [
    'a link to a device without end, as pictures',
    () => {
      symlinkSync('/dev/zero', at('zeros'));
      return images('zeros');
    },
    'not-allowed',
  ],
  [
    'an array of ninety million rows without a value',
    () => {
      const shape = Buffer.from(writeNpy({ data: new Float64Array(0), shape: [10_000_000, 0] }));
      shape.write('90', shape.indexOf('10000000'), 'latin1');
      writeFileSync(at('rows.npy'), shape);
      return { source: 'rows.npy' };
    },
    'corrupt',
  ],
  ['the input of the server', () => ({ source: '/proc/self/fd/0', format: 'csv' }), 'not-allowed'],
])('%s is refused in a gigabyte, and the next call is answered', async (_, make, code) => {
  const call = atlas.fail('add_data', make());
  const peak = await peakOf(pidOf(atlas), call);
  expect((await call).code).toBe(code);
  expect(peak).toBeLessThan(1e9);
  expect((await atlas.call('add_data', { source: 'good.csv' })).value.tables[0].rows).toBe(1);
});
