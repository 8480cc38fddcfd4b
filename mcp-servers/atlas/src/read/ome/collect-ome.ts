import type { DataCard, Frame } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import type { Collect } from '../container/collect.ts';
import { below, type ContainerNode, nameOf, type Tree } from '../container/container.ts';
import { collectPlain } from '../container/plain.ts';
import { spansSpace } from '../space/frames.ts';
import { type OmeImage, omeImageOf } from './multiscales.ts';

/** Images of OME-Zarr: groups that list one image in several resolutions (NGFF 0.1 to 0.5, "multiscales"). */
export const omeImages = (tree: Tree): { group: ContainerNode; image: OmeImage }[] =>
  tree.container.nodes.flatMap((group) => {
    const image = group.kind === 'group' ? omeImageOf(group) : undefined;
    return image ? [{ group, image }] : [];
  });

/**
 * Stores one resolution of every image, with the place of its voxels where it has three axes of space. Throws `bad-input` for a level
 * that no image has.
 */
export async function collectOme(
  collect: Collect,
  images: { group: ContainerNode; image: OmeImage }[],
  root: string,
  level: number,
) {
  const taken = new Set<string>();
  const spaces = new Set<string>();
  let isVolume = false;
  for (const { group, image } of images) {
    for (const { path } of image.levels) taken.add(below(group.path, path));
    if (collect.isLeftOut(group.path)) continue;
    const chosen = image.levels[level];
    if (!chosen)
      throw new BregmaError(
        'bad-input',
        `${group.path} has ${image.levels.length} levels, options.level is ${level}.`,
        {
          next: `Choose one from 0, the finest, to ${image.levels.length - 1}.`,
        },
      );
    const node = collect.tree.array(below(group.path, chosen.path));
    if (!node) {
      collect.warnings.push(`${group.path} names ${chosen.path}, which is no array in it: it was left out.`);
      continue;
    }
    const { frame, warnings } = frameOf(image, chosen, node);
    const name = group.path === '/' ? root : nameOf(group.path);
    const description = `${image.name ?? name}, level ${level} of ${image.levels.length}; steps: ${image.axes
      .map((axis, i) => `${axis.name} ${chosen.scale[i] ?? 1} ${axis.unit ?? ''}`.trim())
      .join(', ')}`;
    const stored = await collect.array(node, name, { axes: image.axes.map((axis) => axis.name), description, frame });
    if (stored === undefined) continue;
    collect.warnings.push(...warnings.map((one) => `${stored}: ${one}`));
    if (frame) {
      isVolume = true;
      spaces.add(frame.unit);
    }
    if (image.levels.length > 1)
      collect.warnings.push(
        `${stored} is level ${level} of ${image.levels.length}; the others were left out. Option: level.`,
      );
  }
  await collectPlain(collect, taken, root);
  const card: Partial<DataCard> = { modality: isVolume ? 'volume' : 'image (OME-Zarr)' };
  return { shape: isVolume ? ('volume' as const) : ('tables' as const), card };
}

/** Where the middle of each voxel lies: scale · index + translation (NGFF 0.4, "coordinateTransformations"). */
function frameOf(
  { axes }: OmeImage,
  { scale, translation }: OmeImage['levels'][number],
  { shape }: ContainerNode,
): { frame?: Frame; warnings: string[] } {
  const dims = axes.flatMap(({ isSpace }, i) => (isSpace ? [i] : []));
  if (shape?.length !== axes.length) return { warnings: [`it has ${shape?.length} axes, ${axes.length} are named.`] };
  if (dims.length !== 3) return { warnings: [] };
  const units = new Set(dims.map((axis) => axes[axis].unit));
  const [unit] = units;
  const { name, factor } = lengths[units.size === 1 ? (unit ?? '') : ''] ?? { name: 'not stated', factor: 1 };
  const affine = dims.map((axis, row) => [
    ...dims.map((_, column) => (row === column ? (scale[axis] ?? 1) * factor : 0)),
    (translation[axis] ?? 0) * factor,
  ]);
  if (!spansSpace(affine))
    return { warnings: ['its scale puts all voxels into one plane: no places can be asked for.'] };
  const letters = dims.map((axis) => axes[axis].growsTo ?? '').join('');
  return {
    frame: {
      space: 'not stated',
      axes: /^[RLAPSI]{3}$/.test(letters) ? letters : '',
      unit: name,
      origin: 'that of its coordinates',
      affine,
      dims,
    },
    warnings: name === 'not stated' ? ['the unit of its lengths is not stated.'] : [],
  };
}

/** Units of UDUNITS-2 that NGFF allows, in those of frames. */
const lengths: Record<string, { name: string; factor: number }> = {
  angstrom: { name: 'um', factor: 1e-4 },
  nanometer: { name: 'um', factor: 1e-3 },
  micrometer: { name: 'um', factor: 1 },
  millimeter: { name: 'mm', factor: 1 },
  centimeter: { name: 'mm', factor: 10 },
  meter: { name: 'mm', factor: 1000 },
};
