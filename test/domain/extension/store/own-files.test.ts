import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DatasetRelease } from '@bregma/core/contracts/dataset';
import { ownFiles } from '@bregma/notebooks/own-files';
import { afterAll, describe, expect, test } from 'vitest';

const folder = mkdtempSync(path.join(tmpdir(), 'bregma-own-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const text = 'k,v\na,1\n';
const origin = "the user's own file (csv)";
function releaseOf(name: string, from = origin): DatasetRelease {
  const sha256 = createHash('sha256').update(text).digest('hex');
  // SAFETY: of a release only its name and files are looked at here.
  return { id: 'my', release: '1', files: [{ name, bytes: text.length, sha256, origin: from }] } as DatasetRelease;
}
const changed = (name: string) => ownFiles(folder, releaseOf(name), Date.now()).map((one) => one.changed);

describe('a file of one’s own', () => {
  test('is as it was while its bytes are, whatever its time says', () => {
    writeFileSync(path.join(folder, 'same.csv'), text);
    expect(changed('same.csv')).toEqual([undefined]);
    utimesSync(path.join(folder, 'same.csv'), new Date(), new Date(Date.now() + 60_000));
    expect(changed('same.csv')).toEqual([undefined]);
  });

  test('was changed when it has other bytes, also as many as before', () => {
    writeFileSync(path.join(folder, 'other.csv'), text.replace('1', '2'));
    expect(changed('other.csv')).toEqual(['other.csv was changed after it was read.']);
  });

  test('that is gone is said to be', () => {
    expect(changed('gone.csv')).toEqual(['gone.csv cannot be read any more.']);
  });

  test('is not what was fetched from elsewhere', () => {
    expect(ownFiles(folder, releaseOf('gone.csv', 'https://example.org/gone.csv'), 0)).toEqual([]);
  });
});
