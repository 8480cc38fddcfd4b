import { tmpdir } from 'node:os';
import { inSlices } from '@bregma/core/in-slices';
import { ObjectStore } from '@bregma/core/objects/objects';
import { Duck } from '@bregma/readers/duck';
import { expect, test } from 'vitest';

const objects = new ObjectStore(tmpdir());
test('work in slices stops within one when it is cancelled', async () => {
  const controller = new AbortController();
  let slices = 0;
  function* work() {
    for (;;) {
      slices++;
      for (const from = performance.now(); performance.now() - from < 20; );
      if (slices === 3) controller.abort();
      yield 0;
    }
  }
  await expect(inSlices(work(), controller.signal)).rejects.toMatchObject({ code: 'cancelled' });
  expect(slices).toBe(3);
});

test('tables that are being opened are given up when the call is cancelled', async () => {
  const controller = new AbortController();
  const opening = Duck.open({ objects, signal: controller.signal });
  controller.abort();
  await expect(opening).rejects.toMatchObject({ code: 'cancelled' });
  const tables = await Duck.open({ objects, signal: new AbortController().signal });
  expect(await tables.rows('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  tables.close();
});
