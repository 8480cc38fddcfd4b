import { packed } from '../kit/pack.ts';
import { sampleCaption } from '../kit/sample-caption.ts';
import type { VolumeModel } from './model.ts';

/** A ball within a ball. */
export function sample(): VolumeModel {
  const side = 24;
  const labels = Uint8Array.from({ length: side ** 3 }, (_, at) => {
    const place = [Math.floor(at / side ** 2), Math.floor(at / side) % side, at % side];
    const distance = Math.hypot(...place.map((one) => one - side / 2));
    return distance < 5 ? 2 : distance < 10 ? 1 : 0;
  });
  return {
    ...sampleCaption('A small brain', { n: { count: 2, of: 'regions' } }),
    space: 'a space of its own',
    voxelUm: [100, 100, 100],
    labels: packed(labels, [side, side, side]),
    regions: [
      { id: '1', acronym: 'OUT', name: 'Outer region', colour: '70ff71', parent: null },
      { id: '2', acronym: 'IN', name: 'Inner region', colour: 'ff7080', parent: '1' },
    ],
  };
}
