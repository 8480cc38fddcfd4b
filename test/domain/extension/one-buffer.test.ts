import { expect, test } from 'vitest';
import { inOneBuffer } from '../../../extension/src/host/one-buffer.ts';

/** Images as the view of stimuli gets them, each with bytes of its own and of an odd length. */
const images = (count: number) => ({
  title: 'stimuli',
  images: Array.from({ length: count }, (_, i) => ({ label: `image ${i}`, bytes: Uint8Array.of(i & 255, i >> 8, 7) })),
});

test('a model of many arrays travels in one buffer, with every byte, each array where any type may start', () => {
  const model = images(640);
  const sent = inOneBuffer(model) as typeof model;
  expect(sent).toEqual(model);
  expect(new Set(sent.images.map(({ bytes }) => bytes.buffer)).size).toBe(1);
  expect(sent.images.every(({ bytes }) => bytes.byteOffset % 8 === 0)).toBe(true);
});

test('a model of few arrays is not copied', () => {
  const model = images(3);
  expect(inOneBuffer(model)).toBe(model);
});
