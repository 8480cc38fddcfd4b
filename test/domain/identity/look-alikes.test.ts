import { lookAlikes } from '@bregma/core/identity/look-alikes';
import { writeNpy } from '@bregma/core/npy';
import { makeRandom } from '@bregma/core/statistics/random';
import { describe, expect, test } from 'vitest';

const [side, count] = [24, 40];
const random = makeRandom('pictures');
const objects = new Map<string, Uint8Array>();
const store = { objects: { get: (name: string) => objects.get(name) } };
type Picture = (y: number, x: number) => number;

/** Keeps pictures as an object, each pixel of three channels between 0 and 255. */
function kept(pictures: readonly Picture[]): string {
  const data = Uint8Array.from({ length: pictures.length * side * side * 3 }, (_, i) => {
    const [picture, at] = [Math.floor(i / (3 * side * side)), Math.floor(i / 3) % (side * side)];
    return Math.max(0, Math.min(255, pictures[picture](Math.floor(at / side), at % side)));
  });
  const name = `pictures ${objects.size}`;
  objects.set(name, writeNpy({ data, shape: [pictures.length, side, side, 3] }));
  return name;
}

// SAFETY: of a workspace, nothing but objects is read.
const places = (from: string, to: string) => lookAlikes(from, to, store as unknown as Parameters<typeof lookAlikes>[2]);

/** Light and dark places of several sizes on grey, as photographs have them. */
function scene(): Picture {
  const blobs = Array.from({ length: 7 }, () => ({
    y: side * random.uniform(),
    x: side * random.uniform(),
    size: 1.5 + 5 * random.uniform(),
    light: 90 * random.normal(),
  }));
  return (y, x) =>
    blobs.reduce((sum, b) => sum + b.light * Math.exp(-((y - b.y) ** 2 + (x - b.x) ** 2) / (2 * b.size ** 2)), 128);
}

const grating =
  (angle: number, phase: number, period: number): Picture =>
  (y, x) =>
    128 + 100 * Math.sin((2 * Math.PI * (y * Math.sin(angle) + x * Math.cos(angle))) / period + phase);

const last = side - 1;
const scenes = Array.from({ length: count }, scene);
const own = Array.from({ length: count }, (_, i) => i);

describe('pictures that were shown are known again', () => {
  test.each<[string, (of: Picture) => Picture]>([
    ['a pixel to the left', (of) => (y, x) => of(y, x + 1)],
    ['two pixels down', (of) => (y, x) => of(y - 2, x)],
    ['half a pixel aside', (of) => (y, x) => of(y + 0.5, x + 0.5)],
    [
      'cut by a pixel and drawn as large as before',
      (of) => (y, x) => of(1 + (y * (last - 2)) / last, 1 + (x * (last - 2)) / last),
    ],
    ['mirrored', (of) => (y, x) => of(y, last - x)],
    ['upside down', (of) => (y, x) => of(last - y, last - x)],
    ['with columns as rows', (of) => (y, x) => of(x, y)],
    ['with noise', (of) => (y, x) => of(y, x) + 10 * random.normal()],
    ['in few grey levels', (of) => (y, x) => 32 * Math.round(of(y, x) / 32)],
    ['of less contrast', (of) => (y, x) => 128 + 0.4 * (of(y, x) - 128)],
  ])('%s', (_, change) => {
    const found = places(kept(scenes), kept([...scenes.map(change), scene()])) ?? [];
    const right = own.filter((i) => found[i] === i).length;
    expect({
      most: right > 0.7 * count,
      wrong: own.filter((i) => found[i] >= 0 && found[i] !== i),
      other: found[count],
    }).toEqual({ most: true, wrong: [], other: -1 });
  });
});

describe('pictures that were not shown are none of them', () => {
  const none = (from: Picture[], to: Picture[]) =>
    expect([...(places(kept(from), kept(to)) ?? [])].filter((at) => at >= 0)).toEqual([]);

  test('other scenes', () => {
    for (let k = 0; k < 5; k++) none(scenes, Array.from({ length: count }, scene));
  });
  test('gratings half a step of phase or of angle beside those of a set', () => {
    const set = (aside: number, turn: number) =>
      own.map((i) => grating(((i % 8) * Math.PI) / 8 + turn, (Math.floor(i / 8) * 2 * Math.PI) / 5 + aside, 9));
    none(set(0, 0), set(Math.PI / 5, 0));
    none(set(0, 0), set(0, Math.PI / 16));
  });
  test('the next frames of a film that drifts', () => {
    const film = (from: number) =>
      own.map(
        (i): Picture =>
          (y, x) =>
            scenes[0](y, x + 0.4 * (i + from) - 8),
      );
    none(film(0), film(count));
  });
  test('single pictures of which one looks like one that was shown, moved', () => {
    none(scenes, [(y, x) => scenes[3](y, x + 1), ...Array.from({ length: 9 }, scene)]);
  });
});
