import type { Frame } from '@bregma/core/contracts/dataset';
import { isCifti, readCifti } from '../read/space/cifti.ts';
import { type NiftiHeader, niftiHeader, niftiHeaderBytes } from '../read/space/nifti-header.ts';
import { storeVolume, volumeOptions } from '../read/space/store-volume.ts';
import { storedBytes } from '../read/space/stored-bytes.ts';
import { checkLayout, fillVoxels } from '../read/space/voxels.ts';
import { tableName } from '../read/table-name.ts';
import type { FileFormat } from './format.ts';

/** NIfTI-1 and NIfTI-2 volumes, either byte order, with the scale that the header gives; the axes stay in the order of the file. */
export const nifti: FileFormat = {
  name: 'nifti',
  title: 'NIfTI volume',
  extensions: ['.nii', '.nii.gz'],
  options: volumeOptions,
  async read(file, options, kit) {
    const bytes = storedBytes(file, kit.signal);
    const header = niftiHeader(await bytes.head(niftiHeaderBytes), bytes.name);
    if (isCifti(header)) return readCifti(file, header, kit);
    const { element, bigEndian, sizes, components, scale, offset } = header;
    const layout = { element, bigEndian, sizes, components, scale };
    checkLayout(layout, Math.max(0, bytes.most - offset), bytes.name);
    const voxels = await fillVoxels(layout, bytes.from(offset), bytes.name);
    const { frame, warnings } = placeOf(header);
    const further = furtherAxes(header);
    const step = sizes[3] > 1 ? `; step along ${further[0]}: ${header.steps[3]} ${header.timeUnit}` : '';
    return storeVolume(
      {
        name: tableName(file),
        files: [file],
        voxels,
        frame,
        otherAxes: further,
        description: `${header.description || 'NIfTI volume'}${step}`,
        warnings: [
          ...warnings,
          ...(scale ? [`Its values are ${scale.slope} · stored + ${scale.inter}, as its header says.`] : []),
        ],
      },
      options,
      kit,
    );
  },
};

/** What the axes behind the third are called: the fourth is time where its unit is one; parts of a voxel come last. */
function furtherAxes({ sizes, timeUnit, componentAxis }: NiftiHeader): string[] {
  const fourth = /^(s|ms|us)$/.test(timeUnit) ? 'time' : timeUnit === 'not stated' ? 'volume' : 'frequency';
  const named = [fourth, 'component', 'axis5', 'axis6'].slice(0, sizes.length - 3);
  return componentAxis ? [...named, componentAxis] : named;
}

/** What a form's code says (nifti1.h, NIFTI_XFORM). */
const spaces: Record<number, { space: string; origin: string; midline?: number }> = {
  1: { space: 'scanner', origin: "the scanner's" },
  2: { space: 'aligned to another scan', origin: "that scan's" },
  3: { space: 'Talairach', origin: 'anterior commissure', midline: 0 },
  4: { space: 'MNI152', origin: 'anterior commissure', midline: 0 },
  5: { space: 'template', origin: "the template's" },
};

/** sform before qform, as nibabel and nifti1.h's METHOD 3; without either, the steps from the middle of the first voxel. */
function placeOf({ sform, qform, steps, spaceUnit }: NiftiHeader): { frame: Frame; warnings: string[] } {
  const warnings: string[] = [];
  const [form, by] = sform.code > 0 ? [sform, 'sform'] : [qform, 'qform'];
  const dims = [0, 1, 2];
  if (form.code > 0 && form.affine) {
    const said = spaces[form.code] ?? { space: `code ${form.code}`, origin: 'not stated' };
    if (sform.code > 0 && qform.code > 0 && qform.affine && differ(sform.affine, qform.affine))
      warnings.push('Its sform and qform put it in two places; the sform was taken.');
    const { affine, unit, note } = inMillimetres(form.affine, spaceUnit);
    warnings.push(...note);
    return { frame: { ...said, axes: 'RAS', unit, affine, dims }, warnings };
  }
  if (form.code > 0) warnings.push(`Its ${by} is no rotation: it was not used.`);
  const size = steps.slice(0, 3).map((step) => Math.abs(step) || 1);
  const plain = [0, 1, 2].map((row) => [0, 1, 2].map((axis) => (axis === row ? size[row] : 0)).concat(0));
  const { affine, unit, note } = inMillimetres(plain, spaceUnit);
  return {
    frame: { space: 'not stated', axes: '', unit, origin: 'the middle of the first voxel', affine, dims },
    warnings: [...warnings, ...note],
  };
}

/** nifti1.h names m, mm and µm; a file that names none is in mm by the habit of all programs that write it, which is said. */
function inMillimetres(affine: number[][], unit: NiftiHeader['spaceUnit']) {
  if (unit === 'm') return { affine: affine.map((row) => row.map((value) => value * 1000)), unit: 'mm', note: [] };
  if (unit !== 'not stated') return { affine, unit, note: [] };
  return { affine, unit: 'mm', note: ['The unit of its lengths is not stated; mm was taken. Option: lengths.'] };
}

const differ = (one: number[][], other: number[][]) =>
  one.some((row, i) => row.some((value, j) => Math.abs(value - other[i][j]) > 1e-3 * Math.max(1, Math.abs(value))));
