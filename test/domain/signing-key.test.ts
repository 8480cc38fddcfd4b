import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { createKey, keyFromSecret, keyToSecret, loadKey, makeKey, writeKey } from '@bregma/core/approval/keys';
import { expect, test } from 'vitest';
import { temporaryWorkspace } from '../fixtures/client.ts';

test('a key comes back from a secret store as it was, its mark as a demonstration key included', () => {
  for (const demo of [false, true]) {
    const key = makeKey({ demo });
    expect(keyFromSecret(keyToSecret(key))).toMatchObject({ fingerprint: key.fingerprint, demo });
  }
  expect(() => keyFromSecret('no key')).toThrow('no Ed25519 key');
});

test('a key that the editor exports is the one that the command line loads, and the other way round', () => {
  const { folder, remove } = temporaryWorkspace();
  const file = path.join(folder, 'exported.pem');
  const key = keyFromSecret(keyToSecret(makeKey()));
  writeKey(file, key, 'correct horse battery');
  expect(loadKey(file, 'correct horse battery').fingerprint).toBe(key.fingerprint);
  expect(() => writeKey(file, key, 'correct horse battery')).toThrow('never overwritten');
  expect(() => loadKey(file, 'wrong horse battery')).toThrow('does not open');
  const none = path.join(folder, 'none.pem');
  writeFileSync(none, 'words');
  expect(() => loadKey(none, 'correct horse battery')).toThrow('is no private key');
  const made = createKey(path.join(folder, 'made.pem'), 'correct horse battery');
  expect(keyFromSecret(keyToSecret(loadKey(path.join(folder, 'made.pem'), 'correct horse battery'))).fingerprint).toBe(
    made.fingerprint,
  );
  remove();
});
