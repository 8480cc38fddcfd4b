import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { afterAll, expect, test } from 'vitest';
import { attribute } from '../../../mcp-servers/atlas/src/read/sheet/xml.ts';
import { Zip } from '../../../mcp-servers/atlas/src/read/sheet/zip.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'bregma-sheet-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A zip with one part, whose packed length its directory may overstate. */
function zipOf(part: Uint8Array, overstated = 0): string {
  const bytes = Buffer.from(zipSync({ 'xl/part.xml': part }));
  const directory = bytes.indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
  bytes.writeUInt32LE(bytes.readUInt32LE(directory + 20) + overstated, directory + 20);
  const file = path.join(folder, `${overstated}.zip`);
  writeFileSync(file, bytes);
  return file;
}

async function read(file: string): Promise<Buffer> {
  const zip = new Zip(file);
  try {
    const pieces: Buffer[] = [];
    for await (const piece of zip.bytes('xl/part.xml')) pieces.push(piece);
    return Buffer.concat(pieces);
  } finally {
    zip.close();
  }
}

test('a part of many megabytes is read whole, and no listeners pile up meanwhile', async () => {
  const part = strToU8(randomBytes(3_500_000).toString('base64'));
  const warned: Error[] = [];
  const hear = (warning: Error) => warned.push(warning);
  process.on('warning', hear);
  const found = await read(zipOf(part));
  process.off('warning', hear);
  expect(found.equals(part)).toBe(true);
  expect(warned).toEqual([]);
});

test('a part that is said to be longer than the file is refused', async () => {
  await expect(read(zipOf(strToU8(randomBytes(600_000).toString('hex')), 4_000_000))).rejects.toThrow(/ends early/);
});

test('an attribute is found behind others that hold its name, with blanks and either quotes', () => {
  expect(attribute('<c title=" r=\'B2\' " r="A1">', 'r')).toBe('A1');
  expect(attribute("<c\n\tr = 'A1' />", 'r')).toBe('A1');
  expect(attribute('<sheet name="a &amp; b" r:id="r1"/>', 'id')).toBe('r1');
  expect(attribute('<c hr="A1" s="2">', 'r')).toBeUndefined();
  expect(attribute('<c r="A1', 'r')).toBeUndefined();
  expect(attribute('<row>', 'r')).toBeUndefined();
});
